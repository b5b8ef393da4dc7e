"""Replay and another day, from the page of a case; and what a re-screening changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import Snapshot
from screening import differences, runs
from screening.models import Case, Finding, Run
from tests import factories, payloads
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]


@pytest.fixture
def case() -> Case:
    """A mass spectrometer, screened for real: it needs a licence."""
    shipment = factories.shipment(**payloads.mass_spectrometer())
    runs.screen(Run.objects.get(revision=shipment.current).pk)
    return Case.objects.get(shipment=shipment)


def address(case: Case, name: str) -> str:
    return reverse(f"screening:{name}", args=[case.shipment.public_id])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_replay_from_the_case_is_identical(case: Case) -> None:
    client = browser(factories.officer())
    assert f'action="{address(case, "replay")}"' in text(client.get(address(case, "case")))
    said = text(client.post(address(case, "replay")))
    assert "Identical." in said
    assert case.shipment.latest_run is not None and case.shipment.latest_run.facts_hash in said
    assert client.get(address(case, "replay")).status_code == 405


def test_a_replay_that_differs_says_so_loudly(case: Case) -> None:
    Finding.objects.filter(run=case.shipment.latest_run).update(title="Altered by hand")
    said = text(browser(factories.auditor()).post(address(case, "replay")))
    assert "Not identical" in said and "Altered by hand" in said and "Identical." not in said
    assert "tone-prohibited" in said


def test_a_replay_without_its_policy_proves_nothing(case: Case) -> None:
    Run.objects.filter(pk=case.shipment.latest_run_id).update(snapshot_hash="0" * 64)
    said = text(browser(factories.officer()).post(address(case, "replay")))
    assert "Identical." not in said and "nothing is proved" in said


def test_then_and_today_stand_side_by_side(case: Case) -> None:
    day = timezone.localdate() - timedelta(days=900)
    said = text(browser(factories.officer()).get(address(case, "as_of"), {"day": day.isoformat()}))
    assert 'id="then"' in said and 'id="today"' in said
    assert said.count("LISTED_ANNEX_I") >= 2
    assert "Policies are kept since" in said
    assert Snapshot.objects.get().hash[:8] in said


def test_what_the_law_of_another_day_did_not_know_is_named() -> None:
    belarus = {"destination": "RU", "parties": [{"role": "end_user", "name": "Zavod", "country": "RU"}]}
    shipment = factories.shipment(**payloads.mass_spectrometer() | belarus)
    runs.screen(Run.objects.get(revision=shipment.current).pk)
    case = Case.objects.get(shipment=shipment)
    said = text(browser(factories.officer()).get(address(case, "as_of"), {"day": "2021-06-01"}))
    assert "Only today" in said and "RU-DUAL-USE" in said


@pytest.mark.parametrize(
    ("day", "sentence"), [("tomorrow", "Give the day as YYYY-MM-DD"), ("2999-01-01", "is in the future")]
)
def test_a_day_that_cannot_be_asked_for_says_why(case: Case, day: str, sentence: str) -> None:
    answer = browser(factories.officer()).get(address(case, "as_of"), {"day": day})
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_both_are_for_those_who_read_cases(case: Case) -> None:
    owner = browser(factories.exporter())
    assert owner.post(address(case, "replay")).status_code == 403
    assert owner.get(address(case, "as_of"), {"day": "2021-06-01"}).status_code == 403


def test_the_case_says_what_a_new_policy_changed(case: Case) -> None:
    run = case.shipment.latest_run
    assert run is not None
    page = browser(factories.officer())
    assert "Screened again" not in text(page.get(address(case, "case")))
    rows = [runs.finding_dict(finding) for finding in run.findings.all()]
    changes = differences.between([], rows, outcomes=("clear", "licence_required"))
    Run.objects.filter(pk=run.pk).update(trigger="rescreen 1", changes=changes)
    said = text(page.get(address(case, "case")))
    assert "Screened again on" in said and f"under policy {run.snapshot_hash[:8]}" in said
    assert rows[0]["title"] in said.split("Screened again on")[1].split("</ul>")[0]
