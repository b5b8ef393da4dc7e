"""What officers may do with a case, in which order, and what the second of two is told."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from screening import audit, cases
from screening.models import AuditEvent, Case, CaseState, Decision, Outcome
from screening.permissions import NotAllowed
from tests import factories

pytestmark = pytest.mark.django_db
GROUNDS: dict[str, Any] = {"kind": "refuse", "legal_basis": "2021/821 Article 15", "reason": "Diversion is likely."}


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_an_officer_takes_a_case() -> None:
    officer, case = factories.officer(), factories.case()
    taken = cases.assign(case, by=officer, version=case.version)
    assert (taken.state, taken.assigned_to, taken.version) == (CaseState.IN_REVIEW, officer, 2)


def test_only_a_senior_officer_gives_a_case_to_another() -> None:
    officer, other, case = factories.officer(), factories.officer(), factories.case()
    with pytest.raises(NotAllowed, match="senior officer"):
        cases.assign(case, by=officer, version=case.version, to=other)
    cases.assign(case, by=factories.senior_officer(), version=case.version, to=other)
    assert fresh(case).assigned_to == other


def test_a_case_is_not_given_to_an_exporter() -> None:
    case = factories.case()
    with pytest.raises(NotAllowed, match="licensing officer"):
        cases.assign(case, by=factories.senior_officer(), version=case.version, to=factories.exporter())


def test_a_second_officer_must_confirm() -> None:
    senior = factories.senior_officer()
    case = factories.proposed(senior)
    with pytest.raises(NotAllowed, match="another senior officer"):
        cases.confirm(case, by=senior, version=case.version)
    decision = cases.confirm(case, by=factories.senior_officer(), version=case.version)
    assert decision.proposed_by == senior
    assert decision.confirmed_at is not None
    assert fresh(case).state == CaseState.DECIDED


def test_an_officer_who_is_not_senior_does_not_confirm() -> None:
    case = factories.proposed(factories.officer())
    with pytest.raises(NotAllowed, match="senior officer"):
        cases.confirm(case, by=factories.officer(), version=case.version)
    assert fresh(case).state == CaseState.PROPOSED


def test_the_database_holds_four_eyes_too() -> None:
    senior = factories.senior_officer()
    case = factories.proposed(senior)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(case=case).update(confirmed_by=senior, confirmed_at=timezone.now())


def test_who_and_when_are_stored_together_or_not_at_all() -> None:
    case = factories.proposed(factories.officer())
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(case=case).update(confirmed_by=factories.senior_officer())


@pytest.mark.parametrize("missing", ["legal_basis", "reason"])
def test_a_decision_needs_a_legal_basis_and_a_reason(missing: str) -> None:
    officer = factories.officer()
    case = factories.case(assigned_to=officer)
    with pytest.raises(cases.Incomplete) as refused:
        cases.propose(case, by=officer, version=case.version, **(GROUNDS | {missing: "  "}))
    assert list(refused.value.errors) == [missing]
    assert fresh(case).state == CaseState.IN_REVIEW


def test_conditions_are_written_where_they_are_promised() -> None:
    officer = factories.officer()
    case = factories.case(assigned_to=officer)
    with pytest.raises(cases.Incomplete) as refused:
        cases.propose(case, by=officer, version=case.version, **(GROUNDS | {"kind": "approve_with_conditions"}))
    assert list(refused.value.errors) == ["conditions"]


def test_an_unknown_decision_is_refused() -> None:
    officer = factories.officer()
    case = factories.case(assigned_to=officer)
    with pytest.raises(cases.Incomplete, match="Choose one"):
        cases.propose(case, by=officer, version=case.version, **(GROUNDS | {"kind": "maybe"}))


def test_only_the_officer_who_holds_the_case_proposes() -> None:
    case = factories.case(assigned_to=factories.officer(first_name="Anna"))
    with pytest.raises(NotAllowed, match="Anna holds this case"):
        cases.propose(case, by=factories.officer(), version=case.version, **GROUNDS)


def test_the_second_of_two_officers_is_told_what_happened() -> None:
    anna, case = factories.officer(first_name="Anna"), factories.case()
    seen_by_both = case.version
    cases.propose(case, by=anna, version=seen_by_both, **GROUNDS)
    with pytest.raises(cases.CaseChanged, match="Anna proposed “Refuse”"):
        cases.propose(case, by=factories.officer(), version=seen_by_both, **GROUNDS)
    assert Decision.objects.filter(case=case).count() == 1


def test_a_proposal_goes_back_with_a_reason() -> None:
    officer, senior = factories.officer(), factories.senior_officer()
    case = factories.proposed(officer)
    with pytest.raises(cases.Incomplete):
        cases.send_back(case, by=senior, version=case.version, reason=" ")
    decision = cases.send_back(case, by=senior, version=case.version, reason="Ask the end user first.")
    assert (decision.sent_back_by, decision.confirmed_by) == (senior, None)
    assert fresh(case).state == CaseState.IN_REVIEW
    cases.propose(fresh(case), by=officer, version=fresh(case).version, **GROUNDS)


def test_whoever_proposed_may_take_the_proposal_back_and_no_other_junior() -> None:
    officer = factories.officer()
    case = factories.proposed(officer)
    with pytest.raises(NotAllowed, match="sends a decision back"):
        cases.send_back(case, by=factories.officer(), version=case.version, reason="I disagree.")
    cases.send_back(case, by=officer, version=case.version, reason="A mistake in the legal basis.")
    assert fresh(case).state == CaseState.IN_REVIEW


def test_a_decided_case_moves_only_by_being_reopened() -> None:
    officer, senior = factories.officer(), factories.senior_officer()
    case = factories.proposed(officer)
    cases.confirm(case, by=senior, version=case.version)
    decided = fresh(case)
    with pytest.raises(NotAllowed, match="Decided"):
        cases.propose(decided, by=officer, version=decided.version, **GROUNDS)
    with pytest.raises(NotAllowed, match="senior officer"):
        cases.reopen(decided, by=officer, version=decided.version, reason="New facts.")
    cases.reopen(decided, by=senior, version=decided.version, reason="New facts.")
    assert fresh(case).state == CaseState.IN_REVIEW
    assert Decision.objects.get(case=case).superseded_at is not None


@pytest.mark.parametrize("role", ["exporter", "auditor", "policy_editor", "administrator"])
def test_nobody_but_officers_works_on_cases(role: str) -> None:
    by, case, proposal = factories.user(role), factories.case(), factories.proposed(factories.officer())
    with pytest.raises(NotAllowed):
        cases.assign(case, by=by, version=case.version)
    with pytest.raises(NotAllowed):
        cases.propose(case, by=by, version=case.version, **GROUNDS)
    with pytest.raises(NotAllowed):
        cases.confirm(proposal, by=by, version=proposal.version)


def test_an_officer_whose_account_is_closed_does_nothing() -> None:
    officer, case = factories.officer(is_active=False), factories.case()
    with pytest.raises(NotAllowed):
        cases.assign(case, by=officer, version=case.version)


def test_a_changed_outcome_sends_a_proposal_back() -> None:
    case = factories.proposed(factories.officer())
    cases.open_or_update(case.shipment, outcome=Outcome.PROHIBITED, priority=False)
    changed = fresh(case)
    assert (changed.state, changed.outcome) == (CaseState.IN_REVIEW, Outcome.PROHIBITED)
    with pytest.raises(cases.CaseChanged, match="The system screened the shipment again"):
        cases.confirm(changed, by=factories.senior_officer(), version=case.version)


def test_a_clear_shipment_opens_no_case() -> None:
    assert not Case.objects.filter(shipment=factories.screened(Outcome.CLEAR)).exists()


def test_every_move_is_in_the_history_and_in_the_audit_log() -> None:
    officer, senior = factories.officer(), factories.senior_officer()
    case = factories.proposed(officer)
    cases.confirm(case, by=senior, version=case.version)
    moves = ["open", "assign", "propose", "confirm"]
    assert [step.move for step in case.steps.all()] == moves
    recorded = AuditEvent.objects.filter(object_type="case", object_id=str(case.pk)).order_by("number")
    assert [event.action for event in recorded] == [f"case.{move}" for move in moves]
    assert recorded[3].by == senior
    assert audit.verify() == AuditEvent.objects.count()


def test_a_refused_move_leaves_no_trace() -> None:
    case = factories.proposed(factories.officer())
    before = AuditEvent.objects.count(), case.version
    with pytest.raises(NotAllowed):
        cases.confirm(case, by=factories.officer(), version=case.version)
    assert (AuditEvent.objects.count(), fresh(case).version) == before


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2026-12-15", "2027-01-15"),
        ("2028-01-30", "2028-02-29"),
        ("2026-04-01", "2026-05-01"),
    ],
)
def test_a_case_is_due_a_month_after_receipt(received: str, due: str) -> None:
    assert cases.due(datetime.fromisoformat(received).replace(tzinfo=UTC)).date().isoformat() == due
