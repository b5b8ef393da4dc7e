"""Lists: imported, activated, rejected, fetched. Each write with its audit, in one transaction.

What is active is what the next snapshot pins; in force it comes by `publication`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from policies import editions, feeds, imports, list_changes, shipped, snapshots, updates
from policies.editions import Taken
from policies.importers import ListFile
from policies.models import Edition, EditionState, ListFeed, ListSource, Snapshot, SnapshotState
from policies.permissions import check_edit
from policies.snapshots import SnapshotError
from policies.updates import Update
from screening import audit
from screening.editorial import publication
from screening.models import User

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What a fetch did: `what` is `not_due`, `failed`, `unchanged`, `updated`, `waits` or `in_force`."""

    what: str
    sentence: str
    editions: tuple[Edition, ...] = ()


def stage(
    source: str, files: Sequence[ListFile], *, by: User | None, as_of: date | None = None, name: str = ""
) -> list[Edition]:
    """Read files and keep each list of them staged, with its doubts, or confirm the active edition that has its rows.

    Raises what `editions.stage` raises; then nothing is stored.
    """
    if by is not None:
        check_edit(by)
    fresh = imports.gather(source, files, as_of=as_of, name=name)
    with publication.freshening():
        staged = editions.keep_staged(fresh, by=by)
        for edition in staged:
            _record("list.staged" if edition.state == EditionState.STAGED else "list.confirmed", edition, by=by)
    return staged


def stage_file(list_id: str, file: ListFile, *, by: User) -> Edition:
    """Keep a list that a person has changed in a file staged, with its doubts; if nothing differs, the active edition.

    Raises what `list_changes.read` and `list_changes.stage` raise; then nothing is stored.
    """
    check_edit(by)
    changed = list_changes.read(list_id, file)
    with transaction.atomic():
        edition = list_changes.stage(changed, by=by)
        if edition.state == EditionState.STAGED:
            _record("list.staged", edition, by=by)
    return edition


def take(
    source: str,
    files: Sequence[ListFile],
    *,
    by: User | None,
    as_of: date | None = None,
    override: str = "",
    name: str = "",
) -> list[Taken]:
    """Import and activate: all lists of the files, or none. Raises what `editions.take` raises."""
    if by is not None:
        check_edit(by)
    fresh = imports.gather(source, files, as_of=as_of, name=name)
    with publication.freshening():
        staged = editions.keep_staged(fresh, by=by)
        doubts = editions.doubts_of(staged)
        refused = bool(doubts) and not override.strip()
        taken = [] if refused else [editions.take_staged(one, by=by, override=override) for one in staged]
        for one in staged if refused else [item.edition for item in taken if item.changed]:
            _record("list.staged" if refused else "list.activated", one, by=by)
        for item in taken:
            if not item.changed:
                _record("list.confirmed", item.edition, by=by)
    if refused:
        raise editions.Doubted(doubts)
    return taken


def activate(edition: Edition, *, by: User, override: str = "") -> Edition:
    """Make a staged or an earlier edition active; `override` is the reason for taking it in spite of doubts."""
    with transaction.atomic():
        done = editions.activate(edition, by=by, override=override)
        _record("list.activated", done, by=by)
    return done


def reject(edition: Edition, *, by: User, reason: str) -> Edition:
    """Put a staged edition aside for good."""
    with transaction.atomic():
        done = editions.reject(edition, by=by, reason=reason)
        _record("list.rejected", done, by=by)
    return done


def set_max_age(source: ListSource, *, by: User, days: int, reason: str = "") -> ListSource:
    """How many days a list may go without an import before it counts as stale; 0 for never."""
    with publication.freshening():
        before = source.max_age_days
        done = editions.set_max_age(source, by=by, days=days)
        audit.record(
            "list.max_age_set", by=by, of=done, details={"before": before, "after": days, "reason": reason.strip()}
        )
    return done


def install(*, by: User | None = None) -> tuple[Snapshot, bool]:
    """Install the shipped pack: the first time it is published, later a changed pack becomes a draft."""
    with transaction.atomic():
        snapshot, new = shipped.install_shipped(by=by)
        if new:
            details = {"hash": snapshot.hash, "shipped": snapshot.shipped}
            audit.record("policy.installed", by=by, of=snapshot, details=details)
    return snapshot, new


def save_feed(fields: Mapping[str, Any], *, by: User, feed: ListFeed | None = None) -> ListFeed:
    """Store where a list is fetched from. `fields` as `feeds.save` takes them; with `version`, that one is changed."""
    with transaction.atomic():
        saved = feeds.save(fields, feed=feed, by=by, version=fields.get("version"))
        details = {name: getattr(saved, name) for name in (*feeds.FIELDS, "version")}
        audit.record("feed.saved", by=by, of=saved, details=details)
    return saved


