"""Facts keep everything that was declared, come back from storage as they were, and have one digest."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.engine import facts
from policies.engine.examples import shipment_of
from policies.engine.policy import Policy
from policies.engine.screen import screen

LICENCE = facts.Licence(
    "LV-1",
    "Baltic Precision SIA",
    "Consignee Ltd",
    "BR",
    "3A233",
    10,
    "pcs",
    1000,
    0,
    0,
    date(2025, 1, 1),
    date(2025, 12, 31),
)


def body(**fields: Any) -> dict[str, Any]:
    party = {"role": "consignee", "name": "C", "identifiers": {"vat": "1"}, "owners": [{"name": "O", "percent": 10}]}
    line = {"number": 1, "description": "pump", "attributes": {"range_km": 3, "colour": "red", "new": True}}
    declared = {"exporter_aware": ["wmd"], "no_processing_in_destination": False}
    plain = {"direction": "export", "parties": [party], "lines": [line], "declarations": declared}
    return {**plain, "shipment_date": "2025-12-01", **fields}


def test_facts_come_back_from_storage_as_they_were() -> None:
    given_facts = facts.read(body(), licences=[LICENCE], stale_lists=["parties/un"], received_on=date(2025, 11, 30))
    assert facts.restore(facts.as_dict(given_facts)) == given_facts


def test_the_digest_changes_with_each_fact() -> None:
    digests = {
        facts.digest(facts.read(body())),
        facts.digest(facts.read(body(direction="import"))),
        facts.digest(facts.read(body(), licences=[LICENCE])),
        facts.digest(facts.read(body(), stale_lists=["parties/un"])),
        facts.digest(facts.read(body(shipment_date="2025-12-02"))),
    }
    assert len(digests) == 5


def test_a_shipment_without_a_date_is_judged_on_the_day_it_was_received() -> None:
    assert facts.read(body(shipment_date=None), received_on=date(2025, 11, 30)).judged_on == date(2025, 11, 30)


def test_the_same_facts_and_policy_give_the_same_findings(shipped: Policy) -> None:
    shipment = shipment_of({"destination": "RU", "line": {"control_code": "2B352.e"}})
    again = facts.restore(facts.as_dict(shipment))
    assert screen(shipment, shipped) == screen(again, shipped)


texts = st.text(max_size=60)


@given(name=texts, description=texts, end_use=texts, address=texts, hs=st.from_regex(r"[0-9]{4,10}", fullmatch=True))
def test_no_text_crashes_the_engine(
    shipped: Policy, name: str, description: str, end_use: str, address: str, hs: str
) -> None:
    patch = {
        "line": {"description": description, "hs_code": hs},
        "consignee": {"name": name, "address": address},
        "end_use": end_use,
        "listed": [{"id": "X", "name": name or "x", "effect": "asset_freeze"}],
    }
    assert screen(shipment_of(patch), shipped).outcome in ("clear", "review", "licence_required", "prohibited")
