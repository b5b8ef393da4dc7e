"""An officer dismisses a hit: it stays away from the exporter's shipments, and comes back when it must."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from policies.models import Snapshot
from screening import as_of, audit, cases, dismissals, records, rescreening, runs
from screening.backtests import judging
from screening.dismissals import met
from screening.dismissals.suggestions import earlier
from screening.models import AuditEvent, Case, CaseState, Dismissal, Finding, Outcome, Run, Shipment, ShipmentRevision
from screening.permissions import NotAllowed
from tests import factories
from tests.dismissals import BECAUSE, EQUAL, LIKE, LIST, WORKS, again, dismiss, lists, reasons, shipment, spot, work
from tests.publications import publish

pytestmark = pytest.mark.django_db

AWAY, BACK, BANNED = {"PARTY_DISMISSED_EARLIER"}, {"PARTY_POSSIBLE_MATCH"}, {"PARTY_LISTED_ASSET_FREEZE"}


@pytest.fixture(autouse=True)
def _in_force(policy: Snapshot) -> None:
    lists()


def dismissed(name: str = LIKE, **given: Any) -> tuple[Shipment, Dismissal]:
    """A shipment whose hit one officer dismissed, screened again."""
    sent = shipment(name)
    gave = dismiss(sent, **given)
    return work(sent), gave


# It stays away


def test_a_dismissed_hit_leaves_the_shipment_and_says_who_when_and_because() -> None:
    officer = factories.officer(first_name="Anna", last_name="Ozola")
    sent = shipment()
    assert (sent.outcome, reasons(sent)) == (Outcome.REVIEW, BACK)
    gave = dismiss(sent, by=officer)
    sent = work(sent)
    assert (sent.outcome, reasons(sent)) == (Outcome.CLEAR, AWAY)
    run = sent.latest_run
    assert run is not None
    assert run.trigger == f"dismissal {gave.pk}"
    (shown,) = run.findings.get(reason="PARTY_DISMISSED_EARLIER").evidence["dismissed"]
    assert (shown["dismissal"]["by"], shown["dismissal"]["because"]) == ("Anna Ozola", BECAUSE)
    assert shown["dismissal"]["until"] == (timezone.localdate() + timedelta(days=365)).isoformat()
    assert runs.replay(run) == []


def test_it_stays_away_from_later_shipments_and_screenings_of_the_same_exporter() -> None:
    sent, _ = dismissed()
    assert reasons(again(sent)) == AWAY
    owner = factories.exporter(organisation=sent.organisation)
    later = shipment(by=owner)
    assert (later.outcome, reasons(later)) == (Outcome.CLEAR, AWAY)
    assert not Case.objects.filter(shipment=later).exists()


def test_it_leaves_the_other_open_cases_of_the_exporter_too() -> None:
    sent = shipment()
    owner = factories.exporter(organisation=sent.organisation)
    other, foreign = shipment(by=owner), shipment()
    dismiss(sent)
    work(sent)
    assert (reasons(other), reasons(foreign)) == (AWAY, BACK)


# It comes back


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Zvezdny Ordnance Work Ltd"},
        {"country": "BA"},
        {"address": "1 Factory Street, Perm"},
        {"identifiers": {"registration": "5902-1"}},
        {"owners": [{"name": "A Person", "percent": 10}]},
    ],
)
def test_a_party_with_other_details_is_looked_at(changed: dict[str, Any]) -> None:
    sent, _ = dismissed()
    owner = factories.exporter(organisation=sent.organisation)
    assert reasons(shipment(by=owner, **changed)) == BACK


def test_the_same_party_of_another_exporter_is_looked_at() -> None:
    dismissed()
    assert reasons(shipment()) == BACK


@pytest.mark.parametrize("changed", [{"aliases": ["ZOW"]}, {"programme": "NPWMD"}, {"effect": "foreign_listing"}])
def test_an_entry_that_has_changed_brings_the_hit_back(changed: dict[str, Any]) -> None:
    sent, _ = dismissed()
    lists(WORKS | changed)
    assert reasons(again(sent)) == BACK


@pytest.mark.parametrize("changed", [{"births": ["1961"]}, {"aliases": ["Quite Another Name"]}, {"programme": "NPWMD"}])
def test_a_publication_that_changes_a_dismissed_entry_screens_again_what_it_was_dismissed_for(
    changed: dict[str, Any],
) -> None:
    sent, _ = dismissed()
    made = publish({LIST: [WORKS | changed]})
    rescreening.work(made.pk)
    assert not made.reach.get("everything")
    assert Run.objects.filter(revision=sent.current, trigger=f"rescreen {made.pk}").exists()
    assert reasons(work(sent)) == BACK


def test_another_change_of_the_list_does_not() -> None:
    sent, _ = dismissed()
    lists(WORKS | {"note": "A remark"}, {"id": "T2", "name": "Karadag Logistics FZE", "effect": "asset_freeze"})
    assert reasons(again(sent)) == AWAY


def test_an_expired_dismissal_brings_the_hit_back() -> None:
    today = timezone.localdate()
    sent, gave = dismissed(expires=today + timedelta(days=10))
    assert gave.expires_on == today + timedelta(days=10)
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    with time_machine.travel(noon + timedelta(days=10), tick=False):
        assert reasons(again(sent, "rescreen 1")) == AWAY
    with time_machine.travel(noon + timedelta(days=11), tick=False):
        assert reasons(again(sent, "rescreen 2")) == BACK
        fresh = dismiss(sent)
        assert reasons(work(sent)) == AWAY
    gave.refresh_from_db()
    assert (gave.replaced_at is not None, fresh.replaced_at) == (True, None)


def test_what_an_expired_dismissal_kept_away_is_screened_again_once() -> None:
    today = timezone.localdate()
    sent, gave = dismissed(expires=today + timedelta(days=10))
    waiting = dismiss(shipment(EQUAL), expires=today + timedelta(days=10))
    assert dismissals.sweep() == 0
    with time_machine.travel(datetime(today.year, today.month, today.day, 12, tzinfo=UTC) + timedelta(days=11)):
        assert (dismissals.sweep(), dismissals.sweep()) == (2, 0)
        assert reasons(work(sent)) == BACK
    triggers = set(Run.objects.filter(trigger__endswith="expired").values_list("trigger", flat=True))
    assert triggers == {f"dismissal {gave.pk} expired"}, f"{waiting} never counted"
    assert AuditEvent.objects.filter(action="dismissal.expired").count() == 2
    assert Case.objects.get(shipment=sent).state == CaseState.OPEN


@pytest.mark.parametrize("thresholds", [{"dismissals_count": False}, {"dismissal_days": 0}])
def test_the_policy_brings_every_hit_back(thresholds: dict[str, Any]) -> None:
    sent, gave = dismissed()
    lists(**thresholds)
    Dismissal.objects.filter(pk=gave.pk).update(at=gave.at - timedelta(days=1))
    assert reasons(again(sent)) == BACK


def test_a_policy_that_counts_none_takes_none() -> None:
    sent = shipment()
    lists(dismissals_count=False)
    with pytest.raises(NotAllowed, match="does not let dismissals count"):
        dismiss(sent)


def test_a_name_that_has_become_equal_is_not_covered_by_a_dismissal_for_a_like_one() -> None:
    sent, gave = dismissed()
    row = Dismissal.objects.get(pk=gave.pk)
    equal = shipment(EQUAL, by=factories.exporter(organisation=sent.organisation))
    assert reasons(equal) == BANNED
    (hit,) = {one.same: one for one in met.hits(equal.latest_run)}.values()
    Dismissal.objects.filter(pk=row.pk).update(party_digest=hit.who)
    assert reasons(again(equal)) == BANNED


def test_a_reopened_hit_comes_back_everywhere_it_still_matters() -> None:
    sent, gave = dismissed()
    later = shipment(by=factories.exporter(organisation=sent.organisation))
    assert later.outcome == Outcome.CLEAR
    dismissals.reopen(gave, by=factories.officer(), why="The register was wrong.")
    work(sent)
    assert (reasons(sent), reasons(later)) == (BACK, BACK)
    assert Case.objects.filter(shipment=later, state=CaseState.OPEN).exists()
    with pytest.raises(NotAllowed, match="nothing to reopen"):
        dismissals.reopen(gave, by=factories.officer(), why="Once more.")


# Four eyes


def test_a_ban_is_lifted_when_a_second_person_confirmed_it_and_not_before() -> None:
    senior = factories.senior_officer()
    sent = shipment(EQUAL)
    gave = dismiss(sent, by=senior)
    assert (gave.needs_second, reasons(work(sent))) == (True, BANNED)
    for by, why in ((senior, "You dismissed this match"), (factories.officer(), "Only a senior officer")):
        with pytest.raises(NotAllowed, match=why):
            dismissals.confirm(gave, by=by)
    dismissals.confirm(gave, by=factories.senior_officer())
    sent = work(sent)
    assert (sent.outcome, reasons(sent)) == (Outcome.CLEAR, AWAY)
    with pytest.raises(NotAllowed, match="does not wait"):
        dismissals.confirm(gave, by=factories.senior_officer())


def test_what_needs_no_second_person_cannot_be_confirmed() -> None:
    _, gave = dismissed()
    with pytest.raises(NotAllowed, match="does not wait"):
        dismissals.confirm(gave, by=factories.senior_officer())


def test_one_that_was_reopened_while_it_waited_is_never_confirmed() -> None:
    gave = dismiss(shipment(EQUAL))
    dismissals.reopen(gave, by=factories.officer(), why="It is the listed party after all.")
    with pytest.raises(NotAllowed):
        dismissals.confirm(gave, by=factories.senior_officer())


# Who may, and what is refused


@pytest.mark.parametrize("role", ["exporter", "auditor", "policy_editor", "administrator"])
def test_only_officers_dismiss_confirm_and_reopen(role: str) -> None:
    by, sent = factories.user(role), shipment(EQUAL)
    gave = dismiss(sent)
    with pytest.raises(NotAllowed):
        dismiss(shipment(), by=by)
    with pytest.raises(NotAllowed):
        dismissals.confirm(gave, by=by)
    with pytest.raises(NotAllowed):
        dismissals.reopen(gave, by=by, why="A reason to look again")
    assert Dismissal.objects.count() == 1


def test_nothing_is_dismissed_or_confirmed_in_a_decided_case() -> None:
    sent = shipment(EQUAL)
    gave = dismiss(sent)
    case = Case.objects.get(shipment=sent)
    officer = factories.officer()
    factories.decided(case, by=officer)
    with pytest.raises(NotAllowed, match="decided"):
        dismiss(sent)
    with pytest.raises(NotAllowed, match="decided"):
        dismissals.confirm(gave, by=factories.senior_officer())
    dismissals.reopen(gave, by=officer, why="To look at it again is always allowed.")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"because": "  "}, "because"),
        ({"because": "no. no! no?"}, "because"),
        ({"reason": ""}, "reason"),
        ({"reason": "i say so"}, "reason"),
        ({"expires": date(2020, 1, 1)}, "expires"),
        ({"expires": date(9999, 1, 1)}, "expires"),
    ],
)
def test_a_dismissal_says_why_and_ends_when_the_policy_lets_it(said: dict[str, Any], field: str) -> None:
    sent = shipment()
    with pytest.raises(cases.Incomplete) as error:
        dismiss(sent, **said)
    assert set(error.value.errors) == {field}
    assert not Dismissal.objects.exists()


def test_a_hit_that_is_not_in_the_latest_result_is_refused_with_a_sentence() -> None:
    sent = shipment()
    seen = spot(sent)
    lists({"id": "T9", "name": "Somebody Else Altogether", "effect": "asset_freeze"})
    again(sent)
    with pytest.raises(dismissals.HitGone, match="not in the latest result"):
        dismiss(sent, **seen)


def test_a_hit_whose_entry_changed_under_the_officers_eyes_is_refused() -> None:
    sent = shipment()
    seen = spot(sent)
    lists(WORKS | {"programme": "NPWMD"})
    again(sent)
    with pytest.raises(dismissals.HitGone):
        dismiss(sent, **seen)


def test_the_same_hit_in_a_newer_result_is_the_one_that_was_seen() -> None:
    sent = shipment()
    seen = spot(sent)
    gave = dismiss(again(sent), **seen)
    assert gave.run.trigger == "rescreen 1"


@pytest.mark.parametrize("wrong", [{"position": 99}, {"place": 7}, {"run": "0" * 32}])
def test_a_place_without_a_hit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(dismissals.HitGone):
        dismiss(shipment(), **wrong)


def test_a_hit_of_another_shipment_is_refused() -> None:
    sent, foreign = shipment(), shipment()
    with pytest.raises(dismissals.HitGone):
        dismiss(sent, **spot(foreign))


def test_a_result_that_carries_no_digest_must_be_screened_again_first() -> None:
    sent = shipment()
    for finding in Finding.objects.filter(run=sent.latest_run, reason="PARTY_POSSIBLE_MATCH"):
        finding.evidence["hits"][0].pop("digest")
        finding.save()
    with pytest.raises(dismissals.HitGone, match="screened again first"):
        dismiss(sent)


def test_the_second_of_two_officers_is_told_who_was_quicker() -> None:
    quick = factories.officer(first_name="Quick", last_name="Hand")
    sent = shipment()
    dismiss(sent, by=quick)
    with pytest.raises(dismissals.AlreadyDismissed, match=f"Quick Hand dismissed this match on .* because: {BECAUSE}"):
        dismiss(sent)
    assert Dismissal.objects.count() == Run.objects.filter(trigger__startswith="dismissal").count() == 1


def test_the_database_keeps_one_dismissal_in_force_and_four_eyes() -> None:
    _, gave = dismissed(EQUAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dismissal.objects.filter(pk=gave.pk).update(confirmed_by=gave.by, confirmed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Dismissal.objects.filter(pk=gave.pk).update(reopened_at=timezone.now())
    gave.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        gave.save(force_insert=True)


# History and proof


def test_the_case_tells_its_history_and_the_audit_proves_it() -> None:
    officer, senior = factories.officer(), factories.senior_officer()
    sent = shipment(EQUAL)
    gave = dismiss(sent, by=officer)
    dismissals.confirm(gave, by=senior)
    dismissals.reopen(gave, by=officer, why="The register was wrong.")
    said = [step.text for step in Case.objects.get(shipment=sent).steps.all() if step.by]
    assert said == [
        f"dismissed the match with {WORKS['name']}: {BECAUSE}",
        f"confirmed the dismissal of the match with {WORKS['name']}",
        f"took back the dismissal of the match with {WORKS['name']}: The register was wrong.",
    ]
    events = AuditEvent.objects.filter(object_type="dismissal", object_id=str(gave.pk)).order_by("number")
    assert [(event.action, event.by) for event in events] == [
        ("dismissal.given", officer),
        ("dismissal.confirmed", senior),
        ("dismissal.reopened", officer),
    ]
    assert events[0].details["because"] == BECAUSE
    audit.verify()


def test_a_proposal_made_before_is_taken_back_and_its_officer_told() -> None:
    sent = shipment()
    case = Case.objects.get(shipment=sent)
    officer = factories.officer()
    cases.propose(case, by=officer, version=case.version, kind="refuse", legal_basis="Article 15", reason="Diversion")
    dismiss(sent)
    work(sent)
    case.refresh_from_db()
    assert case.state == CaseState.IN_REVIEW
    assert officer.notices.exists()


# Other days, other policies


def test_as_of_a_day_the_dismissals_count_that_were_in_force_when_it_ended() -> None:
    today = timezone.localdate()
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    long_ago = noon - timedelta(days=400)
    Snapshot.objects.exclude(state="published").update(in_force_from=long_ago - timedelta(days=1))
    Snapshot.objects.filter(state="published").update(in_force_from=long_ago)
    sent, gave = dismissed(EQUAL)
    with time_machine.travel(noon + timedelta(days=5), tick=False):
        dismissals.confirm(gave, by=factories.senior_officer())
    with time_machine.travel(noon + timedelta(days=9), tick=False):
        dismissals.reopen(gave, by=factories.officer(), why="The register was wrong.")
    with time_machine.travel(noon + timedelta(days=12), tick=False):
        found = {days: as_of.as_of(sent, today + timedelta(days=days)).then.outcome for days in (-1, 0, 4, 5, 8, 9, 12)}
    banned, clear = Outcome.PROHIBITED, Outcome.CLEAR
    assert found == {-1: banned, 0: banned, 4: banned, 5: clear, 8: clear, 9: banned, 12: banned}


def test_a_backtest_judges_with_the_dismissals_of_today() -> None:
    sent = shipment()
    assert sent.latest_run is not None
    given = judging.kept([sent])[sent.pk]
    assert given.dismissals == ()
    gave = dismiss(sent)
    today = timezone.localdate()
    held = records.dismissals([sent.organisation_id], on=today)
    now = records.with_dismissals(given, held[sent.organisation_id], on=today)
    assert [one.number for one in now.dismissals] == [gave.pk]
    assert now.screened_on == today


def test_a_run_costs_one_query_more_for_its_dismissals(django_assert_num_queries: Any) -> None:
    sent, _ = dismissed()
    revision = ShipmentRevision.objects.select_related("shipment").get(pk=sent.current_id)
    with django_assert_num_queries(1):
        assert records.held(revision).dismissals


def test_facts_kept_before_there_were_dismissals_replay_with_their_digest() -> None:
    sent = shipment()
    run = sent.latest_run
    assert run is not None and run.facts is not None
    assert not {"dismissals", "screened_on"} & set(run.facts)
    assert runs.replay(run) == []


# Suggestions


def suggested(sent: Shipment) -> list[tuple[int, str]]:
    hits = met.hits(Shipment.objects.get(pk=sent.pk).latest_run)
    return [(row.pk, why) for row, why in earlier(sent, hits)[0].suggestions]


def test_a_dismissal_of_another_exporter_is_suggested_and_never_applied() -> None:
    _, gave = dismissed()
    other = shipment()
    assert suggested(other) == [(gave.pk, "it was given for another exporter")]
    assert reasons(again(other)) == BACK


def test_the_same_name_with_other_details_and_a_changed_entry_are_suggested_with_what_differs() -> None:
    sent, gave = dismissed()
    owner = factories.exporter(organisation=sent.organisation)
    assert suggested(shipment(by=owner, address="2 Other Street")) == [(gave.pk, "the details of the party differ")]
    lists(WORKS | {"programme": "NPWMD"})
    assert suggested(again(sent)) == [(gave.pk, "the entry has changed since")]


def test_another_party_another_entry_and_what_was_reopened_are_not_suggested() -> None:
    _, gave = dismissed()
    assert suggested(shipment("Zvezdniy Ordnance Works")) == []
    dismissals.reopen(gave, by=factories.officer(), why="The register was wrong.")
    assert suggested(shipment()) == []


def test_the_commands_verify_after_dismissals() -> None:
    dismissed()
    call_command("verify_audit")