def approve_feed(feed: ListFeed, *, by: User, version: int) -> ListFeed:
    """A second person stands for what a feed may do by itself."""
    with transaction.atomic():
        approved = feeds.approve(feed, by=by, version=version)
        audit.record("feed.approved", by=by, of=approved, details={"version": version, "automatic": feed.automatic})
    return approved


def fetch_soon(feed: ListFeed, *, by: User) -> ListFeed:
    """Have a worker fetch a feed now."""
    with transaction.atomic():
        asked = feeds.ask(feed, by=by)
        transaction.on_commit(lambda: send(asked.pk), robust=True)
        audit.record("feed.asked", by=by, of=asked)
    return asked


def send_due() -> int:
    """Ask the workers for every feed that is due; how many there were. Harmless to repeat."""
    found = feeds.due(timezone.now())
    for feed_id in found:
        send(feed_id)
    return len(found)


def send(feed_id: int) -> None:
    """Hand a feed to a worker. Without a broker it stays due, and the next round asks again."""
    try:
        current_app.send_task("screening.fetch_feed", args=[feed_id], retry=False)
    except (KombuError, RedisError, OSError) as error:
        log.warning("feed_not_sent", feed=feed_id, error=str(error))


def fetch(feed_id: int) -> FetchResult:
    """Fetch a due feed, stage what is new, activate it within the limits, and put it in force where that is approved.

    Whatever goes wrong, the edition before stays active and in force, and the feed says what happened and is tried
    again. Harmless to repeat: only one worker has a feed, and only when it is due.
    """
    feed = feeds.claim(feed_id, now=timezone.now())
    if feed is None:
        return FetchResult("not_due", "It is not due, or another worker fetches it.")
    try:
        got = updates.obtain(feed)
        with publication.freshening():
            update = updates.take_in(feed, got)
            for edition in update.editions:
                _record("list.staged" if update.what == "waits" else "list.activated", edition, by=None)
            audit.record("feed.fetched", by=None, of=feed, details={"what": update.what, "result": update.sentence})
    except updates.ClaimLost as error:
        return FetchResult("not_due", str(error))
    except updates.FAULTS as error:
        return _failed(feed, str(error))
    except Exception as error:
        log.exception("feed_failed", feed=str(feed))
        return _failed(feed, f"An error of Sargs itself stopped the update ({type(error).__name__}); see the log.")
    try:
        return _onwards(feed, update)
    except Exception as error:  # the edition is active; the next fetch tries to put it in force again
        log.exception("feed_not_put_in_force", feed=str(feed))
        return _held_up(feed, update, str(error) if isinstance(error, SnapshotError) else type(error).__name__)


def _failed(feed: ListFeed, sentence: str) -> FetchResult:
    with transaction.atomic():
        noted = feeds.failed(feed, sentence)
        details = {"error": sentence, "failures": noted.failures, "next_at": noted.next_at}
        audit.record("feed.failed", by=None, of=noted, details=details)
    return FetchResult("failed", sentence)


def _onwards(feed: ListFeed, update: Update) -> FetchResult:
    """In force where two persons have approved that; else a draft for a person, unless one is at work on a draft."""
    feed.refresh_from_db()
    if ready := updates.may_come_into_force(feed):
        publication.put_automatically(ready, reason=f"Automatic update of {', '.join(e.source_id for e in ready)}.")
        return FetchResult("in_force", f"{update.sentence} It is in force.", tuple(ready))
    if update.what != "updated":
        return FetchResult(update.what, update.sentence, update.editions)
    in_force = snapshots.current()
    pinned = in_force.manifest if in_force else {}
    if all(pinned.get(one.source_id) == one.digest for one in update.editions):
        return FetchResult("updated", f"{update.sentence} That is what is in force.", update.editions)
    waiting = snapshots.waiting(SnapshotState.DRAFT)
    if waiting is None or waiting.created_by_id is None:
        publication.draft(by=None)
    return FetchResult("updated", f"{update.sentence} A person has to publish it.", update.editions)


def _held_up(feed: ListFeed, update: Update, why: str) -> FetchResult:
    sentence = f"{update.sentence} It could not be put in force: {why}"
    ListFeed.objects.filter(pk=feed.pk).update(error=sentence)
    return FetchResult(update.what, sentence, update.editions)


def _record(action: str, edition: Edition, *, by: User | None) -> None:
    details = {
        "list": edition.source_id,
        "digest": edition.digest,
        "count": edition.count,
        "as_of": edition.as_of,
        "changes": edition.report.get("changes", {}),
        "files": edition.files,
        "doubts": edition.doubts,
        "reason": edition.reason,
    }
    audit.record(action, by=by, of=edition, details=details)
