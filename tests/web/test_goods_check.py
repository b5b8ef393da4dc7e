"""“Check goods” on the submission form: nothing is stored, what decides is asked, answers become parameters."""

import re
from typing import Any

import pytest
from django.test import Client

from policies.models import Snapshot
from screening.models import AuditEvent, Run, Shipment
from tests import factories
from tests.web.conftest import browser
from tests.web.test_submission import PATH, filled

pytestmark = pytest.mark.django_db
ACCURACY = "positioning_accuracy"


@pytest.fixture
def client(policy: Snapshot) -> Client:
    return browser(factories.exporter())


def check(client: Client, **changes: str) -> Any:
    machine = {"lines-0-description": "5-axis machining centre", "lines-0-hs_code": "845710", "lines-0-attributes": ""}
    return client.post(PATH, filled(check="goods", **{**machine, **changes}))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def checked(answer: Any, line: int = 0) -> str:
    return text(answer).split(f'id="lines-{line}-checked"')[1].split("</section>")[0]


def parameters(answer: Any, line: int = 0) -> str:
    found = re.search(rf'<textarea name="lines-{line}-attributes"[^>]*>\n?(.*?)</textarea>', text(answer), re.S)
    return found[1].strip() if found else ""


def test_candidates_and_questions_are_shown_and_nothing_is_stored(client: Client) -> None:
    answer = check(client)
    page = checked(answer)
    assert answer.status_code == 200
    assert "These goods may be controlled" in page and "2B" in page
    assert re.search(r'name="lines-0-(number|signed|word)-\w+"', page)
    assert "nothing stored" in text(answer)
    assert not Shipment.objects.exists() and not Run.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="shipment").exists()


def test_a_form_that_is_not_complete_can_be_checked(client: Client) -> None:
    answer = client.post(PATH, {"check": "goods", "lines-count": "1", "lines-0-description": "uranium hexafluoride"})
    assert answer.status_code == 200
    assert "0C001" in checked(answer)


def test_an_answer_becomes_a_parameter_and_is_not_asked_again(client: Client) -> None:
    answer = check(client, **{f"lines-0-number-{ACCURACY}": "4,5", f"lines-0-unit-{ACCURACY}": "um"})
    assert parameters(answer) == f"{ACCURACY} = 4.5 um"
    assert f"lines-0-number-{ACCURACY}" not in checked(answer)
    again = check(
        client, **{"lines-0-attributes": f"colour = red\n{ACCURACY} = 9 um", f"lines-0-number-{ACCURACY}": "4"}
    )
    assert parameters(again) == f"colour = red\n{ACCURACY} = 4"


def test_answers_are_sent_with_the_shipment(client: Client) -> None:
    given = {
        f"lines-0-number-{ACCURACY}": "4.5",
        f"lines-0-unit-{ACCURACY}": "um",
        "lines-0-number-range_km": "300",
        "lines-0-unit-range_km": "km",
        "lines-0-word-bellows_sealed": "yes",
        "lines-0-attributes": "colour = red",
    }
    assert client.post(PATH, filled(**given)).status_code == 302
    current = Shipment.objects.get().current
    assert current is not None
    attributes = current.payload["lines"][0]["attributes"]
    assert attributes == {"colour": "red", ACCURACY: "4.5 um", "range_km": 300, "bellows_sealed": True}


@pytest.mark.parametrize("wrong", ["about four", "-4", "4 mm", "inf", "1e9999", "４٤x", "<b>4</b>"])
@pytest.mark.parametrize("button", ["check", "send"])
def test_a_wrong_answer_stands_at_its_field_with_what_was_typed(client: Client, wrong: str, button: str) -> None:
    data = filled(**{f"lines-0-number-{ACCURACY}": wrong, f"lines-0-unit-{ACCURACY}": "um"})
    answer = client.post(PATH, data | ({"check": "goods"} if button == "check" else {}))
    page = text(answer)
    assert answer.status_code == 422
    assert f'id="id_lines-0-number-{ACCURACY}_error"' in page
    assert f'href="#id_lines-0-number-{ACCURACY}"' in page
    assert "is not a number in um" in page or "is negative" in page
    assert "<b>4</b>" not in page
    assert not Shipment.objects.exists()


