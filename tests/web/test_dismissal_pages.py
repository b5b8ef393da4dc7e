"""Dismissing by plain forms, what stands beside a hit, the list of dismissals, and what an exporter never reads."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from policies.models import Snapshot
from screening import dismissals
from screening.models import Dismissal, Shipment
from tests import factories
from tests.api.conftest import SHIPMENTS, caller
from tests.dismissals import BECAUSE, EQUAL, WORKS, dismiss, lists, reasons, shipment, spot, work
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_force(policy: Snapshot) -> None:
    lists()


def path(sent: Shipment, name: str = "case") -> str:
    return reverse(f"screening:{name}", args=[sent.public_id])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def form(sent: Shipment, **said: Any) -> dict[str, Any]:
    return spot(sent) | {"reason": "other_identifier", "because": BECAUSE, "expires": ""} | said


def test_an_officer_dismisses_sees_it_listed_and_reopens_it_without_script() -> None:
    officer = factories.officer(first_name="Anna", last_name="Ozola")
    client, sent = browser(officer), shipment()
    assert "Dismiss this match" in text(client.get(path(sent)))
    answer = client.post(path(sent, "dismiss"), form(sent))
    assert answer.headers["Location"] == f"{path(sent)}#case-heading"
    page = text(client.get(path(sent)))
    assert "It counts from the next screening of this shipment on." in page
    assert "Dismiss this match" not in page
    work(sent)
    page = text(client.get(path(sent)))
    today = timezone.localdate().strftime("%-d %b %Y")
    assert f"Dismissed earlier by Anna Ozola on {today} because:" in page
    assert BECAUSE in page
    gave = Dismissal.objects.get()
    url = reverse("screening:dismissal_reopen", args=[gave.pk])
    assert url in page
    assert client.post(url, {"why": " "}).status_code == 422
    assert client.post(url, {"why": "The register was wrong."}).status_code == 302
    assert reasons(work(sent)) == {"PARTY_POSSIBLE_MATCH"}
    assert "Dismiss this match" in text(client.get(path(sent)))


def test_a_ban_waits_for_a_second_person_who_confirms_it_on_the_page() -> None:
    officer, senior, sent = browser(factories.officer()), browser(factories.senior_officer()), shipment(EQUAL)
    assert "a senior one, confirms it" in text(officer.get(path(sent)))
    officer.post(path(sent, "dismiss"), form(sent))
    url = reverse("screening:dismissal_confirm", args=[Dismissal.objects.get().pk])
    assert "It does not count before" in text(officer.get(path(sent)))
    assert url not in text(officer.get(path(sent)))
    assert officer.post(url).status_code == 403
    assert url in text(senior.get(path(sent)))
    assert senior.post(url).headers["Location"] == f"{path(sent)}#case-heading"
    assert work(sent).outcome == "clear"
    assert "Confirmed by" in text(officer.get(path(sent)))


def test_an_incomplete_dismissal_comes_back_open_with_its_errors_and_its_text() -> None:
    client, sent = browser(factories.officer()), shipment()
    answer = client.post(path(sent, "dismiss"), form(sent, reason="", because="Too short", expires="2020-01-01"))
    page = text(answer)
    assert answer.status_code == 422
    assert "Choose one of the reasons." in page
    assert "Say in a few words" in page
    assert "Choose a day from today" in page
    assert "<details open>" in page
    assert "Too short" in page
    seen = spot(sent)
    assert f'href="#dismiss-{seen["position"]}-{seen["place"]}"' in page
    assert client.post(path(sent, "dismiss"), form(sent, expires="tomorrow")).status_code == 422
    assert not Dismissal.objects.exists()


def test_the_second_of_two_officers_reads_what_the_first_did() -> None:
    quick, sent = factories.officer(first_name="Quick", last_name="Hand"), shipment()
    seen = form(sent)
    dismiss(sent, by=quick)
    answer = browser(factories.officer()).post(path(sent, "dismiss"), seen)
    assert answer.status_code == 409
    assert "Quick Hand dismissed this match on" in text(answer)
    assert Dismissal.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"run": "x"}, {"position": "-1"}, {"place": "x"}, {"run": ""}])
def test_a_forged_place_changes_nothing(wrong: dict[str, str]) -> None:
    sent = shipment()
    assert browser(factories.officer()).post(path(sent, "dismiss"), form(sent) | wrong).status_code == 409
    assert not Dismissal.objects.exists()


def test_a_like_dismissal_is_suggested_and_fills_the_form_with_one_click() -> None:
    gave = dismiss(shipment(), because="The board is another one, says the register.")
    other, client = shipment(), browser(factories.officer())
    page = text(client.get(path(other)))
    assert "dismissed a like match on" in page
    assert "it was given for another exporter" in page
    assert gave.shipment.reference in page
    assert f"like={gave.pk}" in page
    filled = text(client.get(path(other), {"like": gave.pk, "tab": "mine"}))
    assert "<details open>" in filled
    assert "The board is another one, says the register.</textarea>" in filled
    assert f"{path(other, 'dismiss')}?tab=mine" in filled
    assert Dismissal.objects.count() == 1, "a suggestion is never applied"
    for odd in ("x", "999999", "-1"):
        assert "<details open>" not in text(client.get(path(other), {"like": odd}))


def test_an_auditor_reads_and_is_offered_nothing() -> None:
    client, sent = browser(factories.auditor()), shipment(EQUAL)
    gave = dismiss(sent)
    page = text(client.get(path(sent)))
    assert BECAUSE in page
    for offered in ("Dismiss this match", "Confirm the dismissal", "Take the match up again"):
        assert offered not in page
    assert client.post(path(sent, "dismiss"), form(sent)).status_code == 403
    for name in ("dismissal_confirm", "dismissal_reopen"):
        assert client.post(reverse(f"screening:{name}", args=[gave.pk]), {"why": "Because."}).status_code == 403
    assert BECAUSE in text(client.get(reverse("screening:dismissals"), {"state": "waiting"}))
    gave.refresh_from_db()
    assert not gave.ended


def test_the_list_finds_dismissals_by_state_and_they_are_confirmed_and_reopened_there() -> None:
    senior = browser(factories.senior_officer())
    active, waiting = dismiss(shipment()), dismiss(shipment(EQUAL))
    gone = dismiss(shipment("Zvezdniy Ordnance Works"))
    dismissals.reopen(gone, by=factories.officer(), why="The register was wrong.")
    expired = dismiss(shipment("Zvezdny Ordnanse Works"))
    Dismissal.objects.filter(pk=expired.pk).update(expires_on="2020-01-01")
    listing = reverse("screening:dismissals")
    assert listing in text(senior.get(reverse("screening:queue")))
    for state, row in (("active", active), ("waiting", waiting), ("expired", expired), ("reopened", gone)):
        page = text(senior.get(listing, {"state": state}))
        assert [one for one in (active, waiting, expired, gone) if one.shipment.reference in page] == [row]
    assert active.shipment.reference in text(senior.get(listing, {"state": "x"}))
    for name, row in (("dismissal_confirm", waiting), ("dismissal_reopen", active)):
        url = reverse(f"screening:{name}", args=[row.pk])
        answer = senior.post(url, {"from": "list", "why": "The register was wrong."})
        assert answer.headers["Location"] == listing
        assert senior.post(url, {"from": "list", "why": "Once more."}).status_code == 403


def test_the_list_is_paged_and_costs_no_query_per_row(django_assert_max_num_queries: Any) -> None:
    gave = dismiss(shipment())
    for number in range(30):
        gave.pk, gave.entry = None, f"N{number}"
        gave.save(force_insert=True)
    client = browser(factories.officer())
    with django_assert_max_num_queries(16):
        page = text(client.get(reverse("screening:dismissals")))
    assert "1–25 of 31" in page
    assert "page=2" in page


def test_the_page_of_a_case_asks_once_for_all_its_hits(django_assert_max_num_queries: Any) -> None:
    lists(*(WORKS | {"id": f"T{number}"} for number in range(20)))
    sent = shipment()
    client = browser(factories.officer())
    client.get(path(sent))
    with django_assert_max_num_queries(30):
        assert text(client.get(path(sent))).count("Dismiss this match") == 20


SECRETS = (BECAUSE, "Secretly Named", "other_identifier", WORKS["name"], "dismiss")


def test_an_exporter_never_reads_that_or_why_or_by_whom_a_match_was_dismissed() -> None:
    officer = factories.officer(first_name="Secretly", last_name="Named", username="secret.officer")
    owner = factories.exporter()
    sent = shipment(by=owner)
    gave = dismiss(sent, by=officer)
    work(sent)
    later = shipment(by=owner)
    client, erp = browser(owner), caller(owner=owner.organisation)
    for one in (sent, later):
        assert reasons(one) == {"PARTY_DISMISSED_EARLIER"}
        answer = erp.get(f"{SHIPMENTS}{one.public_id}/")
        assert (answer.json()["outcome"], [row["reason"] for row in answer.json()["findings"]]) == (
            "clear",
            ["NOT_LISTED"],
        )
        for said in (text(answer), text(client.get(reverse("screening:shipment", args=[one.public_id])))):
            assert [secret for secret in (*SECRETS, "secret.officer") if secret.lower() in said.lower()] == []
        for listed in (text(erp.get()), text(client.get(reverse("screening:shipments")))):
            assert [secret for secret in SECRETS if secret.lower() in listed.lower()] == []
    assert BECAUSE not in "".join(notice.text for notice in owner.notices.all())
    assert BECAUSE not in text(client.get(reverse("screening:notices")))
    for door in (path(sent), reverse("screening:dismissals")):
        assert client.get(door).status_code == 403
    assert client.post(reverse("screening:dismissal_reopen", args=[gave.pk]), {"why": "Mine."}).status_code == 403
    assert BECAUSE in text(browser(officer).get(reverse("screening:shipment", args=[sent.public_id])))


def test_an_exporter_reads_of_an_editors_own_rule_on_dismissed_matches_only_that_it_holds_the_shipment() -> None:
    owner = factories.exporter()
    sent = shipment(by=owner)
    dismiss(sent)
    sent = work(sent)
    run = sent.latest_run
    assert run is not None
    run.findings.filter(reason="PARTY_DISMISSED_EARLIER").update(effect="review", rule="OWN-LOOK-AGAIN")
    run.flags = [{"id": "OWN", "because": [{"clause": "size(party.dismissed) > 0", "value": "party.dismissed = X"}]}]
    run.save()
    answer = caller(owner=owner.organisation).get(f"{SHIPMENTS}{sent.public_id}/")
    held = next(row for row in answer.json()["findings"] if row["rule"] == "OWN-LOOK-AGAIN")
    assert held["because"][0]["value"] == "not shown: an internal matter of the authority"
    assert "dismissed" not in held["evidence"]
    assert BECAUSE not in text(answer)
    page = text(browser(owner).get(reverse("screening:shipment", args=[sent.public_id])))
    assert BECAUSE not in page and "party.dismissed = X" not in page
