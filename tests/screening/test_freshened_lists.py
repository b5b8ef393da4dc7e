"""What a stale list held up is screened again as soon as the list is looked after, without a publication."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from policies.models import Edition, ListSource, Snapshot
from screening import rescreening, runs
from screening.editorial import lists, publication
from screening.models import Rescreening, Run, Shipment
from tests import factories
from tests.policies.files import list_file

pytestmark = pytest.mark.django_db

FILE = b"id,name,effect\n1,Nordic Example Trading,asset_freeze\n"


def work() -> None:
    for waiting in Rescreening.objects.filter(done_at=None):
        rescreening.work(waiting.pk)
    for run in Run.objects.filter(outcome=""):
        runs.screen(run.pk)


def outcome(shipment: Shipment) -> str:
    return Shipment.objects.get(pk=shipment.pk).outcome


def test_a_list_confirmed_again_lets_go_what_it_held_up(policy: Snapshot) -> None:
    lists.take("own_parties", [list_file(FILE, "own.csv")], by=None)
    ListSource.objects.filter(id="parties/own").update(max_age_days=7)
    publication.publish(publication.draft(by=None), by=factories.user("policy_editor"), reason="Own parties")
    work()
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        held_up = factories.shipment(shipment_date=(timezone.localdate() + timedelta(days=30)).isoformat())
        work()
        assert outcome(held_up) == "review"
        passes = Rescreening.objects.count()
        lists.take("own_parties", [list_file(FILE, "own.csv")], by=None)
        assert Edition.objects.filter(source="parties/own").count() == 1, "the same content is no new edition"
        work()
        assert outcome(held_up) == "clear"
        lists.take("own_parties", [list_file(FILE, "own.csv")], by=None)
        assert Rescreening.objects.count() == passes + 1, "a list that was fresh holds nothing up"
