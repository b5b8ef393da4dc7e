"""A case from assignment to decision by plain forms, and what the second of two officers is told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from screening import cases, runs
from screening.models import Case, CaseState, Decision, Run
from screening.views import dossier
from tests import factories, payloads
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db
GROUNDS = {
    "kind": "refuse",
    "legal_basis": "Regulation (EU) 2021/821, Article 15",
    "reason": "The end user could divert the goods.",
    "conditions": "",
}


def path(case: Case, name: str = "case") -> str:
    return reverse(f"screening:{name}", args=[case.shipment.public_id])


def do(client: Client, case: Case, name: str, **data: Any) -> Any:
    return client.post(path(case, name), {"version": Case.objects.get(pk=case.pk).version, **data})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_two_officers_decide_without_script() -> None:
    officer, senior = browser(factories.officer()), browser(factories.senior_officer())
    case = factories.case()
    assert do(officer, case, "assign").status_code == 302
    answer = do(officer, case, "propose", **GROUNDS)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{path(case)}#case-heading"
    assert "A second officer" in text(officer.get(path(case)))
    assert "Confirm the decision" in text(senior.get(path(case)))
    assert do(senior, case, "confirm").status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED
    assert "In force" in text(officer.get(path(case)))


def test_a_deed_keeps_the_tab_of_the_queue() -> None:
    case = factories.case()
    answer = browser(factories.officer()).post(f"{path(case, 'assign')}?tab=unassigned&q=x", {"version": case.version})
    assert answer.headers["Location"] == f"{path(case)}?tab=unassigned&q=x#case-heading"


def test_the_proposer_sees_why_they_cannot_confirm() -> None:
    senior = factories.senior_officer()
    case = factories.proposed(senior)
    page = text(browser(senior).get(path(case)))
    assert "You proposed this decision; another senior officer must confirm it." in page
    assert 'disabled aria-describedby="why-confirm"' in page
    answer = do(browser(senior), case, "confirm")
    assert answer.status_code == 403
    assert Decision.objects.get(case=case).confirmed_at is None


def test_an_incomplete_proposal_comes_back_with_its_errors_and_its_text() -> None:
    case = factories.case()
    answer = do(browser(factories.officer()), case, "propose", **GROUNDS | {"legal_basis": "", "kind": "grant"})
    page = text(answer)
    assert answer.status_code == 422
    assert "This is required." in page
    assert "Choose one of the decisions." in page
    assert "The end user could divert the goods." in page
    assert not Decision.objects.exists()


def test_the_second_of_two_officers_is_told_and_loses_nothing() -> None:
    quick, slow = factories.officer(first_name="Quick", last_name="Hand"), factories.officer()
    case = factories.case()
    seen = case.version
    cases.assign(case, by=quick, version=seen)
    answer = browser(slow).post(path(case, "propose"), {"version": seen, **GROUNDS, "reason": "Two pages of thoughts."})
    page = text(answer)
    assert answer.status_code == 409
    assert "Quick Hand took the case" in page
    assert "Two pages of thoughts." in page
    assert "Quick Hand holds this case; take it over first." in page
    assert not Decision.objects.exists()


def test_after_looking_again_the_kept_text_can_be_sent() -> None:
    officer = factories.officer()
    case = factories.case(assigned_to=officer)
    answer = browser(officer).post(path(case, "propose"), {"version": 1, **GROUNDS})
    assert answer.status_code == 409
    assert f'name="version" value="{case.version}" id="id_propose_version"' in text(answer)
    assert do(browser(officer), case, "propose", **GROUNDS).status_code == 302


def test_a_proposal_goes_back_with_a_reason_and_not_without() -> None:
    officer, senior = factories.officer(), factories.senior_officer()
    case = factories.proposed(officer)
    answer = do(browser(senior), case, "send_back", reason="")
    assert answer.status_code == 422
    assert "Say why the proposal goes back." in text(answer)
    assert do(browser(senior), case, "send_back", reason="Ask for the certificate.").status_code == 302
    assert "Ask for the certificate." in text(browser(officer).get(path(case)))


def test_a_senior_officer_gives_a_case_away_and_reopens_it() -> None:
    officer, senior, other = factories.officer(), factories.senior_officer(), factories.senior_officer()
    case = factories.case()
    assert do(browser(senior), case, "assign", to=officer.username).status_code == 302
    assert Case.objects.get(pk=case.pk).assigned_to == officer
    assert do(browser(senior), case, "assign", to="nobody").status_code == 422
    do(browser(officer), case, "propose", **GROUNDS)
    do(browser(senior), case, "confirm")
    assert "Only a senior officer reopens a decided case." in text(browser(officer).get(path(case)))
    assert do(browser(other), case, "reopen", reason="New evidence.").status_code == 302
    assert Case.objects.get(pk=case.pk).state == CaseState.IN_REVIEW


def test_an_auditor_reads_and_is_offered_nothing() -> None:
    page = text(browser(factories.auditor()).get(path(factories.case())))
    assert "You can read this case." in page
    assert "Propose the decision" not in page
    assert "Assign to me" not in page


def test_a_forged_version_changes_nothing() -> None:
    case = factories.case()
    answer = browser(factories.officer()).post(path(case, "assign"), {"version": "x"})
    assert answer.status_code == 409
    assert Case.objects.get(pk=case.pk).assigned_to is None


@pytest.mark.usefixtures("policy")
def test_a_real_run_shows_condition_cause_article_principle_and_remedy() -> None:
    shipment = factories.shipment(**payloads.mass_spectrometer())
    runs.screen(Run.objects.get(revision=shipment.current).pk)
    page = text(browser(factories.officer()).get(path(Case.objects.get(shipment=shipment))))
    finding = Run.objects.get(revision=shipment.current).findings.get(reason="LISTED_ANNEX_I")
    for shown in (finding.title, finding.rule, finding.legal_basis, finding.remedy, "line.annex_i = yes"):
        assert shown in page
    assert "weapons of mass destruction and their means of delivery" in page
    assert "3A233" in page
    rules = f"/rules/{finding.run.snapshot_hash}/"
    assert f'href="{rules}#{finding.rule}"' in page
    client = browser(factories.officer())
    assert f'id="{finding.rule}"' in text(client.get(rules))
    assert client.get("/rules/0000/").status_code == 404
    assert "Mass spectrometer" in page


def test_text_of_a_submitter_is_shown_and_never_run() -> None:
    case = factories.case(end_use="<script>alert(1)</script>", parties=[{"role": "end_user", "name": "<b>x</b>"}])
    page = text(browser(factories.officer()).get(path(case)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>x</b>" not in page


def test_a_red_flag_counts_once_on_however_many_lines_it_fired() -> None:
    denied = {"id": "RF23", "weight": 45.0}
    assert dossier.flag_weight([denied, denied, {"id": "RF12", "weight": 20.0}]) == 65
