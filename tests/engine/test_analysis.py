"""The remarks about rules: each kind is found where it is true, and nothing is said that is not certain."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from policies.engine import read
from policies.engine.analysis import Remark, analyse
from policies.engine.policy import Policy
from policies.engine.syntax import Other, tree


def row(**fields: Any) -> dict[str, Any]:
    plain = {
        "id": "T1",
        "title": "A rule",
        "scope": "line",
        "effect": "review",
        "reason": "INCOMPLETE",
        "clauses": ["line.listed"],
        "examples": {"fires": [{"line": {"control_code": "3A001"}}], "not": [{}]},
    }
    return plain | fields


def remarks(policy: Policy, *rows: dict[str, Any], fired: dict[str, int] | None = None, **given: Any) -> list[Remark]:
    """The remarks of a policy that has these rules and no others."""
    return analyse(replace(policy, rules=tuple(read.rule(one) for one in rows)), fired=fired, **given)


def kinds(policy: Policy, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    return [(remark.rule, remark.kind) for remark in remarks(policy, *rows)]


def test_the_shipped_rules_have_no_remark_but_two_that_are_known(shipped: Policy) -> None:
    """SECTORAL is asked for although no country has it today; RF06 is switched off in the shipped settings."""
    found = [(remark.rule, remark.kind) for remark in analyse(shipped)]
    assert found == [("EMB-CHECK", "unknown_name"), ("RF06", "no_example")]


def test_every_clause_of_the_shipped_rules_is_read_as_a_tree(shipped: Policy) -> None:
    assert [clause.source for rule in shipped.rules for clause in rule.clauses if isinstance(tree(clause), Other)] == []


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        (["false"], "a clause is never true"),
        (["line.listed && !line.listed"], "line.listed would have to be both true and false"),
        (["line.listed", "!line.listed"], "both true and false"),
        (["line.listed == false", "line.listed"], "both true and false"),
        (['line.unit == "kg"', 'line.unit == "g"'], "line.unit would have to be “kg” and “g” at once"),
        (['line.unit in ["kg", "g"]', 'line.unit == "t"'], "at once"),
        (['line.unit == "kg"', 'line.unit != "kg"'], "to be and not to be “kg”"),
        (['line.unit in ["kg", "g"]', '!(line.unit in ["kg", "g", "t"])'], "to be and not to be “g” or “kg”"),
        (["line.quantity > 5.0", "line.quantity <= 5.0"], "more than 5 and at most 5"),
        (["line.quantity >= 5.0", "!(line.quantity > 4.0)"], "at least 5 and at most 4"),
        (["3.0 < line.quantity", "line.quantity == 2.0"], "which the other clauses exclude"),
        (["has(line.value)", "!has(line.value)"], "both true and false"),
        (['"chpi" in line.hs_groups', '!("chpi" in line.hs_groups)'], "to hold and not to hold “chpi”"),
        (["size(line.codes) < 0"], "the number of line.codes"),
        (["size(line.codes) == 0", 'line.codes.exists(c, c == "3A001")'], "the number of line.codes"),
        (["size(line.codes) > 0", "size(line.codes) < 1"], "the number of line.codes"),
        (['shipment.direction == "exports"'], "shipment.direction is never “exports”"),
        (['"hunting" in line.terms'], "line.terms never holds “hunting”"),
        (['line.unit == "kg"', '(line.unit == "g" && line.listed) || line.unit == "t"'], "; or "),
        (['line.listed ? line.unit == "kg" : false', "line.quantity < 1.0", "line.quantity > 2.0"], "line.quantity"),
        (["so_far.reasons.exists(r, r == 'KP_BAN')"], "the number of so_far.reasons"),
        (['so_far.strongest == "review"'], "so_far.strongest"),
    ],
)
def test_clauses_that_contradict_each_other_can_never_fire(shipped: Policy, clauses: list[str], said: str) -> None:
    (remark, *_) = remarks(shipped, row(clauses=clauses))
    assert (remark.rule, remark.kind) == ("T1", "never_fires")
    assert said in remark.sentence


@pytest.mark.parametrize(
    "clauses",
    [
        ["line.listed || !line.listed"],
        ['line.unit in ["kg", "g"]', 'line.unit != "kg"'],
        ["line.quantity > 5.0", "line.value < 5.0"],
        ["line.quantity >= 5.0", "line.quantity <= 5.0"],
        ["size(line.codes) > 0", "size(line.codes) < 2"],
        ['line.codes.exists(c, c == "3A001")', 'line.codes.exists(c, c == "3A002")'],
        ['"chpi" in line.hs_groups', '"arms" in line.hs_groups'],
        ['line.unit == "kg" || line.unit == "g"', 'line.unit == "g"'],
        ['shipment.parties.exists(p, p.role == "broker")', 'shipment.parties.exists(p, p.role == "bank")'],
        ['shipment.destination.code == "XX"'],
        ['line.unit == "kg"', 'shipment.lines.exists(l, l.unit == "g")'],
        ["line.listed ? line.quantity > 1.0 : line.quantity < 1.0"],
        ["line.quantity * 2.0 > 3.0", "line.quantity * 2.0 < 4.0"],
    ],
)
def test_clauses_that_can_hold_together_are_left_alone(shipped: Policy, clauses: list[str]) -> None:
    assert [remark for remark in remarks(shipped, row(clauses=clauses)) if remark.kind == "never_fires"] == []


def test_a_clause_that_asks_for_a_direction_the_rule_is_not_for_never_holds(shipped: Policy) -> None:
    clauses = ['shipment.direction in ["import", "transit"]']
    (remark,) = remarks(shipped, row(clauses=clauses, directions=["export"]))
    assert remark.kind == "never_fires" and "“export”" in remark.sentence
    assert kinds(shipped, row(clauses=clauses, directions=["export", "transit"])) == []


def test_a_closing_rule_may_ask_for_what_was_raised(shipped: Policy) -> None:
    closing = row(
        scope="shipment", stage="closing", clauses=['so_far.strongest == "clear"', "size(so_far.reasons) > 0"]
    )
    assert kinds(shipped, closing) == []


def test_a_rule_that_ends_before_it_begins_never_fires(shipped: Policy) -> None:
    (remark,) = remarks(shipped, row(valid_from="2026-01-02", valid_to="2026-01-01"))
    assert (remark.kind, "2026-01-01" in remark.sentence) == ("never_fires", True)


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ('"chip" in line.hs_groups', ["chip"]),
        ('line.hs_groups.exists(g, g in ["chpi", "chip", "chop"])', ["chip", "chop"]),
        ('shipment.ends.exists(c, "NATTO" in c.groups)', ["NATTO"]),
        ('shipment.ends.exists(c, c.embargo.kind == "TOTAL")', ["TOTAL"]),
        ('shipment.destination.code in ["RU", "ZZ"]', ["ZZ"]),
        ('shipment.parties.exists(p, p.role == "end-user")', ["end-user"]),
        ('shipment.parties.exists(p, p.hits.exists(h, h.effect == "freeze" || h.match == "same"))', ["freeze", "same"]),
        ('"EU009" in line.authorisations', ["EU009"]),
        ('line.entry == "9A999"', ["9A999"]),
        ('line.entry == "5A2"', ["5A2"]),
        ('"wmdd" in shipment.declarations.exporter_aware', ["wmdd"]),
        ('"hunting" in shipment.end_use_terms || "hunters" in shipment.end_use_terms', ["hunters"]),
        ('line.hs_groups.all(shipment, shipment != "chip")', ["chip"]),
        ('line.description == "anything" || shipment.end_user.name == "anyone"', []),
        ('line.entry in ["5A002", ""] || "5A002.a.1" in line.codes || "5A002.a.99" in line.codes', []),
    ],
)
def test_a_word_that_nothing_knows_is_named(shipped: Policy, clause: str, words: list[str]) -> None:
    found = [remark.sentence for remark in remarks(shipped, row(clauses=[clause])) if remark.kind == "unknown_name"]
    assert [sentence.split("“")[1].split("”")[0] for sentence in found] == words


def test_the_words_come_from_the_lists_of_the_policy(shipped: Policy) -> None:
    richer = replace(shipped, hs_groups={**shipped.hs_groups, "drones": ("8806",)})
    clause = row(clauses=['"drones" in line.hs_groups'])
    assert ("T1", "unknown_name") in kinds(shipped, clause)
    assert kinds(richer, clause) == []


def test_a_rule_that_adds_nothing_to_a_wider_one_is_shadowed(shipped: Policy) -> None:
    wide = row(id="WIDE", clauses=["line.listed"])
    narrow = row(id="NARROW", clauses=['shipment.destination.code == "BR"', "line.listed"], directions=["export"])
    (remark,) = remarks(shipped, wide, narrow)
    assert (remark.rule, remark.kind, remark.other) == ("NARROW", "shadowed", "WIDE")


def test_a_wider_clause_is_seen_through_its_form(shipped: Policy) -> None:
    wide = row(id="WIDE", clauses=['line.unit in ["kg", "g"]', "line.quantity >= 1.0", "line.listed || line.military"])
    narrow = row(id="NARROW", clauses=["line.military", 'line.unit == "kg"', "line.quantity > 1.0"])
    assert ("NARROW", "shadowed") in kinds(shipped, wide, narrow)
    assert ("WIDE", "shadowed") not in kinds(shipped, wide, narrow)


@pytest.mark.parametrize(
    "other",
    [
        {"clauses": ["line.military"]},
        {"directions": ["import"]},
        {"valid_from": "2026-01-01"},
        {"valid_to": "2026-01-01"},
        {"reason": "EMBARGO_CHECK"},
        {"effect": "licence_required"},
        {"scope": "shipment", "clauses": ["true"]},
        {"clauses": ["line.listed", "line.quantity > 7.0"]},
    ],
)
def test_a_rule_that_the_other_does_not_always_cover_is_not_shadowed(shipped: Policy, other: dict[str, Any]) -> None:
    narrow = row(id="NARROW", clauses=["line.listed", "line.quantity > 5.0"])
    assert ("NARROW", "shadowed") not in kinds(shipped, row(id="WIDE", **other), narrow)


def test_a_ban_shadows_a_review_but_a_licence_requirement_does_not(shipped: Policy) -> None:
    """A cover lifts a licence requirement; the review beside it would stand."""
    narrow = row(id="NARROW", clauses=["line.listed", "line.military"])
    ban = row(id="WIDE", effect="prohibited", reason="KP_BAN")
    assert ("NARROW", "shadowed") in kinds(shipped, ban, narrow)
    assert ("NARROW", "shadowed") not in kinds(shipped, ban | {"effect": "licence_required"}, narrow)


def test_of_two_equal_rules_the_later_one_is_named(shipped: Policy) -> None:
    found = [remark for remark in remarks(shipped, row(id="B2"), row(id="A1")) if remark.kind == "shadowed"]
    assert [(remark.rule, remark.other) for remark in found] == [("B2", "A1")]


def test_rules_that_raise_the_same_reason_on_an_example_overlap(shipped: Policy) -> None:
    first = row(id="A1", clauses=["line.listed"])
    second = row(id="B1", clauses=["line.quantity > 5.0"], examples={"fires": [{"line": {"quantity": 9}}], "not": [{}]})
    both = {"line": {"quantity": 9, "control_code": "3A001"}}
    first["examples"] = {"fires": [both, {"line": {"control_code": "3A001"}}], "not": [{}]}
    (remark,) = remarks(shipped, first, second)
    assert (remark.rule, remark.kind, remark.other) == ("A1", "overlaps", "B1")
    assert "1 of its 2 examples" in remark.sentence


def test_rules_that_fire_on_different_lines_do_not_overlap(shipped: Policy) -> None:
    lines = [{"control_code": "3A001"}, {"quantity": 9}]
    first = row(id="A1", clauses=["line.listed"], examples={"fires": [{"lines": lines}], "not": [{}]})
    second = row(id="B1", clauses=["line.quantity > 5.0"], examples={"fires": [{"lines": lines}], "not": [{}]})
    assert kinds(shipped, first, second) == []


def test_a_rule_without_an_example_of_one_kind_is_named(shipped: Policy) -> None:
    found = remarks(shipped, row(examples={}, note="Cannot be shown."))
    assert [remark.kind for remark in found] == ["no_example", "no_example"]
    assert "Cannot be shown." in found[0].sentence
    assert kinds(shipped, row(examples={"fires": [{}], "not": [{}]})) == []


def test_a_rule_that_no_shipment_of_a_backtest_met_is_named(shipped: Policy) -> None:
    fired = {"T1": 3, "T2": 0}
    rows = [row(), row(id="T2", reason="EMBARGO_CHECK"), row(id="T3", reason="KP_BAN", clauses=["false"])]
    found = [remark.rule for remark in remarks(shipped, *rows, fired=fired) if remark.kind == "never_fired"]
    assert found == ["T2"], "T3 can never fire, which is said once"
    assert [remark.kind for remark in remarks(shipped, row())] == [], "without a backtest nothing is said"


def test_a_retired_rule_is_left_alone(shipped: Policy) -> None:
    gone = row(clauses=["false"], examples={}, valid_to="2025-12-31")
    assert remarks(shipped, gone, on=date(2026, 1, 1), fired={}) == []
    assert remarks(shipped, gone, on=date(2025, 12, 31)) != []
