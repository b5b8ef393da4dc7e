"""Country groups of an own list: from when a country is in them, and that rules see them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from policies import pack
from policies.engine import facts, read
from policies.engine.policy import Policy
from policies.engine.screen import screen

RULE = {
    "id": "OWN-WATCH",
    "title": "A destination that the authority watches",
    "scope": "shipment",
    "effect": "review",
    "reason": "PARTY_POSSIBLE_MATCH",
    "legal_basis": "own instruction",
    "principles": ["P05"],
    "clauses": ['shipment.ends.exists(c, "OWN_WATCH" in c.groups)'],
    "examples": {"fires": [], "not": [{"destination": "BR"}]},
    "note": "the group is a list of its own",
}


def policy(*memberships: Mapping[str, Any]) -> Policy:
    editions = {
        **pack.editions(),
        "destinations/own_groups": read.Edition("country_groups", memberships),
        "rules/own": read.Edition("rules", [RULE]),
    }
    return read.build(editions, hash="test")


def fired(judged: Policy, *, destination: str = "BR", on: str | None = "2026-01-15") -> bool:
    payload = {
        "direction": "export",
        "origin": "LV",
        "destination": destination,
        "shipment_date": on,
        "parties": [],
        "lines": [],
        "declarations": {},
    }
    return any(item.rule == "OWN-WATCH" for item in screen(facts.read(payload), judged).findings)


def test_a_rule_reads_the_group_of_a_country_and_of_no_other() -> None:
    judged = policy({"group": "OWN_WATCH", "country": "BR"})
    assert fired(judged)
    assert not fired(judged, destination="CL")


@pytest.mark.parametrize(
    ("day", "member"),
    [("2026-01-09", False), ("2026-01-10", True), ("2026-01-20", True), ("2026-01-21", False), (None, True)],
)
def test_a_membership_counts_on_its_days_and_on_an_unknown_day(day: str | None, member: bool) -> None:
    judged = policy(
        {"group": "OWN_WATCH", "country": "BR", "valid_from": "2026-01-10", "valid_to": "2026-01-20"},
        {"group": "OTHER", "country": "BR", "valid_from": "", "valid_to": ""},
    )
    assert fired(judged, on=day) is member


def test_a_country_that_no_destination_has_is_refused_by_name() -> None:
    with pytest.raises(read.PolicyError, match=r"destinations/own_groups, OWN_WATCH: the country 'XX' is none of"):
        policy({"group": "OWN_WATCH", "country": "XX"})


def test_a_rule_may_judge_by_programme_and_kind_of_a_hit() -> None:
    clause = 'party.hits.exists(h, h.programme.contains("Military End User") && h.kind == "organisation")'
    rule = {**RULE, "scope": "party", "clauses": [clause]}
    entry = {"id": "1", "name": "Zvezdny Ordnance Works", "effect": "foreign_listing", "kind": "organisation"}
    editions = {**pack.editions(), "rules/own": read.Edition("rules", [rule])}
    plain = read.build(editions, hash="test")
    payload = {
        "direction": "export",
        "origin": "LV",
        "destination": "BR",
        "parties": [{"role": "consignee", "name": "Zvezdny Ordnance Works", "country": "BR"}],
        "lines": [],
        "declarations": {},
    }
    for programme, expected in (("Military End User (MEU) List; X", True), ("Unverified List (UVL)", False)):
        listed = read.listed("parties/us_csl", {**entry, "programme": programme})
        found = screen(facts.read(payload), replace(plain, parties=(listed,))).findings
        assert any(item.rule == "OWN-WATCH" for item in found) is expected
