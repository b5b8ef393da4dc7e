"""Officers confirm classifications; like lines find them, and they expire when what they stand on changes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies import snapshots
from policies.engine.classify.card import Source, compare
from screening import audit, cases, precedents
from screening.classification_permissions import can_confirm_classification, can_withdraw_classification
from screening.lookup import NoPolicy
from screening.models import AuditEvent, Case, KeyKind, Precedent, PrecedentKey, Run
from screening.permissions import NotAllowed
from screening.precedents import NoSuchLine, Statement
from screening.precedents.evidence import on_card, source
from screening.precedents.finding import Found, find_all
from screening.precedents.listing import judge
from screening.precedents.lists import in_force
from screening.views.earlier_classifications import of_lines
from tests import factories
from tests.precedents import COOLER, STATEMENT, WHY, case, change, confirm, found

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


# Finding


def test_the_same_part_number_of_the_same_organisation_is_found_first() -> None:
    owner = factories.exporter()
    part = confirm(case("Spare unit KX4410-B", by=owner))
    like = confirm(case("Dilution refrigerator", by=owner))
    first, second = found(case("Dilution refrigerator, KX4410-B kx-4410/b", by=owner))
    assert (first.precedent, first.same, first.ended) == (part, ("kx4410b",), "")
    assert (second.precedent, second.same) == (like, ())
    assert second.likeness > 0.5 and set(second.words) == {"dilution", "refrigerator"}


def test_another_organisations_part_or_cas_number_counts_for_nothing_and_like_words_do() -> None:
    confirm(case("Spare unit KX-4410/B", cas_number="111-48-8"))
    assert found(case("Bracket KX-4410/B", cas_number="111-48-8")) == []
    like = confirm(case("Dilution refrigerator"))
    (only,) = found(case("Refrigerators of the dilution kind"))
    assert (only.precedent, only.same) == (like, ())


def test_the_same_substance_of_the_same_organisation_is_found() -> None:
    owner = factories.exporter()
    made = confirm(case("Drum of liquid", by=owner, cas_number="111-48-8"), code="1C350.1")
    (only,) = found(case("Solvent", by=owner, cas_number="111-48-8"))
    assert (only.precedent, only.same) == (made, ("111-48-8",))


def test_what_was_withdrawn_crowds_out_nothing_that_stands() -> None:
    owner = factories.exporter()
    opened = case("Unit KX-4410/B", by=owner)
    last = ""
    for number in range(7):
        last = str(confirm(opened, reason=f"{WHY} Again, {number}.", instead_of=last).public_id)
    like = confirm(case("Dilution refrigerator"))
    shown = found(case("Dilution refrigerator KX-4410/B", by=owner))
    assert [item.valid for item in shown] == [True, True, False, False, False]
    assert shown[1].precedent == like


def test_at_most_five_are_shown_and_unlike_goods_none() -> None:
    for _number in range(7):
        confirm(case("Dilution refrigerator"))
    assert len(found(case("Dilution refrigerator"))) == 5
    assert found(case("Wooden table leg")) == found(case("")) == []


# Expiring


def test_it_expires_when_the_list_entry_changes_and_not_when_another_does() -> None:
    opened = case(COOLER)
    confirm(opened)
    change("5A002", heading="Quite other goods")
    (still,) = found(opened)
    assert still.valid
    change("3A504", heading="Refrigerators that reach less")
    (ended,) = found(opened)
    assert "The list entry changed with goods/" in ended.ended
    assert source([ended]) is not None
    assert source([ended]).codes == ()  # type: ignore[union-attr]


def test_one_that_says_not_listed_expires_with_the_entry_that_was_considered() -> None:
    opened = case(COOLER)
    confirm(opened, code="", considered="3A504")
    said = source(found(opened))
    assert said is not None
    assert (said.codes, said.against) == ((), ("3A504",))
    change("3A504", heading="Refrigerators that reach less")
    assert not found(opened)[0].valid


def test_it_expires_on_its_date_with_the_statement_and_when_it_is_withdrawn() -> None:
    opened, today = case(COOLER), timezone.localdate()
    until = Statement("ES-1", "Institute", today, today + timedelta(days=10))
    made = confirm(opened, until=today + timedelta(days=20), statement=until)
    said = {0: "", 10: "", 11: "The expert statement expired on", 21: "It expired on"}
    for days, sentence in said.items():
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            (only,) = found(opened)
            assert only.ended.startswith(sentence) and only.valid == (not sentence)
    precedents.withdraw(made, why="It was wrong.", by=factories.officer())
    assert "It was wrong." in found(opened)[0].ended


# On the card


def test_the_card_holds_them_against_every_other_source() -> None:
    opened = case(COOLER)
    confirm(opened)
    declared = {"kind": "declared", "value": "1A001", "says": "", "codes": ["1A001"], "against": [], "sure": True}
    hs = {"kind": "hs", "value": "841869", "says": "", "codes": ["3A504"], "against": [], "sure": False}
    card = on_card({"sources": [declared, hs], "pairs": []}, found(opened))
    assert [item["kind"] for item in card["sources"]] == ["declared", "hs", "precedents"]
    assert [(pair["left"], pair["verdict"]) for pair in card["pairs"]] == [("declared", "disagree"), ("hs", "agree")]
    assert on_card({"sources": [hs], "pairs": []}, []) == {"sources": [hs], "pairs": []}


def verdict(declared: str, found: Sequence[Found]) -> str:
    said = source(found)
    assert said is not None
    return compare(Source("declared", declared, "", (declared,), sure=True), said)


def test_like_goods_are_no_surer_beside_a_precedent_of_the_same_part() -> None:
    owner = factories.exporter()
    confirm(case(COOLER, by=owner), code="3A504")
    confirm(case("Dilution refrigerator"), code="5A002")
    both = found(case(COOLER, by=owner))
    said = source(both)
    assert said is not None and (said.codes, said.sure) == (("3A504",), True)
    assert said.says == "3A504; like goods: 5A002"
    assert [verdict(code, both) for code in ("3A504", "1A001", "5A002")] == ["agree", "disagree", "disagree"]
    like = [item for item in both if not item.same]
    assert [verdict(code, like) for code in ("5A002", "1A001")] == ["agree", "open"]


def test_like_goods_that_no_list_holds_rule_nothing_out() -> None:
    confirm(case("Dilution refrigerator"), code="", considered="3A504")
    like = found(case("Dilution refrigerator"))
    said = source(like)
    assert said is not None and (said.says, said.against) == ("not 3A504", ())
    assert verdict("3A504", like) == "open"


def test_what_the_same_part_was_freed_of_is_not_taken_up_from_like_goods() -> None:
    owner = factories.exporter()
    confirm(case(COOLER, by=owner), code="", considered="3A504")
    confirm(case("Dilution refrigerator"), code="3A504")
    assert verdict("3A504", found(case(COOLER, by=owner))) == "disagree"


def test_three_hundred_lines_ask_no_more_of_the_database_than_one() -> None:
    confirm(case(COOLER))
    many = case(*(f"Dilution refrigerator type KX-{number}/B" for number in range(300)))
    goods, counts = in_force().goods, []
    lines = list(many.shipment.lines.all())
    for asked in (lines[:1], lines):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            find_all(asked, organisation=many.shipment.organisation, goods=goods, on=timezone.localdate())
        counts.append(len(queries))
    assert counts == [2, 2]


def test_without_a_policy_nothing_is_confirmed_and_the_case_still_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = case(COOLER)
    confirm(opened)
    monkeypatch.setattr(snapshots, "current", lambda: None)
    with pytest.raises(NoPolicy):
        confirm(opened, code="5A002")
    assert of_lines(opened.shipment) == {}
    assert judge() is None
