"""Confirming a classification by a plain form, precedents beside a line and in their list, and what stays inside."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from screening import precedents
from screening.models import Case, Precedent, Run, Shipment
from screening.precedents import Statement
from tests import factories
from tests.api.conftest import SHIPMENTS, caller
from tests.precedents import COOLER, STATEMENT, WHY, case, change, confirm, screened
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]
LISTING = "/queue/precedents/"


def path(sent: Shipment, name: str = "case", line: int | None = None) -> str:
    return reverse(f"screening:{name}", args=[sent.public_id]) + (f"?line={line}" if line else "")


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def of(sent: Shipment) -> Case:
    return Case.objects.get(shipment=sent)


def test_an_officer_confirms_sees_it_beside_like_goods_and_withdraws_it_without_script() -> None:
    client = browser(factories.officer(first_name="Anna", last_name="Ozola"))
    sent = screened(COOLER)
    assert path(sent, "classification", 1) in client.get(path(sent)).content.decode()
    form = client.get(path(sent, "classification", 1)).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', form)
    assert seen and 'value="3A504"' in form
    given = {"seen": seen[1], "code": "3a504", "reason": WHY, "statement_number": "ES-1", "statement_by": "Institute"}
    today = timezone.localdate()
    answer = client.post(path(sent, "classification", 1), given | {"statement_on": today.isoformat()})
    assert answer.headers["Location"] == f"{path(sent)}#goods"
    made = Precedent.objects.get()
    page = words(client.get(path(screened("Refrigerators, dilution kind"))))
    assert f"Confirmed by Anna Ozola on {today.strftime('%-d %b %Y')} under goods/" in page
    assert "Words in common: refrigerators, dilution" in page
    assert "Expert statement ES-1 by Institute of" in page
    assert f"Valid until {made.until.strftime('%-d %b %Y')}" in page
    url = reverse("screening:precedent_withdraw", args=[made.public_id])
    assert url in client.get(path(sent)).content.decode()
    assert client.post(url, {"why": "", "case": sent.public_id}).status_code == 422
    answer = client.post(url, {"why": "The data sheet was wrong.", "case": sent.public_id})
    assert answer.headers["Location"] == f"{path(sent)}#goods"
    page = words(client.get(path(sent)))
    assert "Not valid It was withdrawn on" in page and "The data sheet was wrong." in page


def test_mistakes_stand_beside_their_fields_and_what_was_typed_is_kept() -> None:
    client, sent = browser(factories.officer()), case(COOLER).shipment
    given = {"code": "9Z999", "reason": "no", "until": "tomorrow", "statement_number": "<b>ES</b>"}
    answer = client.post(path(sent, "classification", 1), given | {"until": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "No control list in force holds “9Z999”." in page and "Say in a few words" in page
    assert "A statement needs its number" in page
    assert 'value="9Z999"' in page and "&lt;b&gt;ES" in page and "<b>ES" not in page
    assert client.post(path(sent, "classification", 1), given).status_code == 422
    assert client.get(path(sent, "classification", 7)).status_code == 404
    assert client.post(path(sent, "classification", 1), {"seen": "0" * 64, "code": "3A504"}).status_code == 409
    assert not Precedent.objects.exists()


def opened_form(client: Any, sent: Shipment) -> dict[str, str]:
    page = client.get(path(sent, "classification", 1)).content.decode()
    return {name: "".join(re.findall(rf'name="{name}" value="([^"]*)"', page)) for name in ("seen", "instead_of")}


def test_a_form_that_predates_a_colleagues_confirmation_is_a_conflict_and_keeps_what_was_typed() -> None:
    client, sent = browser(factories.officer()), case(COOLER).shipment
    carried = opened_form(client, sent)
    first = confirm(of(sent), by=factories.officer(first_name="Anna", last_name="Ozola"))
    typed = {"code": "", "considered": "3A504", "reason": "It reaches <b>less</b> cold.", "statement_number": "ES-9"}
    typed |= {"statement_by": "Institute", "statement_on": timezone.localdate().isoformat()}
    answer = client.post(path(sent, "classification", 1), carried | typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"Anna Ozola confirmed line 1 as 3A504 on \d+ \w+ \d{4}, \d\d:\d\d", words(answer))
    assert all(f'value="{typed[name]}"' in page for name in ("considered", "statement_number", "statement_by"))
    assert "It reaches &lt;b&gt;less&lt;/b&gt; cold." in page and f'value="{first.public_id}"' in page
    assert Precedent.objects.get().withdrawn_at is None
    again = client.post(path(sent, "classification", 1), carried | typed | {"instead_of": first.public_id})
    assert again.status_code == 302
    assert Precedent.objects.get(withdrawn_at=None).considered == "3A504"


def test_a_form_that_is_opened_on_a_classified_line_shows_what_it_would_replace() -> None:
    client, sent = browser(factories.officer()), case(COOLER).shipment
    confirm(of(sent), by=factories.officer(first_name="Anna", last_name="Ozola"))
    page = words(client.get(path(sent, "classification", 1)))
    assert "This line was classified by Anna Ozola on" in page and "What you confirm takes its place." in page
    given = opened_form(client, sent) | {"code": "3A504", "reason": "Measured once more."}
    assert client.post(path(sent, "classification", 1), given).status_code == 302
    assert Precedent.objects.get(withdrawn_at=None).reason == "Measured once more."


def test_the_conflict_card_names_where_earlier_decisions_differ_and_the_result_stays() -> None:
    owner = factories.exporter()
    confirm(of(screened(COOLER, by=owner)))
    sent = screened(COOLER, by=owner, control_code="1A001")
    before = list(Run.objects.values()), sent.outcome
    page = words(browser(factories.officer()).get(path(sent)))
    assert "Earlier decisions 1 valid of 1 3A504" in page
    assert "Differ Declared code – earlier decisions" in page
    assert (list(Run.objects.values()), Shipment.objects.get(pk=sent.pk).outcome) == before


def test_an_expired_one_is_shown_with_its_reason_and_speaks_for_nothing() -> None:
    owner = factories.exporter()
    confirm(of(screened(COOLER, by=owner)))
    sent = screened(COOLER, by=owner, control_code="1A001")
    change("3A504", heading="Refrigerators that reach less")
    page = words(browser(factories.officer()).get(path(sent)))
    assert "Not valid The list entry changed with goods/" in page
    assert "Earlier decisions 0 valid of 1 none is valid any more" in page
    assert "Differ Declared code – earlier decisions" not in page


def test_an_auditor_reads_and_does_nothing() -> None:
    made = confirm(of(screened(COOLER)))
    client, sent = browser(factories.auditor()), made.case.shipment
    page = client.get(path(sent)).content.decode()
    url = reverse("screening:precedent_withdraw", args=[made.public_id])
    assert WHY in page and url not in page and path(sent, "classification") not in page
    assert url not in client.get(LISTING).content.decode()
    assert client.post(url, {"why": "x"}).status_code == 403
    assert client.post(path(sent, "classification", 1), {"code": "3A504", "reason": WHY}).status_code == 403
    made.refresh_from_db()
    assert made.withdrawn_at is None


# The list


def test_the_list_is_searched_by_text_code_organisation_and_state() -> None:
    owner = factories.exporter(organisation=factories.organisation("Frost Works SIA"))
    cooler = confirm(case(COOLER, by=owner), statement=STATEMENT)
    other = confirm(case("Spare lamp"), code="", considered="6A005")
    client = browser(factories.officer())

    def shown(**asked: str) -> set[Precedent]:
        page = client.get(LISTING, asked).content.decode()
        return {row for row in (cooler, other) if f">{row.case.shipment.reference}<" in page}

    assert shown() == {cooler, other}
    for text in ("refrigerator", "kx 4410-b", "ES-2026", cooler.case.shipment.reference):
        assert shown(q=text) == {cooler}
    assert (shown(code="3a504"), shown(code="6A"), shown(organisation="frost")) == ({cooler}, {other}, {cooler})
    assert shown(state="expired") == shown(state="withdrawn") == shown(q="<script>") == set()
    precedents.withdraw(other, why="It was wrong.", by=factories.officer())
    change("3A504", heading="Refrigerators that reach less")
    assert (shown(), shown(state="expired"), shown(state="withdrawn")) == (set(), {cooler}, {other})


def test_the_list_has_pages_and_withdraws_in_place() -> None:
    for number in range(26):
        confirm(case(f"Lamp {number}"))
    client, made = browser(factories.officer()), Precedent.objects.latest("pk")
    assert "1–25 of 26" in words(client.get(LISTING)) and "26–26 of 26" in words(client.get(LISTING, {"page": "2"}))
    url = reverse("screening:precedent_withdraw", args=[made.public_id])
    assert client.post(url, {"why": " "}).status_code == 422
    assert client.post(url, {"why": "It was wrong."}).headers["Location"] == LISTING
    assert client.post(url, {"why": "It was wrong."}).status_code == 403
    assert LISTING in client.get(reverse("screening:queue")).content.decode()


# What stays inside


def test_an_exporter_reads_nothing_of_others_and_of_officers_on_its_page_or_in_the_api() -> None:
    others, owner = (
        factories.exporter(organisation=factories.organisation("Secret Cryogenics SIA")),
        factories.exporter(),
    )
    officer = factories.officer(first_name="Anna", last_name="Ozola")
    confirm(of(screened("Dilution refrigerator for Project Aurora", by=others)), by=officer, statement=STATEMENT)
    confirm(of(screened(COOLER, by=owner)), by=officer)
    sent = screened(COOLER, by=owner)
    inside = words(browser(officer).get(path(sent)))
    for leak in ("Secret Cryogenics", "Project Aurora", "Anna Ozola", WHY, "ES-2026-17"):
        assert leak in inside
    answer = caller(owner=owner.organisation).get(f"{SHIPMENTS}{sent.public_id}/")
    assert answer.status_code == 200
    client = browser(owner)
    answers = (client.get(path(sent, "shipment")).content.decode(), json.dumps(answer.json(), ensure_ascii=False))
    for leak in ("Secret Cryogenics", "Project Aurora", "Ozola", WHY, "ES-2026-17", "recedent", "arlier decision"):
        for text in answers:
            assert leak not in text
    for door in (path(sent, "classification", 1), LISTING):
        assert client.get(door).status_code == 403


def test_an_exporter_reads_the_code_the_statement_and_the_last_day_of_its_own_valid_ones() -> None:
    owner, today = factories.exporter(), timezone.localdate()
    last = today + timedelta(days=30)
    statement = Statement("ES-77", "Dr Kalns", today, last)
    officer = factories.officer(first_name="Anna", last_name="Ozola")
    confirm(case(COOLER, by=owner), by=officer, statement=statement)
    freed = confirm(case("Spare bracket KX-4410/B", by=owner), by=officer, code="", considered="6A005")
    gone = confirm(case(COOLER, by=owner), code="5A002")
    precedents.withdraw(gone, why="The data sheet was wrong.", by=officer)
    for _number in range(6):
        confirm(case("Dilution refrigerator of Project Aurora"), code="9A004")
    sent = screened(COOLER, "Wooden table", by=owner)
    section = confirmed_part(browser(owner), sent)
    assert (
        f"3A504 until {last.strftime('%-d %b %Y')} · expert statement ES-77 of {today.strftime('%-d %b %Y')}" in section
    )
    assert f"Not listed; 6A005 does not apply until {freed.until.strftime('%-d %b %Y')}" in section
    assert "Line 1" in section and "Line 2" not in section
    for leak in ("Ozola", "Kalns", WHY, "Aurora", "9A004", "5A002", "data sheet was wrong"):
        assert leak not in section
    change("3A504", heading="Refrigerators that reach less")
    assert "3A504" not in confirmed_part(browser(owner), sent)


def test_an_organisation_without_valid_ones_reads_of_none() -> None:
    confirm(case(COOLER))
    owner = factories.exporter()
    sent = screened(COOLER, by=owner)
    assert confirmed_part(browser(owner), sent) == ""


def confirmed_part(client: Any, sent: Shipment) -> str:
    """The words of the section that tells an exporter of confirmed classifications; empty without one."""
    page = client.get(path(sent, "shipment")).content.decode()
    section = re.search(r'<section[^>]+"confirmed-goods">.*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", section[0]).split()) if section else ""


def test_three_hundred_lines_ask_no_more_of_the_database_than_one() -> None:
    confirm(of(screened(COOLER)))
    counts = []
    for sent in (screened(COOLER), screened(*[COOLER] * 300)):
        client = browser(factories.officer())
        with CaptureQueriesContext(connection) as queries:
            assert WHY in client.get(path(sent)).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_statement_that_ends_ends_the_precedent_on_the_page_too() -> None:
    made = confirm(case(COOLER))
    yesterday = timezone.localdate() - timedelta(days=1)
    Precedent.objects.filter(pk=made.pk).update(
        statement_number="1", statement_by="I", statement_on=yesterday, statement_until=yesterday
    )
    client = browser(factories.officer())
    assert "The expert statement expired on" in words(client.get(path(made.case.shipment)))
    assert made.case.shipment.reference in words(client.get(LISTING, {"state": "expired"}))
