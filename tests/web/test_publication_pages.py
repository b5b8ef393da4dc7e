"""From the draft to the snapshot in force and back, on the screen: by two persons, with a reason, at a moment."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from policies import editions, snapshots
from policies.models import Edition, EditionState, Snapshot, SnapshotState
from screening.editorial import lists, publication
from screening.models import Role, User
from tests import factories
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]

RULES = "rules/goods"
WHY = "The title says what the rule does."


def editor(**columns: Any) -> User:
    return factories.user(Role.POLICY_EDITOR, **columns)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def edited(by: User, title: str = "A clearer title") -> str:
    """One rule with another title, active; its id."""
    edition = Edition.objects.get(source=RULES, state=EditionState.ACTIVE)
    first, *others = editions.rows(edition)
    editions.put(RULES, [{**first, "title": title}, *others], by=by, reason=WHY, expected=edition.digest)
    return str(first["id"])


def drafted(by: User, title: str = "A clearer title") -> Snapshot:
    edited(by, title)
    return publication.draft(by=by)


def publish(by: User, snapshot: Snapshot, **fields: str) -> Any:
    given = {"reason": WHY, "moment": "now", "at": "", "without_backtest": "", **fields}
    return browser(by).post(reverse("screening:publish", args=[snapshot.pk]), given)


def test_the_overview_says_what_is_in_force_and_what_is_in_no_draft(policy: Snapshot) -> None:
    person = editor()
    client = browser(person)
    assert policy.hash[:12] in text(client.get("/policy/"))
    assert "Nothing has changed since the snapshot in force." in text(client.get("/policy/"))
    edited(person)
    page = text(client.get("/policy/"))
    assert "has changed and is in no draft" in page
    assert "Make a draft" in page
    assert "Make a draft" not in text(browser(factories.officer()).get("/policy/"))


def test_who_signs_in_as_an_editor_begins_on_the_overview() -> None:
    assert browser(editor()).get("/").headers["Location"] == "/policy/"
    assert browser(factories.officer()).get("/").headers["Location"] == "/queue/"


def test_a_draft_shows_each_changed_rule_before_and_after() -> None:
    person = editor()
    rule = edited(person)
    answer = browser(person).post(reverse("screening:draft_make"), follow=True)
    page = text(answer)
    assert Snapshot.objects.get(state=SnapshotState.DRAFT).created_by == person
    assert "Nothing is in force yet." in page
    assert rule in page
    assert "<ins>A clearer title</ins>" in page


def test_a_draft_without_a_change_is_not_made() -> None:
    answer = browser(editor()).post(reverse("screening:draft_make"), follow=True)
    assert "Nothing has changed since the snapshot in force" in text(answer)
    assert not Snapshot.objects.filter(state=SnapshotState.DRAFT).exists()


def test_the_author_is_told_why_another_person_must_publish(policy: Snapshot) -> None:
    person = editor()
    draft = drafted(person)
    page = text(browser(person).get("/policy/draft/"))
    assert "another policy editor must publish it" in page
    assert ">Publish</button>" not in page
    answer = publish(person, draft)
    assert answer.status_code == 403
    assert "another policy editor must publish it" in text(answer)
    assert WHY in text(answer)
    assert snapshots.current() == policy


def test_the_overview_names_what_is_missing_for_this_person() -> None:
    person = editor()
    drafted(person)
    assert "another policy editor must publish it" in text(browser(person).get("/policy/draft/steps/"))
    assert "You had no hand in this draft" in text(browser(editor()).get("/policy/draft/steps/"))


def test_a_second_person_publishes_with_a_reason_and_the_changes_are_kept() -> None:
    draft = drafted(editor())
    other = editor()
    empty = publish(other, draft, reason="")
    assert empty.status_code == 422
    assert "This field is required." in text(empty)
    answer = publish(other, draft)
    assert answer.headers["Location"] == reverse("screening:snapshot", args=[draft.pk])
    assert snapshots.current() == draft
    page = text(browser(factories.auditor()).get(answer.headers["Location"]))
    assert WHY in page
    assert "<ins>A clearer title</ins>" in page
    assert WHY in text(browser(factories.officer()).get("/policy/snapshots/"))
    again = publish(other, draft)
    assert again.status_code == 409
    assert "Only a draft can be published" in text(again)


def test_without_a_backtest_a_reason_is_asked_for() -> None:
    factories.shipment()
    draft = drafted(editor())
    other = editor()
    refused = publish(other, draft)
    assert refused.status_code == 409
    assert "backtest" in text(refused)
    assert WHY in text(refused)
    assert publish(other, draft, without_backtest="An embargo begins today.").status_code == 302
    draft.refresh_from_db()
    assert "An embargo begins today." in draft.reason


def test_a_snapshot_that_was_replaced_meanwhile_is_not_published(policy: Snapshot) -> None:
    person, other = editor(), editor()
    seen = drafted(person)
    drafted(person, "Another title")
    answer = publish(other, seen)
    assert answer.status_code == 409
    assert snapshots.current() == policy
    assert "Only a draft can be published" in text(answer)
    assert WHY in text(answer)


def test_a_later_moment_is_local_time_and_can_be_withdrawn(policy: Snapshot) -> None:
    draft = drafted(editor())
    other = editor()
    missing = publish(other, draft, moment="later")
    assert "Say from when." in text(missing)
    tomorrow = timezone.localtime() + timedelta(days=1)
    answer = publish(other, draft, moment="later", at=tomorrow.strftime("%Y-%m-%dT08:30"))
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.in_force_from is not None
    assert timezone.localtime(draft.in_force_from).strftime("%H:%M") == "08:30"
    assert (draft.state, snapshots.current()) == (SnapshotState.SCHEDULED, policy)
    client, deed = browser(other), reverse("screening:withdraw", args=[draft.pk])
    assert draft.hash[:12] in text(client.get("/policy/"))
    refused = client.post(deed, {"reason": ""})
    assert refused.status_code == 409
    assert "Say why the snapshot is withdrawn." in text(refused)
    assert client.post(deed, {"reason": "The act was put off."}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == SnapshotState.RETIRED


def test_the_way_back_is_a_draft_that_a_second_person_publishes(policy: Snapshot) -> None:
    publish(editor(), drafted(editor()))
    person = editor()
    client, deed = browser(person), reverse("screening:roll_back", args=[policy.pk])
    refused = client.post(deed, {"reason": ""})
    assert refused.status_code == 422
    answer = client.post(deed, {"reason": "The rule misfired.", "keep_party_lists": "on"}, follow=True)
    assert "drafted again" in text(answer)
    assert "restores snapshot" in text(answer)
    draft = Snapshot.objects.get(state=SnapshotState.DRAFT)
    assert (draft.hash, draft.restores) == (policy.hash, policy)
    assert publish(person, draft).status_code == 403
    assert publish(editor(), draft).status_code == 302
    current = snapshots.current()
    assert current is not None
    assert current.hash == policy.hash


def test_the_snapshot_in_force_offers_no_way_back_to_itself(policy: Snapshot) -> None:
    page = text(browser(editor()).get(reverse("screening:snapshot", args=[policy.pk])))
    assert "Go back to this snapshot" not in page
    assert RULES in page


@pytest.mark.parametrize("deed", ["publish", "roll_back", "withdraw"])
def test_readers_publish_nothing(deed: str, policy: Snapshot) -> None:
    draft = drafted(editor())
    answer = browser(factories.senior_officer()).post(
        reverse(f"screening:{deed}", args=[draft.pk]), {"reason": WHY, "moment": "now"}
    )
    assert answer.status_code == 403
    assert snapshots.current() == policy


def test_a_draft_with_failing_examples_says_which_and_is_not_published(policy: Snapshot) -> None:
    person = editor()
    edition = Edition.objects.get(source=RULES, state=EditionState.ACTIVE)
    first, *others = editions.rows(edition)
    examples = {"fires": [{"line": {"description": "office furniture"}}], "not": first["examples"]["not"]}
    editions.put(RULES, [{**first, "examples": examples}, *others], by=person, reason=WHY, expected=edition.digest)
    draft = publication.draft(by=person)
    page = text(browser(editor()).get("/policy/draft/"))
    assert first["id"] in page
    assert "Missing" in page
    assert publish(editor(), draft, without_backtest="No time.").status_code == 409
    assert snapshots.current() == policy


def test_an_activated_edition_waits_for_publication() -> None:
    person = editor()
    edited(person)
    edition = Edition.objects.get(source=RULES, state=EditionState.ACTIVE)
    page = text(browser(person).get(reverse("screening:edition", args=[edition.pk])))
    assert "active but not in force" in page
    listed = text(browser(person).get(f"/policy/lists/{RULES}/"))
    assert "not in force yet" in listed


def test_an_earlier_edition_is_made_active_again_with_a_reason() -> None:
    person = editor()
    earlier = Edition.objects.get(source=RULES, state=EditionState.ACTIVE)
    edited(person)
    deed = reverse("screening:edition_activate", args=[earlier.pk])
    assert browser(person).post(deed, {"reason": ""}).status_code == 409
    assert browser(person).post(deed, {"reason": "The new title misled."}).status_code == 302
    earlier.refresh_from_db()
    assert earlier.state == EditionState.ACTIVE
    assert lists.activate(earlier, by=person) == earlier
