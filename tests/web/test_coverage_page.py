"""Every principle with its quote, what carries it out, and what nothing carries out yet."""

import pytest
from django.urls import reverse

from policies import coverage, rulebook
from screening.models import Role
from tests import factories
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


def said(role: str = Role.POLICY_EDITOR) -> str:
    return str(browser(factories.user(role)).get(reverse("screening:coverage")).content.decode())


def test_each_of_the_principles_stands_with_its_quote_and_its_rules() -> None:
    page = said()
    rows = coverage.coverage(rulebook.policy())
    assert len(rows) == 22
    for row in rows:
        assert f'id="{row.principle["id"]}"' in page
        assert all(f'href="{reverse("screening:rule", args=[rule.id])}"' in page for rule in row.rules)
    assert "weapons of mass destruction and their means of delivery" in page


def test_gaps_are_told_and_counted() -> None:
    page = said()
    gaps = [gap for row in coverage.coverage(rulebook.policy()) for gap in row.gaps]
    assert gaps
    assert "There are no statistics by direction." in page
    assert "with gaps" in page


def test_a_screen_is_linked_for_whoever_may_open_it() -> None:
    queue = f'href="{reverse("screening:queue")}">Cases of every direction'
    assert queue in said(Role.OFFICER)
    assert queue not in said(Role.POLICY_EDITOR)
    assert "Cases of every direction" in said(Role.POLICY_EDITOR)
