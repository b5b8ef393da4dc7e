"""The coverage page tells the truth: what it names exists, and what nothing carries out is shown as a gap."""

from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.urls import get_resolver

from policies import coverage, pack
from policies.engine import read
from policies.engine.policy import Policy
from policies.models import Snapshot

ROWS = list(pack.rows(pack.SHIPPED, coverage.LIST))


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return read.build(pack.editions(), hash="shipped")


def exists(dotted: str) -> bool:
    """Whether a module, or a class within a module, of that name can be imported."""
    try:
        import_module(dotted)
    except ModuleNotFoundError:
        module, _, name = dotted.rpartition(".")
        try:
            return bool(module) and hasattr(import_module(module), name)
        except ModuleNotFoundError:
            return False
    return True


def test_a_name_that_does_not_exist_is_recognised() -> None:
    assert exists("screening.audit") and exists("screening.models.Decision")
    assert not exists("screening.consultations") and not exists("screening.models.Consultation")


def test_every_module_and_table_that_a_check_names_exists(shipped: Policy) -> None:
    named = {check.where for item in coverage.coverage(shipped, rows=ROWS) for check in item.checks}
    assert [name for name in sorted(named) if not exists(name)] == []


def test_every_page_that_is_named_exists(shipped: Policy) -> None:
    named = {screen.url for item in coverage.coverage(shipped, rows=ROWS) for screen in item.screens}
    pages = {name for name in get_resolver("screening.urls").reverse_dict if isinstance(name, str)}
    assert named - pages == set()


def test_the_list_speaks_of_each_principle_once_and_of_no_other(shipped: Policy) -> None:
    assert [row["id"] for row in ROWS] == sorted(shipped.principles)
    assert all(set(row) <= {"id", "checks", "screens", "gaps"} for row in ROWS)


def test_all_22_principles_are_shown_with_their_quotes(policy: Snapshot, shipped: Policy) -> None:
    found = coverage.coverage(shipped)
    assert len(found) == 22
    assert all(item.principle["quote"] for item in found)
    assert found == coverage.coverage(shipped, rows=ROWS), "without rows it reads the active edition"


def test_the_rules_are_those_that_name_the_principle(shipped: Policy) -> None:
    found = {item.principle["id"]: [rule.id for rule in item.rules] for item in coverage.coverage(shipped, rows=ROWS)}
    assert found["P14"] == ["ALLIED"]
    assert sorted({name for names in found.values() for name in names}) == sorted(rule.id for rule in shipped.rules)


def test_a_principle_with_neither_rule_nor_check_is_a_gap(shipped: Policy) -> None:
    found = {item.principle["id"]: item for item in coverage.coverage(shipped, rows=ROWS)}
    assert [name for name, item in found.items() if item.open] == ["P17"]
    assert found["P17"].gaps[0] == coverage.NOTHING
    assert not found["P11"].open, "a check alone carries it out"


def test_a_principle_of_which_nothing_is_said_is_a_gap_too(shipped: Policy) -> None:
    bare: dict[str, Any] = {"id": "P99", "title": "New", "quote": "something new"}
    (item,) = coverage.coverage(replace(shipped, principles={"P99": bare}), rows=ROWS)
    assert (item.principle, item.gaps, item.open) == (bare, (coverage.NOTHING,), True)


def test_a_retired_rule_carries_out_nothing(shipped: Policy) -> None:
    (allied,) = [rule for rule in shipped.rules if rule.id == "ALLIED"]
    ended = replace(shipped, rules=(replace(allied, valid_to=date(2025, 12, 31)),))
    for day, number in ((date(2025, 12, 31), 1), (date(2026, 1, 1), 0)):
        found = {item.principle["id"]: item for item in coverage.coverage(ended, rows=ROWS, on=day)}
        assert len(found["P14"].rules) == number
