"""Like lines find what officers confirmed; it expires when what it stands on changes, and speaks on the card."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies import snapshots
from policies.engine.classify.card import Source, compare
from screening import precedents
from screening.lookup import NoPolicy
from screening.models import Precedent, PrecedentKey
from screening.precedents import Statement
from screening.precedents.evidence import on_card, source
from screening.precedents.finding import Found, find_all
from screening.precedents.listing import judge
from screening.precedents.lists import in_force
from screening.views.earlier_classifications import of_lines
from tests import factories
from tests.precedents import COOLER, WHY, case, change, confirm, found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


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


@pytest.mark.parametrize("ended", ["withdrawn", "expired", "changed"])
@pytest.mark.parametrize("text", ["Bracket KX-4410/B", "Dilution refrigerator"])
def test_however_many_newer_ones_have_ended_an_older_valid_one_is_found(ended: str, text: str) -> None:
    owner = factories.exporter()
    opened = case(COOLER, by=owner)
    mine = confirm(opened)
    yesterday = timezone.localdate() - timedelta(days=1)
    of: dict[str, dict[str, Any]] = {
        "withdrawn": {"withdrawn_by": mine.by, "withdrawn_at": timezone.now(), "withdrawn_why": "It was wrong."},
        "expired": {"until": yesterday},
        "changed": {"entry_digest": "0" * 64},
    }
    for number in range(13):
        Precedent.objects.filter(pk=again(mine, line_number=number + 2).pk).update(**of[ended])
    shown = found(case(text, by=owner))
    assert (shown[0].precedent, shown[0].valid) == (mine, True)
    assert [item.valid for item in shown[1:]] == [False] * 4


def again(made: Precedent, **columns: Any) -> Precedent:
    """Another row like one that was confirmed, with its keys."""
    row = Precedent.objects.get(pk=made.pk)
    row.pk, row.public_id = None, uuid.uuid4()
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    PrecedentKey.objects.bulk_create(
        PrecedentKey(precedent=row, kind=key.kind, value=key.value) for key in made.keys.all()
    )
    return row


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
