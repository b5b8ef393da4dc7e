"""Rules are written, checked, tried, saved and retired, and two editors never lose each other's work."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from policies import rulebook
from policies.models import Edition, Snapshot
from screening.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def editor() -> User:
    return factories.user("policy_editor")


def row(**fields: Any) -> dict[str, Any]:
    plain = {
        "id": "OWN-1",
        "title": "Listed goods for Brazil",
        "scope": "line",
        "effect": "review",
        "reason": "INCOMPLETE",
        "legal_basis": "Regulation (EU) 2021/821, Article 3",
        "principles": ["P01"],
        "clauses": ["line.listed", 'shipment.destination.code == "BR"'],
        "examples": {
            "fires": [{"line": {"control_code": "3A001"}}],
            "not": [{"line": {"control_code": "3A001"}, "destination": "US"}],
        },
    }
    return plain | fields


def test_a_new_rule_is_saved_in_its_list_and_found_again(policy: Snapshot) -> None:
    before = rulebook.working()
    saved = rulebook.save(row(), list_id="rules/goods", by=editor(), base="", reason="A new duty")
    assert (saved.source_id, saved.state) == ("rules/goods", "active")
    assert rulebook.find("OWN-1") == row()
    assert rulebook.list_of("OWN-1") == "rules/goods"
    after = rulebook.working()
    assert [item for item in after["rules/goods"] if item["id"] != "OWN-1"] == before.pop("rules/goods")
    assert {name: rows for name, rows in after.items() if name != "rules/goods"} == before
