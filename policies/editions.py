"""Editions of lists: staged -> active -> superseded, or rejected. Active is what the next snapshot pins.

An import is staged; the limits say what makes them doubt it. What becomes active becomes so in one transaction or not
at all, and on any error the edition before it stays. Nothing is in force before a snapshot is published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from policies import content, imports, limits, storage
from policies.content import Content
from policies.importers import ListFile
from policies.imports import EditionRefused, Fresh
from policies.models import Edition, EditionState, ListSource
from policies.permissions import Actor, check_edit
from policies.storage import Origin, confirm, keep, register, rows, set_max_age, swap

__all__ = ["EditionConflict", "EditionRefused", "Origin", "confirm", "keep", "register", "rows", "set_max_age"]

# The lists that parties are looked for in. Only these come into force by a feed, and rules are tried without them.
WATCH_KINDS = frozenset({"parties", "ownership", "denials"})
_ABOUT = ("kind", "title", "source", "publisher_url", "effect", "max_age_days")
_SET_ASIDE = "A later import"
TAKES_BACK = "the file was made from an edition that is not active any more: it takes later changes back"
NO_CHANGES = {"added": 0, "removed": 0, "changed": 0}


class EditionConflict(EditionRefused):
    """Somebody else changed the list meanwhile; `active` is the digest that it has now, empty for none."""

    def __init__(self, list_id: str, active: str) -> None:
        super().__init__(f"{list_id}: somebody else has changed the list meanwhile; look at it as it is now.")
        self.active = active


class Doubted(EditionRefused):
    """The limits doubt an edition; it waits as staged until a person gives a reason or rejects it."""

    def __init__(self, doubts: Sequence[str]) -> None:
        super().__init__(f"{'; '.join(doubts)}. If the list is right all the same, override with a reason.")
        self.doubts = tuple(doubts)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did to one list. `changed` is false when the active edition has this content already."""

    edition: Edition
    changed: bool
    changes: Mapping[str, int]


def stage(
    source: str, files: Sequence[ListFile], *, by: Actor | None, as_of: date | None = None, name: str = ""
) -> list[Edition]:
    """Read the files of a source and store each of its lists, staged with its doubts.

    A list that the active edition has already, row by row, is confirmed and that edition returned. Raises what
    `imports.gather` raises, or `PermissionDenied`; then nothing is stored.
    """
    if by is not None:
        check_edit(by)
    return keep_staged(imports.gather(source, files, as_of=as_of, name=name), by=by)


def keep_staged(fresh: Sequence[Fresh], *, by: Actor | None) -> list[Edition]:
    """Store what `imports.gather` has read: the part of `stage` that needs the database."""
    if by is not None:
        check_edit(by)
    with transaction.atomic():
        return [_stage(one, by=by) for one in fresh]


def take(
    source: str,
    files: Sequence[ListFile],
    *,
    by: Actor | None,
    as_of: date | None = None,
    override: str = "",
    name: str = "",
) -> list[Taken]:
    """Stage the files of a source and activate what changed: all lists of the source, or none.

    `override` is the reason for taking what the limits doubt. Raises what `stage` raises; `EditionRefused` for doubts,
    and what was read then waits as staged.
    """
    if by is not None:
        check_edit(by)
    fresh = imports.gather(source, files, as_of=as_of, name=name)
    with transaction.atomic():
        staged = keep_staged(fresh, by=by)
        doubts = doubts_of(staged)
        refused = bool(doubts) and not override.strip()
        taken = [] if refused else [take_staged(one, by=by, override=override) for one in staged]
    if refused:
        raise Doubted(doubts)
    return taken


def doubts_of(staged: Sequence[Edition]) -> list[str]:
    """What keeps an import from becoming active by itself, each with its list."""
    return [f"{one.source_id}: {doubt}" for one in staged if _waits(one) for doubt in one.doubts]


def take_staged(edition: Edition, *, by: Actor | None, override: str = "") -> Taken:
    """Activate what `keep_staged` gave, or say that it was active already."""
    if not _waits(edition):
        return Taken(edition, changed=False, changes=NO_CHANGES)
    return Taken(activate(edition, by=by, override=override), changed=True, changes=edition.report["changes"])


def activate(edition: Edition, *, by: Actor | None, override: str = "") -> Edition:
    """Make a staged or an earlier edition the active one of its list.

    The doubts are looked at again, against the edition that is active now; `override` is the reason for taking it all
    the same. Raises `EditionRefused` for doubts without one and for a rejected edition, or `PermissionDenied`.
    """
    if by is not None:
        check_edit(by)
    with transaction.atomic():
        source = ListSource.objects.select_for_update().get(pk=edition.source_id)
        edition.refresh_from_db(fields=["state", "doubts", "reason", "report", "as_of"])
        if edition.state == EditionState.REJECTED:
            raise EditionRefused(f"{edition} was rejected ({edition.reason}); import the list again.")
        if edition.state == EditionState.ACTIVE:
            return edition
        edition.doubts = _doubts_now(edition, source.active)
        if edition.doubts and not override.strip():
            raise Doubted([f"{edition.source_id}: {doubt}" for doubt in edition.doubts])
        return swap(edition, by=by, reason=override.strip() if edition.doubts else edition.reason)


