"""Feeds: lists that are fetched by themselves. Set by one person, approved by another, due, claimed, tried again.

A worker claims a feed by a conditional update, so that two never fetch it; a claim that outlives its worker ends by
itself. What happens to what was fetched: `updates`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from policies import editions
from policies.fetching import FetchError, check_url
from policies.importers import importers
from policies.models import ListFeed
from policies.permissions import Actor, check_approve_feed, check_edit

FIELDS = ("source", "name", "urls", "every_hours", "max_megabytes", "enabled", "automatic")
LONGEST_EVERY = 24 * 31
LARGEST = 2_000
PARSE_SECONDS = 600  # to read and compare what was fetched
FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(hours=12)


class FeedRefused(Exception):
    """A feed was not stored, approved or asked for; the sentence says why."""


class FeedConflict(FeedRefused):
    """Somebody else has changed the feed meanwhile."""


def save(fields: Mapping[str, Any], *, feed: ListFeed | None = None, by: Actor, version: int | None = None) -> ListFeed:
    """Store a feed; a change takes its approval away and makes it due. `fields` are `FIELDS`, others are ignored.

    Raises `FeedRefused`, `FeedConflict` when `version` is no longer that of the feed, or `PermissionDenied`.
    """
    check_edit(by)
    values = {name: fields[name] for name in FIELDS if name in fields}
    values["urls"] = [url.strip() for url in values.get("urls", ()) if url.strip()]
    _check(values)
    with transaction.atomic():
        row = ListFeed.objects.select_for_update().get(pk=feed.pk) if feed else ListFeed(version=0)
        if version is not None and version != row.version:
            raise FeedConflict("Somebody else has changed this feed meanwhile; look at it as it is now.")
        if feed and all(getattr(row, name) == value for name, value in values.items()):
            return row
        for name, value in values.items():
            setattr(row, name, value)
        _check_alone(row)
        row.version += 1
        row.set_at, row.set_by_id = timezone.now(), by.pk
        row.approved_at = row.approved_by = None
        row.next_at, row.claimed_at, row.failures, row.error, row.validators = timezone.now(), None, 0, "", {}
        row.save()
    return row


def approve(feed: ListFeed, *, by: Actor, version: int) -> ListFeed:
    """A second person stands for a feed as it is. Raises `FeedConflict` or `PermissionDenied`."""
    with transaction.atomic():
        row = ListFeed.objects.select_for_update().get(pk=feed.pk)
        if row.version != version:
            raise FeedConflict("The feed has been changed meanwhile; look at it as it is now, then approve it.")
        check_approve_feed(row, by=by)
        row.approved_at, row.approved_by_id = timezone.now(), by.pk
        row.save(update_fields=["approved_at", "approved_by"])
    return row


def ask(feed: ListFeed, *, by: Actor) -> ListFeed:
    """Make a feed due now. Raises `FeedRefused` while it is switched off or being fetched."""
    check_edit(by)
    if not feed.enabled:
        raise FeedRefused("This feed is switched off; switch it on first.")
    if not ListFeed.objects.filter(_free(timezone.now()), pk=feed.pk).update(next_at=timezone.now()):
        raise FeedRefused("This feed is being fetched just now.")
    return feed


def due(now: datetime) -> list[int]:
    """The ids of the feeds that are to be fetched now, the longest due first."""
    waiting = ListFeed.objects.filter(_free(now), enabled=True, next_at__lte=now)
    return list(waiting.order_by("next_at").values_list("pk", flat=True))


def claim(feed_id: int, *, now: datetime) -> ListFeed | None:
    """Take a due feed for this worker alone; `None` when it is not due or another has it."""
    free = ListFeed.objects.filter(_free(now), pk=feed_id, enabled=True, next_at__lte=now)
    return ListFeed.objects.get(pk=feed_id) if free.update(claimed_at=now) else None


def claim_seconds() -> int:
    """How long a worker may have a feed: the time to fetch it and to read it."""
    return settings.LIST_FETCH_SECONDS + PARSE_SECONDS


def failed(feed: ListFeed, sentence: str) -> ListFeed:
    """Note why a fetch failed and when it is tried again: after minutes, then hours, never later than usual."""
    now, failures = timezone.now(), feed.failures + 1
    ours = ListFeed.objects.filter(pk=feed.pk, claimed_at=feed.claimed_at, version=feed.version)
    ours.update(
        failures=failures,
        error=sentence,
        checked_at=now,
        next_at=now + retry_after(failures, every_hours=feed.every_hours),
        claimed_at=None,
    )
    feed.refresh_from_db()
    return feed


def retry_after(failures: int, *, every_hours: int) -> timedelta:
    """How long to wait after so many failures in a row.

    >>> [str(retry_after(number, every_hours=24)) for number in (1, 2, 3, 9)]
    ['0:05:00', '0:15:00', '0:45:00', '12:00:00']
    """
    return min(FIRST_RETRY * int(3 ** min(failures - 1, 9)), LAST_RETRY, timedelta(hours=every_hours))


def _free(now: datetime) -> Q:
    """Not claimed, or by a worker that must be dead."""
    return Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - timedelta(seconds=claim_seconds()))


def _check(values: Mapping[str, Any]) -> None:
    try:
        filled = importers(values.get("source", ""), name=values.get("name", ""))
        for url in values["urls"]:
            check_url(url, hosts=settings.LIST_HOSTS)
    except (ValueError, FetchError) as error:
        raise FeedRefused(f"{error}") from error
    if not values["urls"]:
        raise FeedRefused("Give the address of each file of the list.")
    if len(set(values["urls"])) != len(values["urls"]):
        raise FeedRefused("An address stands twice; give one for each file.")
    if not 1 <= values.get("every_hours", 24) <= LONGEST_EVERY:
        raise FeedRefused(f"Give a number of hours from 1 to {LONGEST_EVERY}.")
    if not 1 <= values.get("max_megabytes", 1) <= LARGEST:
        raise FeedRefused(f"Give a size from 1 to {LARGEST} MB.")
    if values.get("automatic") and any(one.kind not in editions.WATCH_KINDS for one in filled):
        raise FeedRefused("Only lists of parties can come into force by themselves.")


def _check_alone(row: ListFeed) -> None:
    """Two feeds of one list would undo each other's work for ever."""
    lists = {importer.list_id for importer in importers(row.source, name=row.name)}
    for other in ListFeed.objects.exclude(pk=row.pk):
        try:
            both = lists & {importer.list_id for importer in importers(other.source, name=other.name)}
        except ValueError:  # a format that is no longer known
            continue
        if both:
            raise FeedRefused(f"There is a feed for {other} already, which fills {', '.join(sorted(both))}; change it.")
