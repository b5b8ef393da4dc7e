"""Officers confirm classifications of lines and withdraw them; what is none is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from screening import audit, cases, precedents
from screening.classification_permissions import can_confirm_classification, can_withdraw_classification
from screening.models import AuditEvent, Case, KeyKind, Precedent, PrecedentKey, Run
from screening.permissions import NotAllowed
from screening.precedents import NoSuchLine, Statement
from tests import factories
from tests.precedents import COOLER, STATEMENT, WHY, case, confirm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


# Confirming


def test_it_keeps_who_when_why_the_edition_and_the_statement() -> None:
    officer = factories.officer()
    made = confirm(case(COOLER, hs_code="841869"), by=officer, code="3a504", statement=STATEMENT)
    kept = Precedent.objects.get()
    assert kept == made
    assert (kept.code, kept.by, kept.reason, kept.description) == ("3A504", officer, WHY, COOLER)
    assert (kept.part_numbers, kept.hs_code, kept.statement_number) == (["kx4410b"], "841869", "ES-2026-17")
    assert kept.list.startswith("goods/") and len(kept.entry_digest) == len(kept.snapshot_hash) == 64
    assert kept.until == timezone.localdate() + timedelta(days=730)
    assert PrecedentKey.objects.filter(kind=KeyKind.PART).get().value == "kx4410b"
    assert PrecedentKey.objects.filter(kind=KeyKind.WORD, value="e:refriger").exists()


def test_it_stands_in_the_history_and_the_audit_log_and_changes_nothing_of_the_result() -> None:
    opened = case(COOLER)
    made, before = confirm(opened), Case.objects.get(pk=opened.pk)
    assert (before.state, before.outcome) == (opened.state, opened.outcome)
    assert Run.objects.count() == 1
    step = opened.steps.get(move="classify")
    assert step.text == f"confirmed the classification of line 1 as 3A504: {WHY}"
    event = AuditEvent.objects.get(action="precedent.confirmed")
    assert (event.object_id, event.details["code"]) == (str(made.public_id), "3A504")
    assert audit.verify()


def test_a_second_click_makes_no_second_and_another_classification_replaces_the_first() -> None:
    opened, officer = case(COOLER), factories.officer()
    first = confirm(opened, by=officer)
    assert confirm(opened, by=factories.officer()) == first
    assert Precedent.objects.count() == AuditEvent.objects.filter(action="precedent.confirmed").count() == 1
    second = confirm(opened, by=officer, code="", considered="3A504", instead_of=str(first.public_id))
    first.refresh_from_db()
    assert "Replaced by a newer" in first.withdrawn_why
    assert (second.code, second.considered, second.withdrawn_at) == ("", "3A504", None)


def test_an_officer_who_did_not_see_a_colleagues_classification_replaces_nothing() -> None:
    opened, colleague = case(COOLER), factories.officer(first_name="Anna", last_name="Ozola")
    first = confirm(opened, by=colleague)
    before = AuditEvent.objects.count(), opened.steps.count()
    for stale in ("", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(precedents.AlreadyConfirmed, match="Anna Ozola confirmed line 1 as 3A504 on") as refused:
            confirm(opened, code="", considered="3A504", instead_of=stale)
        assert refused.value.existing == first
    assert Precedent.objects.get().withdrawn_at is None
    assert (AuditEvent.objects.count(), opened.steps.count()) == before
    precedents.withdraw(first, why="It was wrong.", by=colleague)
    assert confirm(opened, code="", considered="3A504", instead_of=str(first.public_id)).withdrawn_at is None


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"code": "9Z999"}, "code", "No control list in force holds “9Z999”."),
        ({"code": "EAR99"}, "code", "No control list in force holds “EAR99”."),
        ({"code": "x" * 500}, "code", "No control list"),
        ({"code": ""}, "considered", "name the entry that was considered"),
        ({"code": "", "considered": "soup"}, "considered", "No control list in force holds “soup”."),
        ({"reason": " so "}, "reason", "Say in a few words"),
        ({"until": timezone.localdate() - timedelta(days=1)}, "until", "Choose a day from today"),
        ({"until": timezone.localdate() + timedelta(days=9999)}, "until", "Choose a day from today"),
        ({"statement": Statement("ES-1")}, "statement_by", "needs its number"),
        ({"statement": Statement("", "Institute")}, "statement_number", "needs its number"),
        ({"statement": Statement("ES-1", "Institute")}, "statement_on", "needs its number"),
        ({"statement": Statement("1" * 101, "I", timezone.localdate())}, "statement_number", "At most 100"),
        (
            {"statement": Statement("1", "I", timezone.localdate() + timedelta(days=2))},
            "statement_on",
            "cannot be issued after today",
        ),
        (
            {"statement": Statement("1", "I", timezone.localdate(), timezone.localdate() - timedelta(days=1))},
            "statement_until",
            "not valid any more",
        ),
    ],
)
def test_what_is_no_classification_is_refused_with_a_sentence_at_its_field(
    said: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(cases.Incomplete) as refused:
        confirm(case(COOLER), **said)
    assert sentence in refused.value.errors[field]
    assert not Precedent.objects.exists() and not AuditEvent.objects.filter(action__startswith="precedent").exists()


def test_a_line_that_is_gone_or_was_corrected_meanwhile_is_not_classified() -> None:
    opened = case(COOLER)
    for given in ({"line": 2}, {"seen": "0" * 64}):
        with pytest.raises(NoSuchLine, match="not in the shipment any more"):
            confirm(opened, **given)


def test_only_officers_confirm_and_withdraw_and_not_for_their_own_organisation() -> None:
    owner = factories.exporter()
    opened = case(COOLER, by=owner)
    made = confirm(opened)
    inside = factories.officer()
    inside.organisation = owner.organisation  # the database would not keep it
    for person in (owner, factories.auditor(), factories.administrator(), inside):
        assert not can_confirm_classification(person, opened)
        assert not can_withdraw_classification(person, made)
        with pytest.raises(NotAllowed):
            confirm(opened, by=person)
        with pytest.raises(NotAllowed):
            precedents.withdraw(made, why="It was wrong.", by=person)
    assert can_confirm_classification(factories.senior_officer(), opened)


def test_it_is_withdrawn_once_with_a_reason_and_stays_on_record() -> None:
    made, officer = confirm(case(COOLER)), factories.officer()
    with pytest.raises(cases.Incomplete):
        precedents.withdraw(made, why="  ", by=officer)
    gone = precedents.withdraw(made, why="The data sheet was of another type.", by=officer)
    assert (gone.withdrawn_by, gone.withdrawn_why) == (officer, "The data sheet was of another type.")
    with pytest.raises(NotAllowed, match="withdrawn before"):
        precedents.withdraw(made, why="Again.", by=officer)
    assert AuditEvent.objects.filter(action="precedent.withdrawn").count() == 1
    assert audit.verify()


@pytest.mark.parametrize(
    "broken",
    [{"reason": ""}, {"code": "", "considered": ""}, {"entry_digest": ""}, {"statement_number": "1"}]
    + [{"withdrawn_why": "x"}],
)
def test_the_database_refuses_half_a_classification(broken: dict[str, str]) -> None:
    made = confirm(case(COOLER))
    with pytest.raises(IntegrityError), transaction.atomic():
        Precedent.objects.filter(pk=made.pk).update(**broken)
