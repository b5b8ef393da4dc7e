"""The shipped rule pack holds what it promises: every example, every reason code, every principle it names."""

from dataclasses import replace
from typing import Any

import pytest

from policies import pack
from policies.engine import read
from policies.engine.examples import failures, shipment_of
from policies.engine.policy import Policy
from policies.engine.screen import screen


def rule(**fields: Any) -> dict[str, Any]:
    plain = {
        "id": "T1",
        "title": "A rule",
        "scope": "line",
        "effect": "review",
        "reason": "INCOMPLETE",
        "clauses": ["line.listed"],
    }
    return {**plain, **fields}


def with_rule(policy: Policy, **fields: Any) -> Policy:
    return replace(policy, rules=(*policy.rules, read.rule(rule(**fields))))


def test_every_example_of_every_rule_holds(shipped: Policy) -> None:
    assert failures(shipped) == []


def test_every_reason_code_can_be_raised(shipped: Policy) -> None:
    assert set(shipped.reasons) == {item.reason for item in shipped.rules if item.reason}


def test_a_rule_raises_what_its_reason_code_says(shipped: Policy) -> None:
    floors = {"cover": "clear"}
    wrong = [
        item.id
        for item in shipped.rules
        if item.reason and floors.get(item.effect, item.effect) != shipped.reasons[item.reason].floor
    ]
    assert wrong == []


def test_every_rule_names_a_legal_basis_and_a_principle(shipped: Policy) -> None:
    assert [item.id for item in shipped.rules if item.effect != "flag" and not item.legal_basis] == []
    assert [item.id for item in shipped.rules if not item.principles] == []


def test_every_stopping_rule_says_what_would_change_it_or_bans_for_good(shipped: Policy) -> None:
    silent = [item.id for item in shipped.rules if item.effect in ("review", "licence_required") and not item.remedy]
    assert silent == []


def test_an_example_that_does_not_hold_is_named(shipped: Policy) -> None:
    broken = with_rule(
        shipped, examples={"fires": [{"line": {"description": "chairs"}}], "not": [{"line": {"control_code": "3A001"}}]}
    )
    assert [text for text in failures(broken) if text.startswith("T1")] == [
        "T1: example 1 of fires does not fire",
        "T1: example 1 of not fires",
    ]


def test_a_rule_without_examples_is_named(shipped: Policy) -> None:
    assert any(text.startswith("T1: a rule needs an example") for text in failures(with_rule(shipped)))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scope": "lines"}, "unknown scope"),
        ({"effect": "stop"}, "unknown effect"),
        ({"effect": "cover", "scope": "shipment", "clauses": ["true"]}, "its scope must be line"),
        ({"reason": ""}, "reason code"),
        ({"clauses": []}, "at least one clause"),
        ({"directions": ["exports"]}, "unknown direction"),
        ({"severity": "high"}, "unknown field severity"),
        ({"effect": "flag"}, ""),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(fields: dict[str, Any], said: str) -> None:
    if fields == {"effect": "flag"}:
        assert read.rule(rule(effect="flag", reason="")).stage == "flag"
        return
    with pytest.raises(ValueError, match=said):
        read.rule(rule(**fields))


def test_a_pack_with_one_wrong_clause_is_not_read_at_all() -> None:
    editions = dict(pack.editions())
    editions["rules/own"] = read.Edition("rules", (rule(clauses=["line.lisetd"]),))
    with pytest.raises(read.PolicyError, match=r"rules/own, T1: clause refused, column 5"):
        read.build(editions, hash="x")


def test_a_rule_with_an_unknown_reason_or_principle_is_refused() -> None:
    editions = dict(pack.editions())
    editions["rules/own"] = read.Edition("rules", (rule(reason="NO_SUCH_CODE"),))
    with pytest.raises(read.PolicyError, match="NO_SUCH_CODE"):
        read.build(editions, hash="x")
    editions["rules/own"] = read.Edition("rules", (rule(principles=["P99"]),))
    with pytest.raises(read.PolicyError, match="P99"):
        read.build(editions, hash="x")


def test_a_rule_that_errors_leads_to_review_and_says_so(shipped: Policy) -> None:
    erring = with_rule(shipped, scope="line", clauses=['line.attributes["range_km"] > 300.0'])
    result = screen(shipment_of({}), erring)
    (finding,) = [item for item in result.findings if item.rule == "T1"]
    assert (result.outcome, finding.reason, finding.effect) == ("review", "UNDECIDED", "review")
    assert "range_km" in finding.because[0].value
    assert "NOT_LISTED" not in result.reasons


def test_a_flag_that_errors_leads_to_review_too(shipped: Policy) -> None:
    erring = with_rule(shipped, effect="flag", reason="", weight=1, clauses=["line.codes[3] == 'x'"])
    assert screen(shipment_of({}), erring).outcome == "review"


def test_an_erring_ban_is_not_hidden_by_another_clause(shipped: Policy) -> None:
    erring = with_rule(
        shipped, effect="prohibited", reason="KP_BAN", clauses=["line.quantity > 0.0", "line.codes[3] == 'x'"]
    )
    assert screen(shipment_of({}), erring).outcome == "review"
