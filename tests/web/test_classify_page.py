"""The public pre-check: what is shown of a line, how questions are answered, and whatever else is sent to it."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from policies.models import Snapshot
from screening.models import AuditEvent, Shipment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]
PATH = "/classify/"


def ask(**fields: str) -> Any:
    return Client().post(PATH, fields)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def candidates(answer: Any) -> list[str]:
    return re.findall(r'</strong> <span class="chip">([^<]+)</span>', answer.content.decode())


def test_the_form_is_open_to_everybody_and_says_that_nothing_is_stored() -> None:
    answer = Client().get(PATH)
    assert answer.status_code == 200
    assert "Nothing that you write here is stored." in words(answer)


def test_a_dilution_refrigerator_is_named_with_what_speaks_for_it() -> None:
    answer = ask(description="dilution refrigerator 10 mK")
    page = answer.content.decode()
    assert candidates(answer)[0].startswith("3A504")
    assert "<meter" in page and 'class="speaks-for"' in page
    assert "likely" in words(answer)
    assert 'href="/control-lists/3A504' in page


def test_the_answer_is_no_decision_and_names_its_snapshot(policy: Snapshot) -> None:
    said = words(ask(description="uranium hexafluoride"))
    assert "no legal decision" in said
    assert policy.hash[:12] in said


def test_ordinary_goods_are_not_called_free() -> None:
    answer = ask(description="wooden chair")
    assert candidates(answer) == []
    assert "That does not mean that the goods are free" in words(answer)


def test_sources_stand_side_by_side_and_each_pair_is_judged() -> None:
    said = words(ask(description="dilution refrigerator 10 mK", control_code="5a2a1", hs_code="841869"))
    assert "What each source says" in said
    for text in ("Code", "Description", "HS code", "do not agree"):
        assert text in said, text


def test_questions_are_answered_on_the_page_and_become_attributes() -> None:
    first = ask(description="CNC milling machine, 5 axes, for metal")
    names = re.findall(r'name="attributes\.([^"]+)"', first.content.decode())
    assert names
    again = ask(description="CNC milling machine, 5 axes, for metal", **{f"attributes.{names[0]}": "2"})
    assert f"{names[0]} = 2" in again.content.decode()
    assert f'name="attributes.{names[0]}"' not in again.content.decode()


def test_a_new_answer_takes_the_place_of_an_earlier_one() -> None:
    answer = ask(description="laser", attributes="power = 5\nwavelength = 1 um", **{"attributes.power": "7"})
    box = re.search(r'<textarea name="attributes"[^>]*>(.*?)</textarea>', answer.content.decode(), re.DOTALL)
    assert box is not None and box[1].split("\n")[-2:] == ["wavelength = 1 um", "power = 7"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"description": "12345 67890"}, "holds no words"),
        ({"description": "thiodiglycol", "cas_number": "111-48-9"}, "check digit"),
        ({"description": "pump", "hs_code": "8414"}, "has four digits"),
        ({"description": "pump", "hs_code": "9999999999"}, "no chapter"),
        ({"description": "software", "control_code": "EAR99"}, "designation of the United States"),
        ({"description": "rifle", "control_code": "UK ML1"}, "another state"),
        ({"description": "<b>pump</b>"}, "markup"),
        ({"control_code": "5A002"}, "description is empty"),
    ],
)
def test_what_is_doubtful_is_noted(fields: dict[str, str], said: str) -> None:
    answer = ask(**fields)
    assert answer.status_code == 200
    assert said in words(answer)


@pytest.mark.parametrize("hs", ["8413", "841350", "84135020", "8413502000", "8413.50"])
def test_an_hs_code_of_any_usual_length_is_taken(hs: str) -> None:
    assert ask(description="diaphragm pump", hs_code=hs).status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Says nothing of the goods"),
        ({"description": "   "}, "Says nothing of the goods"),
        ({"description": "x" * 8_001}, "Has 8,001 characters; at most 8,000 are accepted"),
        ({"description": "pump\x07"}, "control characters"),
        ({"description": "pump\x00"}, "Null characters are not allowed"),
        ({"description": "pump", "hs_code": "abc"}, "is no HS code"),
        ({"description": "pump", "cas_number": "12"}, "is no CAS number"),
        ({"description": "pump", "control_code": "screwdriver"}, "is no control code"),
        ({"description": "pump", "concentration_percent": "many"}, "is not a number"),
        ({"description": "pump", "concentration_percent": "101"}, "out of range"),
        ({"description": "pump", "attributes": "\n".join(f"a{n} = 1" for n in range(101))}, "at most 100"),
    ],
)
def test_what_cannot_be_classified_is_said_at_its_field(fields: dict[str, str], said: str) -> None:
    answer = ask(**fields)
    assert answer.status_code == 422
    assert said in words(answer)
    assert "no legal decision" not in words(answer)


def test_a_long_description_within_the_limit_is_classified() -> None:
    assert ask(description="pump " * 1_600).status_code == 200


def test_two_megabytes_are_refused_politely_and_not_sent_back() -> None:
    answer = ask(description="x" * 2_000_000)
    assert answer.status_code == 413
    assert "at most 8,000 characters" in words(answer)
    assert len(answer.content) < 50_000


def test_markup_is_text_wherever_it_is_written() -> None:
    evil = "<script>alert(1)</script>"
    page = ask(
        description=f"vacuum pump {evil}", attributes=f"{evil} = {evil}", **{f"attributes.{evil}": evil}
    ).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_form_of_another_site_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post(PATH, {"description": "pump"}).status_code == 403


def test_nothing_is_stored_of_what_was_asked() -> None:
    before = AuditEvent.objects.count()
    answer = ask(description="uranium hexafluoride", control_code="0C001")
    assert AuditEvent.objects.count() == before
    assert not Shipment.objects.exists() and not Session.objects.exists()
    assert "sessionid" not in answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]