def test_a_temperature_may_be_below_zero(client: Client) -> None:
    answer = check(client, **{"lines-0-signed-min_operating_temp": "−55", "lines-0-unit-min_operating_temp": "degC"})
    assert parameters(answer) == "min_operating_temp = -55"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("mass 12", "write it as name = value"),
        ("mass =", "write it as"),
        ("a = 1\na = 2", "Row 2: “a = 2”: stands twice"),
    ],
)
def test_parameters_that_would_be_lost_are_told(client: Client, written: str, says: str) -> None:
    for button in ({}, {"check": "goods"}):
        answer = client.post(PATH, filled(**{"lines-0-attributes": written}, **button))
        page = text(answer)
        assert answer.status_code == 422
        assert says in page.split('id="id_lines-0-attributes_error"')[1].split("</ul>")[0]
        assert parameters(answer) == written
    assert not Shipment.objects.exists()


def test_mistakes_of_lines_are_told_and_the_other_lines_are_checked(client: Client) -> None:
    answer = check(
        client,
        **{
            "lines-count": "2",
            "lines-0-control_code": "chairs",
            "lines-1-description": "uranium hexafluoride",
            "parties-0-name": "",
        },
    )
    page = text(answer)
    assert answer.status_code == 422
    assert 'id="id_lines-0-control_code_error"' in page
    assert 'id="id_parties-0-name_error"' not in page
    assert "0C001" in checked(answer, 1)


def test_script_gets_the_lines_with_their_mistakes(client: Client) -> None:
    data = filled(check="goods", **{"lines-0-quantity": "two"})
    answer = client.post(PATH, data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="id_lines-0-quantity_error"' in text(answer)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"lines-0-description": ""}, "The description is empty"),
        ({"lines-0-description": "4711 0815"}, "holds no words"),
        ({"lines-0-description": "<i>valve</i>"}, "holds markup"),
        ({"lines-0-cas_number": "111-48-9"}, "check digit does not fit"),
        ({"lines-0-control_code": "EAR99"}, "designation of the United States"),
    ],
)
def test_bad_input_gets_a_clear_note(client: Client, line: dict[str, str], says: str) -> None:
    answer = check(client, **line)
    assert answer.status_code == 200
    assert says in checked(answer)


def test_rows_and_results_survive_adding_and_removing(client: Client) -> None:
    given = {"checked": "1", "lines-count": "2", "lines-1-description": "uranium hexafluoride"}
    wrong = {f"lines-1-number-{ACCURACY}": "many", f"lines-1-unit-{ACCURACY}": "um"}
    answer = client.post(PATH, filled(remove="lines-0", **given, **wrong))
    assert "0C001" in checked(answer)
    assert f'id="id_lines-0-number-{ACCURACY}_error"' in text(answer)
    assert 'value="many"' in text(answer)


def test_without_a_policy_the_check_says_so_and_keeps_the_form() -> None:
    answer = client_post_without_policy()
    assert "No policy has been published yet" in text(answer)
    assert "office chairs" in text(answer)


def client_post_without_policy() -> Any:
    return browser(factories.exporter()).post(PATH, filled(check="goods"))


@pytest.mark.parametrize("name", ["number-__proto__ x", "number-", "word-a=b", "number-" + "a" * 200, "unit-x"])
def test_forged_names_of_answers_are_left_out(client: Client, name: str) -> None:
    answer = check(client, **{f"lines-0-{name}": "5"})
    assert answer.status_code == 200
    assert parameters(answer) == ""


def test_three_hundred_lines_are_checked_at_once(client: Client) -> None:
    lines = {f"lines-{number}-description": "5-axis machining centre" for number in range(300)}
    answer = client.post(PATH, {"check": "goods", "lines-count": "300", **lines})
    assert answer.status_code == 200
    assert text(answer).count("These goods may be controlled") == 300
