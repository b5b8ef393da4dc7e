"""Imported files through the engine: what a shipment meets on them, and what follows."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from policies import pack
from policies.engine import read
from policies.engine.examples import shipment_of
from policies.engine.outcome import Finding
from policies.engine.policy import Policy
from policies.engine.screen import screen
from policies.importers import Report, importers
from tests.policies.files import sample

FILES = {"eu": "eu.xml", "uk_xml": "uk.xml", "ofac_sdn_xml": "sdn.xml", "ofac_sdn_advanced": "sdn_advanced.xml"}
ASIDE = {"NOT_LISTED"}


@cache
def policy(source: str) -> Policy:
    """The shipped rules with the sample file of a source as the only party lists."""
    editions = dict(pack.editions())
    for importer in importers(source):
        rows = list(importer.parse([sample(FILES[source])], Report()))
        editions[importer.list_id] = read.Edition(importer.kind, rows)
    return read.build(editions, hash=source)


def met(source: str, **party: Any) -> Iterator[Finding]:
    """Findings about a consignee, on goods that need no licence."""
    consignee = {"country": "BR", **party}
    shipment = shipment_of({"consignee": consignee, "line": {"hs_code": "940330", "description": "office desks"}})
    return (
        found
        for found in screen(shipment, policy(source)).findings
        if found.subject.startswith("party") and found.reason not in ASIDE
    )


def reasons(source: str, **party: Any) -> list[tuple[str, str]]:
    return [(found.reason, found.effect) for found in met(source, **party)]


@pytest.mark.parametrize("number", ["9074729", "IMO 9074729", "IMO No. 9074729"])
@pytest.mark.parametrize("source", FILES)
def test_an_imo_number_finds_a_vessel_whatever_it_calls_itself(source: str, number: str) -> None:
    expected = ("PARTY_LISTED_ASSET_FREEZE", "prohibited") if source == "eu" else ("PARTY_POSSIBLE_MATCH", "review")
    assert expected in reasons(source, name="MV Horizon", country="PA", identifiers={"imo": number})
    assert reasons(source, name="MV Horizon", country="PA", identifiers={"imo": "9074730"}) == []


@pytest.mark.parametrize("source", ["eu", "uk_xml", "ofac_sdn_advanced"])
def test_a_name_in_its_own_script_is_found(source: str) -> None:
    (found,) = met(source, name="Звездный оружейный завод", country="RU")
    assert found.evidence["hits"][0]["match"] == "equal"
    assert found.effect == ("prohibited" if source == "eu" else "review")


def test_an_aircraft_is_found_by_the_name_it_is_listed_under() -> None:
    assert reasons("ofac_sdn_xml", name="RA-00001", country="RU") == [("PARTY_POSSIBLE_MATCH", "review")]


def test_a_registration_number_within_a_text_is_found() -> None:
    found = reasons("uk_xml", name="Quite Another Name", country="RU", identifiers={"registration": "1027700000001"})
    assert found == [("PARTY_POSSIBLE_MATCH", "review")]


def test_a_weak_alias_is_never_more_than_a_reason_to_look() -> None:
    assert reasons("eu", name="ZOW", country="RU") == [("PARTY_POSSIBLE_MATCH", "review")]


@pytest.mark.parametrize(
    ("source", "name", "share"),
    [
        ("uk_xml", "Zvezdny Trade House LLC", "Zvezdny Trade House LLC 75 %"),
        ("uk_xml", "Polyarny Instrument Plant", "Polyarny Instrument Plant (share not stated)"),
        ("ofac_sdn_advanced", "Baltic Example", "BALTIC EXAMPLE (share not stated)"),
    ],
)
def test_an_owned_party_is_shown_with_its_owner_and_the_share_that_is_stated(
    source: str, name: str, share: str
) -> None:
    (found,) = met(source, name=name)
    assert found.effect == "review"
    assert f"ZVEZDNY ORDNANCE WORKS → {share}" in str(found.evidence["hits"])


@pytest.mark.parametrize("source", FILES)
def test_others_are_left_alone(source: str) -> None:
    assert reasons(source, name="Harmless Bakery", identifiers={"registration": "40003000001"}) == []
