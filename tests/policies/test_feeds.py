"""Feeds: who sets and approves them, when they are due, and that one worker has one at a time."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from policies import feeds
from policies.models import ListFeed
from screening import audit
from screening.editorial import lists
from screening.models import AuditEvent, User
from tests import factories

pytestmark = pytest.mark.django_db
URL = "https://sanctionslistservice.ofac.treas.gov/exports/sdn.csv"
FIELDS = {"source": "ofac_sdn", "urls": [URL], "automatic": True, "every_hours": 12}


def editor() -> User:
    return factories.user("policy_editor")


def saved(**fields: object) -> ListFeed:
    return lists.save_feed({**FIELDS, **fields}, by=editor())


def test_a_second_person_approves_a_feed_as_it_stands() -> None:
    one, two = editor(), editor()
    feed = lists.save_feed(FIELDS, by=one)
    assert (feed.version, feed.set_by, feed.approved_by) == (1, one, None)
    with pytest.raises(PermissionDenied, match="You set this feed"):
        lists.approve_feed(feed, by=one, version=1)
    feed = lists.approve_feed(feed, by=two, version=1)
    assert feed.approved_by == two
    with pytest.raises(PermissionDenied, match="approved already"):
        lists.approve_feed(feed, by=two, version=1)
    assert lists.save_feed(FIELDS, feed=feed, by=two).approved_by == two, "nothing was changed"
    changed = lists.save_feed({**FIELDS, "every_hours": 6}, feed=feed, by=two)
    assert (changed.version, changed.set_by, changed.approved_by, changed.approved_at) == (2, two, None, None)
    with pytest.raises(feeds.FeedConflict, match="changed meanwhile"):
        lists.approve_feed(changed, by=one, version=1)
    assert list(AuditEvent.objects.order_by("number").values_list("action", flat=True)) == [
        "feed.saved",
        "feed.approved",
        "feed.saved",
        "feed.saved",
    ]
    assert audit.verify() == 4


def test_the_database_holds_the_second_person_too() -> None:
    feed = saved()
    with pytest.raises(IntegrityError), transaction.atomic():
        ListFeed.objects.filter(pk=feed.pk).update(approved_by=feed.set_by)


def test_two_editors_of_one_feed_are_told() -> None:
    feed = saved()
    lists.save_feed({**FIELDS, "every_hours": 6, "version": 1}, feed=feed, by=editor())
    with pytest.raises(feeds.FeedConflict, match="Somebody else has changed this feed"):
        lists.save_feed({**FIELDS, "every_hours": 7, "version": 1}, feed=feed, by=editor())
    for same in ({}, {"source": "ofac_sdn_xml"}):
        with pytest.raises(
            feeds.FeedRefused, match="There is a feed for ofac_sdn already, which fills parties/ofac_sdn"
        ):
            saved(**same)
    assert ListFeed.objects.get().every_hours == 6


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"source": "ofax"}, "unknown source 'ofax'"),
        ({"name": "mine"}, "has lists of its own"),
        ({"urls": []}, "Give the address of each file"),
        ({"urls": [URL, URL]}, "stands twice"),
        ({"urls": ["ftp://www.treasury.gov/sdn.csv"]}, "no address of a web server"),
        ({"urls": ["https://sanctionslistservice.ofac.treas.gov:99999/"]}, "is no address"),
        ({"urls": ["https://user:secret@www.treasury.gov/"]}, "must not hold a user name or password"),
        ({"urls": ["http://127.0.0.1/"]}, "127.0.0.1 is not a host that lists are fetched from; an operator adds it"),
        ({"urls": ["http://169.254.169.254/latest/meta-data"]}, "is not a host"),
        ({"urls": ["https://www.treasury.gov.evil.example/"]}, "is not a host"),
        ({"every_hours": 0}, "hours from 1 to 744"),
        ({"max_megabytes": 2_001}, "size from 1 to 2000 MB"),
    ],
)
def test_a_feed_that_could_not_work_or_should_not_is_refused(fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(feeds.FeedRefused, match=sentence):
        saved(**fields)
    assert not ListFeed.objects.exists()


@pytest.mark.parametrize("role", ["exporter", "officer", "senior_officer", "auditor"])
def test_other_roles_do_nothing_with_feeds(role: str) -> None:
    feed, person = saved(), factories.user(role)
    for deed in (
        lambda: lists.save_feed({**FIELDS, "every_hours": 1}, feed=feed, by=person),
        lambda: lists.approve_feed(feed, by=person, version=1),
        lambda: lists.fetch_soon(feed, by=person),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    feed.refresh_from_db()
    assert (feed.version, feed.approved_by, feed.every_hours) == (1, None, 12)


def test_a_feed_is_due_when_it_is_set_and_then_every_so_many_hours() -> None:
    feed, now = saved(), timezone.now()
    assert feeds.due(now) == [feed.pk]
    ListFeed.objects.update(next_at=now + timedelta(hours=1))
    assert feeds.due(now) == []
    assert feeds.claim(feed.pk, now=now) is None
    lists.fetch_soon(feed, by=editor())
    assert feeds.due(timezone.now()) == [feed.pk]
    ListFeed.objects.update(enabled=False)
    assert feeds.due(timezone.now()) == []
    feed.refresh_from_db()
    with pytest.raises(feeds.FeedRefused, match="switched off"):
        lists.fetch_soon(feed, by=editor())


def test_a_claim_outlives_a_live_worker_and_ends_with_a_dead_one() -> None:
    feed, now = saved(), timezone.now()
    assert feeds.claim(feed.pk, now=now) is not None
    assert feeds.claim(feed.pk, now=now + timedelta(minutes=5)) is None
    assert feeds.due(now + timedelta(minutes=5)) == []
    with pytest.raises(feeds.FeedRefused, match="being fetched just now"):
        lists.fetch_soon(feed, by=editor())
    dead = now + timedelta(seconds=feeds.claim_seconds() + 1)
    assert feeds.due(dead) == [feed.pk]
    assert feeds.claim(feed.pk, now=dead) is not None


def test_a_worker_that_lost_its_claim_changes_nothing() -> None:
    feed = saved()
    first = feeds.claim(feed.pk, now=timezone.now())
    assert first is not None
    second = feeds.claim(feed.pk, now=timezone.now() + timedelta(seconds=feeds.claim_seconds() + 1))
    assert second is not None
    feeds.failed(first, "too late")
    feed.refresh_from_db()
    assert (feed.claimed_at, feed.failures, feed.error) == (second.claimed_at, 0, "")


@pytest.mark.django_db(transaction=True)
def test_of_workers_at_once_one_gets_the_feed() -> None:
    feed = saved()
    got: list[ListFeed | None] = []
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        try:
            got.append(feeds.claim(feed.pk, now=timezone.now()))
        except OperationalError:  # SQLite in memory turns a second writer away
            got.append(None)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in got) == 1
