"""The strongest effect wins; a cover lifts the licence requirements of its own line and nothing else."""

import pytest

from policies.engine.examples import shipment_of
from policies.engine.outcome import Finding, outcome, with_covers
from policies.engine.policy import Policy
from policies.engine.screen import screen


def finding(effect: str, subject: str = "line 1") -> Finding:
    return Finding(reason="R", effect=effect, subject=subject, title="", rule=f"RULE-{effect}")


@pytest.mark.parametrize(
    ("effects", "result"),
    [
        ([], "clear"),
        (["clear"], "clear"),
        (["clear", "review"], "review"),
        (["licence_required", "review"], "licence_required"),
        (["prohibited", "licence_required", "cover"], "prohibited"),
        (["licence_required", "cover"], "clear"),
        (["licence_required", "licence_required", "cover"], "clear"),
        (["review", "licence_required", "cover"], "review"),
    ],
)
def test_the_strongest_effect_that_no_cover_lifts_wins(effects: list[str], result: str) -> None:
    assert outcome(with_covers(finding(effect) for effect in effects)) == result


def test_a_cover_lifts_nothing_of_another_line() -> None:
    assert (
        outcome(with_covers([finding("licence_required", "line 1"), finding("cover", "line 2")])) == "licence_required"
    )


def test_a_covered_requirement_names_the_rule_that_covers_it() -> None:
    first, _ = with_covers([finding("licence_required"), finding("cover")])
    assert first.covered_by == "RULE-cover"


def test_one_listed_line_is_not_hidden_by_its_neighbours(shipped: Policy) -> None:
    lines = [{"description": "office furniture"}, {"control_code": "7A003"}, {"description": "spare belts"}]
    result = screen(shipment_of({"lines": lines}), shipped)
    assert result.outcome == "licence_required"
    assert [item.subject for item in result.findings if item.reason == "LISTED_ANNEX_I"] == ["line 2"]


def test_a_general_authorisation_covers_one_line_and_leaves_the_other(shipped: Policy) -> None:
    lines = [{"control_code": "5A002.a.1"}, {"control_code": "ML13.d"}]
    patch = {"destination": "US", "lines": lines, "declarations": {"general_authorisations": ["EU001"]}}
    result = screen(shipment_of(patch), shipped)
    assert result.outcome == "licence_required"
    assert {item.subject: item.covered_by for item in result.findings if item.effect == "licence_required"} == {
        "line 1": "GA-EU001",
        "line 2": "",
    }


def test_awareness_withdraws_the_general_authorisation(shipped: Policy) -> None:
    patch = {"destination": "US", "line": {"control_code": "5A002.a.1"}}
    declared = {"general_authorisations": ["EU001"]}
    assert screen(shipment_of({**patch, "declarations": declared}), shipped).outcome == "clear"
    aware = {**declared, "exporter_aware": ["wmd"]}
    assert screen(shipment_of({**patch, "declarations": aware}), shipped).outcome == "licence_required"
