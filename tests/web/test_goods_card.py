"""The conflict card, its candidates and questions on the pages of a case and of a shipment, and what-if answers."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening import runs
from screening.models import Case, Run, Shipment, ShipmentRevision
from tests import factories
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]
MACHINE = {"description": "5-axis machining centre", "hs_code": "845710"}


def screened(*lines: dict[str, Any], **changes: Any) -> Shipment:
    numbered = [{"number": number, **line} for number, line in enumerate(lines, start=1)]
    shipment = factories.shipment(lines=numbered, destination="IN", shipment_date="2026-12-01", **changes)
    runs.screen(Run.objects.get(revision=shipment.current).pk)
    return Shipment.objects.get(pk=shipment.pk)


def case_page(shipment: Shipment) -> str:
    return str(browser(factories.officer()).get(f"/cases/{shipment.public_id}/").content.decode())


def goods(page: str) -> str:
    return page.split('id="goods"')[1].split("</section>")[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def what_if(shipment: Shipment, **given: str) -> Any:
    return browser(factories.officer()).get(reverse("screening:what_if", args=[shipment.public_id]), given)


def test_a_conflict_is_named_by_word_and_icon_with_its_candidates_and_their_evidence() -> None:
    card = goods(case_page(screened({"description": "dilution refrigerator", "control_code": "1A001"})))
    text = words(card)
    assert "1 conflict" in text and "Differ Declared code – description" in text
    assert "3A504" in text and "Contradicts the declaration" in text
    assert "for: “dilution refrigerator”" in text
    assert 'aria-label="Chance"' in card
    assert re.search(r'class="badge tone-licence_required"><svg', card)
    assert '<details class="line-card" open>' in card


def test_lines_with_nothing_to_say_are_folded_and_say_so() -> None:
    card = goods(case_page(screened({"description": "uranium hexafluoride"}, {"description": "wooden table leg"})))
    first, second = card.split('class="line-card"')[1:]
    assert first.startswith(" open")
    assert "0C001" in words(first)
    if not second.startswith(" open"):
        assert "Nothing speaks against the declaration." in words(second)


def test_the_finding_names_candidates_how_likely_they_are_and_what_would_settle_it() -> None:
    shipment = screened(MACHINE)
    assert shipment.latest_run is not None
    finding = shipment.latest_run.findings.get(rule="GOODS-MISMATCH")
    (first, *_others) = finding.evidence["candidates"]
    assert first["code"].startswith("2B") and first["score"] > 0.5 and first["questions"]
    text = words(case_page(shipment))
    assert f"Could be {first['code']}" in text
    assert f"Would settle {first['code']}" in text
    assert first["questions"][0]["text"] in text


def test_a_run_of_an_older_engine_is_shown_as_before() -> None:
    shipment = screened({"description": "dilution refrigerator"})
    run = shipment.latest_run
    assert run is not None
    evidence = {"code": "3A504", "heading": "Cryogenic cooling", "kind": "phrase", "text": "a phrase", "strong": True}
    run.classifications = [{"line": 1, "entries": [], "evidence": [evidence], "mismatch": ["3A504"]}]
    run.save()
    text = words(goods(case_page(shipment)))
    assert "Evidence also names 3A504" in text and "Cryogenic cooling: a phrase strong" in text
    run.classifications = [{"line": 1}]
    run.save()
    assert "not listed" in words(goods(case_page(shipment)))


def test_further_sources_of_the_card_are_shown_to_officers_and_not_to_the_exporter() -> None:
    shipment = screened({"description": "dilution refrigerator", "control_code": "3A504"})
    run = shipment.latest_run
    assert run is not None
    row = run.classifications[0]
    row["card"]["sources"].append(
        {"kind": "precedents", "value": "C-2024-7", "says": "decided by A. Kalns", "codes": []}
    )
    row["card"]["pairs"].append({"left": "declared", "right": "precedents", "verdict": "disagree", "text": ""})
    run.save()
    assert "Earlier decisions C-2024-7 decided by A. Kalns" in words(goods(case_page(shipment)))
    assert "Differ Declared code – earlier decisions" in words(goods(case_page(shipment)))
    exporter = browser(factories.exporter(organisation=shipment.organisation))
    page = exporter.get(f"/shipments/{shipment.public_id}/").content.decode()
    assert "A. Kalns" not in page and "Earlier decisions" not in page


def test_the_exporter_reads_the_open_questions_of_the_lines() -> None:
    shipment = screened(MACHINE)
    exporter = browser(factories.exporter(organisation=shipment.organisation))
    page = exporter.get(f"/shipments/{shipment.public_id}/").content.decode()
    asked = page.split('id="open-questions"')[1].split("</section>")[0]
    assert shipment.latest_run is not None
    for question in shipment.latest_run.classifications[0]["candidates"][0]["questions"]:
        assert question["text"] in words(asked)
    assert "what-if" not in page


def test_what_the_form_sent_is_never_markup() -> None:
    page = case_page(screened({"description": "<script>alert(1)</script> uranium hexafluoride <b>bold</b>"}))
    assert "<script>alert" not in page and "<b>bold" not in page
    assert "holds markup" in page


def test_three_hundred_lines_ask_no_more_of_the_database_than_one() -> None:
    lines = [{**MACHINE, "description": f"5-axis machining centre type {number}"} for number in range(299)]
    small, large = screened(MACHINE), screened(MACHINE, *lines)
    counts = []
    for shipment in (small, large):
        client = browser(factories.officer())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(f"/cases/{shipment.public_id}/").content.decode()
        counts.append(len(queries))
        assert goods(page).count('class="line-card"') == (1 if shipment == small else 300)
    assert counts[0] == counts[1]


def test_an_answer_shows_another_classification_and_changes_nothing() -> None:
    shipment = screened(MACHINE)
    before = list(Run.objects.values()), list(ShipmentRevision.objects.values())
    offered = what_if(shipment).content.decode()
    assert "Not stored" in offered
    assert shipment.latest_run is not None
    question = next(
        one for one in shipment.latest_run.classifications[0]["questions"] if one["operator"] in ("<", "<=")
    )
    answer = what_if(shipment, line="1", **{f"number-{question['name']}": "900000", f"unit-{question['name']}": "x"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{question['name']} = 900000" in words(page)
    assert "Without the answers" in page
    assert 'value="900000"' in page
    assert (list(Run.objects.values()), list(ShipmentRevision.objects.values())) == before


@pytest.mark.parametrize("wrong", ["many", "-3", "4 parsecs", "NaN", "1e999"])
def test_an_answer_that_is_no_number_is_told_at_its_field(wrong: str) -> None:
    shipment = screened(MACHINE)
    answer = what_if(shipment, line="1", **{"number-positioning_accuracy": wrong, "unit-positioning_accuracy": "um"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="what-if-1-number-positioning_accuracy_error"' in page
    assert "is not a number" in page or "is negative" in page
    assert "Without the answers" not in page


@pytest.mark.parametrize("line", ["7", "x", "-1", "9" * 40])
def test_a_line_that_is_not_there_has_no_what_if(line: str) -> None:
    assert what_if(screened(MACHINE), line=line).status_code == 404


def test_what_if_is_for_those_who_see_the_case() -> None:
    shipment = screened(MACHINE)
    path = reverse("screening:what_if", args=[shipment.public_id])
    assert browser(factories.auditor()).get(path).status_code == 200
    assert browser(factories.exporter(organisation=shipment.organisation)).get(path).status_code == 403


def test_a_failed_run_can_still_be_asked_what_if() -> None:
    shipment = factories.case(lines=[{"number": 1, **MACHINE}]).shipment
    Run.objects.filter(pk=shipment.latest_run_id).update(facts=None, state="failed", snapshot_hash="")
    assert what_if(shipment).status_code == 200
    assert Case.objects.get(shipment=shipment).version
