"""A list that nobody looks after: what would be clear goes to review, until an import confirms or replaces it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from policies import editions, publishing, snapshots
from policies.models import ListSource, Snapshot
from screening import runs
from screening.editorial import lists
from screening.models import Outcome, Run
from tests import factories
from tests.policies.files import sdn

SDN = "parties/ofac_sdn"


@pytest.fixture
def in_force(policy: Snapshot) -> Snapshot:
    editions.take("ofac_sdn", [sdn(100)], by=None)
    return publishing.put_automatically({SDN: ListSource.objects.get(pk=SDN).active.digest}, reason="x")  # type: ignore[union-attr]


def screened() -> Run:
    run = Run.objects.get(revision=factories.shipment().current)
    runs.screen(run.pk)
    run.refresh_from_db()
    return run


def test_past_its_greatest_age_a_list_sends_what_depends_on_it_to_review(in_force: Snapshot) -> None:
    assert screened().outcome == Outcome.CLEAR
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert screened().outcome == Outcome.CLEAR, "the last day that it may go without an import"
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        run = screened()
        assert run.outcome == Outcome.REVIEW
        finding = run.findings.get(rule="STALE-LIST")
        assert SDN in str(finding.because) + str(finding.evidence)
        lists.stage("ofac_sdn", [sdn(100)], by=None)
        assert snapshots.current() == in_force
        assert screened().outcome == Outcome.CLEAR, "the same content was found again today"


def test_a_list_that_does_not_age_never_does_and_editors_decide_which(in_force: Snapshot) -> None:
    source = ListSource.objects.get(pk=SDN)
    ListSource.objects.filter(pk=SDN).update(max_age_days=0)
    with time_machine.travel(timezone.now() + timedelta(days=3_000)):
        assert screened().outcome == Outcome.CLEAR
        lists.set_max_age(source, by=factories.user("policy_editor"), days=5)
        assert screened().outcome == Outcome.REVIEW


def test_a_new_edition_that_nobody_has_published_does_not_refresh_what_is_in_force(in_force: Snapshot) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        (staged,) = lists.stage("ofac_sdn", [sdn(101)], by=None)
        lists.activate(staged, by=factories.user("policy_editor"))
        assert screened().outcome == Outcome.REVIEW, "the publisher says something else by now"
