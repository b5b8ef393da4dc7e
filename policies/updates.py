"""What a feed brought: fetched, read, staged, and active when it keeps the limits. Any failure leaves all as it was."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from policies import diffs, editions, imports, limits, snapshots, storage
from policies.content import ContentError
from policies.fetching import Clock, Fetched, FetchError, fetch
from policies.importers import ListFile, ListFileError, importers
from policies.imports import EditionRefused, Fresh
from policies.models import Edition, EditionState, ListFeed

FAULTS = (FetchError, ListFileError, EditionRefused, ContentError, ValueError)
READ_ANEW = timedelta(days=7)  # files that never change are read again, as a later version of Sargs may read more


class ClaimLost(Exception):
    """The feed was changed, or another worker has it: what was fetched is thrown away."""


@dataclass(frozen=True, slots=True)
class Obtained:
    """What the addresses gave: the lists that were read, `None` when nothing is new, and what to ask with next time."""

    fresh: Sequence[Fresh] | None
    validators: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """What became of it: `what` is `unchanged`, `updated` or `waits`, `editions` those of the lists that changed."""

    what: str
    sentence: str
    editions: tuple[Edition, ...] = ()


def obtain(feed: ListFeed) -> Obtained:
    """Fetch and read the files of a feed; nothing is stored. Raises one of `FAULTS`, each with a sentence."""
    known = feed.validators if _may_ask_for_changes(feed) else {}
    with ExitStack() as stack:
        clock = Clock(settings.LIST_FETCH_SECONDS)
        answers = _fetched(feed, known, clock, stack)
        if known and any(answer.same for answer, _file in answers) and not all(one.same for one, _file in answers):
            answers = _fetched(feed, {}, clock, stack)  # a list is read from all its files
        if all(answer.same for answer, _file in answers):
            return Obtained(None, feed.validators)
        validators: dict[str, Any] = {
            url: {"etag": answer.etag, "last_modified": answer.last_modified, "sha256": answer.sha256}
            for url, (answer, _file) in zip(feed.urls, answers, strict=True)
        }
        if known and all(known[url]["sha256"] == validators[url]["sha256"] for url in feed.urls):
            return Obtained(None, {**validators, "lists": known["lists"], "read_on": known["read_on"]})
        files = [file for _answer, file in answers]
        return Obtained(imports.gather(feed.source, files, name=feed.name), validators)


def take_in(feed: ListFeed, got: Obtained) -> Update:
    """Store what was obtained, in one transaction: staged, and active when every list of it keeps the limits.

    Raises `ClaimLost`; then nothing has changed.
    """
    with transaction.atomic():
        row = _still_ours(feed)
        update = _confirm(row, got) if got.fresh is None else _take(got.fresh, approved=row.approved_by_id is not None)
        digests = _active_digests(row)
        validators = dict(got.validators)
        if got.fresh is not None and update.what != "waits":
            validators |= {"lists": digests, "read_on": timezone.localdate().isoformat()}
        row.validators = validators if validators.get("lists") == digests else {}
        now = timezone.now()
        row.checked_at = row.succeeded_at = now
        row.next_at = now + timedelta(hours=row.every_hours)
        row.claimed_at, row.failures = None, 0
        row.error = update.sentence if update.what == "waits" else ""
        row.save()
    return update


def may_come_into_force(feed: ListFeed) -> list[Edition]:
    """What an approved automatic feed has brought and the snapshot in force does not pin, when all of it may be put in
    force without a person: the list is in force already, no person had a hand in the edition, and it keeps the limits
    against what is in force too. Otherwise none.
    """
    in_force = snapshots.current()
    if not feed.automatic or feed.approved_by_id is None or in_force is None:
        return []
    lists = _lists(feed)
    active = Edition.objects.filter(source__in=lists, state=EditionState.ACTIVE)
    new = [one for one in active if in_force.manifest.get(one.source_id) != one.digest]
    if any(one.imported_by_id or one.activated_by_id or one.source_id not in in_force.manifest for one in new):
        return []
    for one in new:
        pinned = snapshots.kept_edition(one.source_id, in_force.manifest[one.source_id])
        changes = storage.changes(storage.prepared(one), pinned)
        if limits.exceeded(changes, before=pinned.count, after=one.count):
            return []
    return new


def _take(fresh: Sequence[Fresh], *, approved: bool) -> Update:
    """Stage, and activate within the limits. What a feed of one person brings, a person activates: four eyes."""
    staged = editions.keep_staged(fresh, by=None)
    new = tuple(edition for edition in staged if edition.state == EditionState.STAGED)
    if doubts := [f"{one.source_id}: {doubt}" for one in new for doubt in one.doubts]:
        sentence = f"{'; '.join(doubts)}. A person has to look at it; the edition before stays."
        return Update("waits", sentence, new)
    if new and not approved:
        sentence = "; ".join(_counts(edition) for edition in new)
        return Update("waits", f"{sentence}. Nobody has approved this feed: approve it, or activate the edition.", new)
    for edition in new:
        editions.activate(edition, by=None)
    if not new:
        return Update("unchanged", "The files have the rows that are active already.")
    return Update("updated", "; ".join(_counts(edition) for edition in new) + ".", new)


def _confirm(feed: ListFeed, got: Obtained) -> Update:
    """Nothing has changed at the publisher's: what is active is as fresh as today, if it still is what they gave."""
    if _active_digests(feed) != got.validators.get("lists"):
        raise ClaimLost(f"{feed}: the active edition was changed meanwhile.")
    for edition in Edition.objects.filter(source__in=_lists(feed), state=EditionState.ACTIVE):
        editions.confirm(edition)
    return Update("unchanged", "Nothing has changed since the last fetch.")


def _counts(edition: Edition) -> str:
    changes = diffs.in_words(edition.report["changes"])
    return f"{edition.source_id}: {edition.count} entries ({changes})"


def _still_ours(feed: ListFeed) -> ListFeed:
    row = ListFeed.objects.select_for_update().get(pk=feed.pk)
    if (row.claimed_at, row.version) != (feed.claimed_at, feed.version):
        raise ClaimLost(f"{feed}: the feed was changed, or another worker fetches it.")
    return row


def _may_ask_for_changes(feed: ListFeed) -> bool:
    """Whether "not modified" would say something: about the very rows that are active, read not long ago."""
    known = feed.validators
    if known.get("lists") != _active_digests(feed) or any(name not in known for name in (*feed.urls, "read_on")):
        return False
    return timezone.localdate() - date.fromisoformat(known["read_on"]) < READ_ANEW


def _active_digests(feed: ListFeed) -> dict[str, str]:
    active = Edition.objects.filter(source__in=_lists(feed), state=EditionState.ACTIVE)
    return dict(active.values_list("source_id", "digest"))


def _lists(feed: ListFeed) -> list[str]:
    return [importer.list_id for importer in importers(feed.source, name=feed.name)]


def _fetched(
    feed: ListFeed, known: Mapping[str, Any], clock: Clock, stack: ExitStack
) -> list[tuple[Fetched, ListFile]]:
    left, answers = feed.max_megabytes * 1_000_000, []
    for number, url in enumerate(feed.urls, start=1):
        stream = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes it
        answer = fetch(url, stream, hosts=settings.LIST_HOSTS, clock=clock, max_bytes=left, validators=known.get(url))
        left -= answer.bytes
        answers.append((answer, ListFile(_name(url, number), cast(Any, stream))))
    return answers


def _name(url: str, number: int) -> str:
    """The name of the file, as some formats tell their files apart by it."""
    return PurePosixPath(unquote(urlsplit(url).path)).name or f"file {number}"