def reject(edition: Edition, *, by: Actor, reason: str) -> Edition:
    """Put a staged edition aside for good; it is kept with the reason. Raises `EditionRefused`, `PermissionDenied`."""
    check_edit(by)
    if not reason.strip():
        raise EditionRefused("Say why the edition is rejected.")
    with transaction.atomic():
        ListSource.objects.select_for_update().get(pk=edition.source_id)
        edition.refresh_from_db(fields=["state", "reason"])
        if edition.state != EditionState.STAGED:
            raise EditionRefused(f"Only a staged edition can be rejected; this one is {edition.get_state_display()}.")
        edition.state, edition.reason = EditionState.REJECTED, reason.strip()
        edition.save(update_fields=["state", "reason"])
    return edition


def put(
    list_id: str,
    rows: Sequence[content.Row],
    *,
    by: Actor | None,
    reason: str,
    expected: str,
    as_of: date | None = None,
) -> Edition:
    """Make rows that a person wrote the active edition of a list that is known.

    `expected` is the digest of the edition they were made from, empty for none. The same rows change nothing. Raises
    `EditionConflict` when another edition is active now, `EditionRefused`, `ContentError` or `PermissionDenied`.
    """
    if by is not None:
        check_edit(by)
    if not reason.strip():
        raise EditionRefused(f"{list_id}: say why the list is changed.")
    with transaction.atomic():
        source = ListSource.objects.select_for_update().filter(pk=list_id).first()
        if source is None:
            raise EditionRefused(f"There is no list {list_id}; import it first.")
        active = source.active
        found = active.digest if active else ""
        fresh = content.prepare(source.kind, rows)
        if found == fresh.digest and active is not None:
            return active
        if found != expected:
            raise EditionConflict(list_id, found)
        origin = Origin(by=by, as_of=as_of or timezone.localdate())
        return adopt(source, fresh, origin, reason=reason.strip()).edition


def adopt(source: ListSource, fresh: Content, origin: Origin, *, reason: str = "") -> Taken:
    """Make rows the active edition without asking the limits; if they are active already, that edition is confirmed."""
    with transaction.atomic():
        earlier = source.active
        if earlier and earlier.digest == fresh.digest:
            return Taken(confirm(earlier, as_of=origin.as_of), changed=False, changes=NO_CHANGES)
        changes = storage.changes(fresh, earlier)
        edition = keep(source, fresh, origin, state=EditionState.STAGED, counts=changes)
        return Taken(swap(edition, by=origin.by, reason=reason), changed=True, changes=changes)


def _stage(one: Fresh, *, by: Actor | None) -> Edition:
    about = {name: getattr(one.importer, name) for name in _ABOUT}
    source = register(one.importer.list_id, **about)
    active = source.active
    waiting = Edition.objects.filter(source=source, state=EditionState.STAGED)
    if active and active.digest == one.content.digest:
        _set_aside(waiting, one)
        return confirm(active, as_of=one.as_of)
    _set_aside(waiting.exclude(digest=one.content.digest), one)
    changes = storage.changes(one.content, active)
    own = [*one.report.doubts, *_rejected_before(one)]
    doubts = [*own, *_against(active, one.content.count, changes, one.as_of)]
    if same := waiting.filter(digest=one.content.digest).first():
        same.doubts = doubts
        same.report = {**same.report, "changes": changes}
        same.save(update_fields=["doubts", "report"])
        return confirm(same, as_of=one.as_of)
    origin = Origin(by=by, as_of=one.as_of, files=one.files, report={**one.report.as_dict(), "doubts": own})
    return keep(source, one.content, origin, state=EditionState.STAGED, doubts=doubts, counts=changes)


def _set_aside(waiting: QuerySet[Edition], one: Fresh) -> None:
    """A later import takes the place of what waits, unless what waits is the publisher's later one."""
    if one.as_of:
        waiting = waiting.exclude(as_of__gt=one.as_of)
    reason = f"{_SET_ASIDE} ({one.content.digest[:12]}) took its place before anybody activated it."
    waiting.update(state=EditionState.REJECTED, reason=reason)


def _rejected_before(one: Fresh) -> list[str]:
    """A person has said no to exactly these rows: no machine takes them after that."""
    rejected = Edition.objects.filter(
        source=one.importer.list_id, digest=one.content.digest, state=EditionState.REJECTED
    ).exclude(reason__startswith=_SET_ASIDE)
    return [f"these rows were rejected before: {edition.reason}" for edition in rejected.defer("content")[:1]]


def _waits(edition: Edition) -> bool:
    return edition.state == EditionState.STAGED


def _doubts_now(edition: Edition, active: Edition | None) -> list[str]:
    """What the file itself raised, and what the limits say against the edition that is active now."""
    found = list(edition.report.get("doubts", edition.doubts))
    if edition.state == EditionState.SUPERSEDED:
        found.append(f"a later edition has replaced this one of {edition.as_of or edition.imported_at:%Y-%m-%d}")
    if active and edition.report.get("base", active.digest) != active.digest:
        found.append(TAKES_BACK)
    changes = storage.changes(storage.prepared(edition), active)
    return [*found, *_against(active, edition.count, changes, edition.as_of)]


def _against(active: Edition | None, count: int, changes: Mapping[str, int], as_of: date | None) -> list[str]:
    if active is None or not count:
        return []
    return [
        *limits.exceeded(changes, before=active.count, after=count),
        *limits.older(as_of, active.as_of),
    ]
