"""Who may publish what others have prepared: nobody who had a hand in any step since what is in force."""

import pytest
from django.core.exceptions import PermissionDenied

from policies import editions, permissions, publishing
from policies.models import Edition, ListSource, Snapshot
from screening.models import User
from tests import factories
from tests.policies.files import sdn

pytestmark = pytest.mark.django_db
RULES = "rules/closing"


def editor() -> User:
    return factories.user("policy_editor")


def edited(by: User, note: str) -> Edition:
    """A rule list that `by` has changed a little, from what it is now."""
    active = ListSource.objects.get(pk=RULES).active
    assert active is not None
    rows = editions.rows(active)
    changed = [{**rows[0], "title": f"{rows[0]['title']} {note}"}, *rows[1:]]
    return editions.put(RULES, changed, by=by, reason=note, expected=active.digest)


def test_an_earlier_edit_below_a_later_one_still_counts(policy: Snapshot) -> None:
    first, second, third = editor(), editor(), editor()
    edited(first, "one")
    edited(second, "two")
    draft = publishing.draft(by=None)
    for person in (first, second):
        with pytest.raises(PermissionDenied, match=f"You changed {RULES}; another policy editor must publish it"):
            permissions.check_publish(draft, by=person)
    assert permissions.can_publish(draft, by=third)


def test_an_edit_that_was_taken_back_counts_no_more(policy: Snapshot) -> None:
    first, second = editor(), editor()
    shipped = ListSource.objects.get(pk=RULES).active
    assert shipped is not None
    edited(first, "one")
    editions.activate(shipped, by=second, override="Taken back")
    edited(second, "two")
    draft = publishing.draft(by=None)
    assert permissions.can_publish(draft, by=first), "nothing of theirs is in the draft"
    assert not permissions.can_publish(draft, by=second)


def test_who_activates_what_the_system_imported_may_not_publish_it(policy: Snapshot) -> None:
    activator, other = editor(), editor()
    (staged,) = editions.stage("ofac_sdn", [sdn(3)], by=None)
    editions.activate(staged, by=activator)
    draft = publishing.draft(by=None)
    with pytest.raises(PermissionDenied, match="You activated parties/ofac_sdn"):
        permissions.check_publish(draft, by=activator)
    assert permissions.can_publish(draft, by=other)


def test_what_is_in_force_already_binds_nobody(policy: Snapshot) -> None:
    first, second = editor(), editor()
    edited(first, "one")
    publishing.publish(publishing.draft(by=None), by=second, reason="x")
    edited(second, "two")
    assert permissions.can_publish(publishing.draft(by=None), by=first)


def test_what_was_only_staged_binds_nobody(policy: Snapshot) -> None:
    first, second = editor(), editor()
    editions.stage("ofac_sdn", [sdn(3)], by=first)
    edited(second, "two")
    assert permissions.can_publish(publishing.draft(by=None), by=first)
