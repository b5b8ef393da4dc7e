"""Files -> editions: import, limits, activation.

`take` imports the files of a source, `adopt` the rows of a pack. What becomes active is what the next snapshot pins; it
becomes active in one transaction or not at all, and the edition before it stays on any error.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from policies import content
from policies.content import Content, ContentError
from policies.engine import read
from policies.importers import Importer, ListFile, Report, Row, importers
from policies.models import Edition, EditionState, ListSource
from policies.permissions import Actor, check_edit

# A list may lose this many entries, or this part of them, before a person has to say that it is right.
FEWEST_LOST = 25
PART_LOST = 0.02

# Lists that name parties come from importers; every other list belongs to the pack.
WATCH_KINDS = frozenset({"parties", "ownership", "denials"})

_READERS: dict[str, Callable[[str, Row], object]] = {
    "parties": read.listed,
    "ownership": lambda list_id, row: read.ownership(row),
    "denials": lambda list_id, row: read.denial(row),
}


class EditionRefused(Exception):
    """An edition was not taken; the message says why and what to do. The earlier edition stays active."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an edition comes from. `by` is `None` when the system imported it."""

    by: Actor | None = None
    as_of: date | None = None
    files: Sequence[Mapping[str, Any]] = ()
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did to one list. `changed` is false when the active edition has this content already."""

    edition: Edition
    changed: bool
    changes: Mapping[str, int]


def take(
    source: str,
    files: Sequence[ListFile],
    *,
    by: Actor | None,
    as_of: date | None = None,
    override: str = "",
    name: str = "",
) -> list[Taken]:
    """Import the files of a source and activate what changed: all lists of the source, or none.

    `override` is the reason for taking an edition that the limits refuse. Raises `ListFileError` for a file that cannot
    be read, `EditionRefused` (what the limits refuse is kept as rejected), `PermissionDenied`, or `ValueError` for an
    unknown source.
    """
    if by is not None:
        check_edit(by)
    override = override.strip()
    if as_of and as_of > timezone.localdate() + timedelta(days=1):
        raise EditionRefused(f"The date {as_of} lies in the future; give the day that the publisher states.")
    ready = [_read(importer, files) for importer in importers(source, name=name)]
    described = [_described(file) for file in files]
    with transaction.atomic():
        plans = [
            _plan(importer, fresh, report, by=by, as_of=as_of, files=described) for importer, fresh, report in ready
        ]
        refused = [plan for plan in plans if plan.doubts and not override]
        for plan in refused:
            keep(plan.source, plan.fresh, plan.origin, state=EditionState.REJECTED, reason="; ".join(plan.doubts))
        taken = (
            [] if refused else [adopt(p.source, p.fresh, p.origin, reason=override if p.doubts else "") for p in plans]
        )
    if refused:
        sentences = [f"{plan.source.id}: {doubt}" for plan in refused for doubt in plan.doubts]
        raise EditionRefused(f"{'; '.join(sentences)}. If the list is right all the same, override with a reason.")
    return taken


def adopt(source: ListSource, fresh: Content, origin: Origin, *, reason: str = "") -> Taken:
    """Stage and activate rows; when the active edition has them already, only note that they were found again."""
    with transaction.atomic():
        earlier = source.active
        if earlier and earlier.digest == fresh.digest and earlier.kind == fresh.kind:
            earlier.confirmed_on = timezone.localdate()
            earlier.as_of = max(filter(None, (earlier.as_of, origin.as_of)), default=None)
            earlier.save(update_fields=["confirmed_on", "as_of"])
            return Taken(earlier, changed=False, changes={"added": 0, "removed": 0, "changed": 0})
        changes = fresh.changes(_content(earlier))
        edition = keep(source, fresh, origin, state=EditionState.STAGED, reason=reason, changes=changes)
        return Taken(activate(edition), changed=True, changes=changes)


def activate(edition: Edition, *, by: Actor | None = None, override: str = "") -> Edition:
    """Make a staged or an earlier edition the active one of its list. Raises `EditionRefused` for a rejected one."""
    with transaction.atomic():
        ListSource.objects.select_for_update().get(pk=edition.source_id)
        edition.refresh_from_db(fields=["state"])
        if edition.state == EditionState.REJECTED:
            raise EditionRefused(f"{edition} was rejected ({edition.reason}); import the list again.")
        Edition.objects.filter(source=edition.source_id, state=EditionState.ACTIVE).exclude(pk=edition.pk).update(
            state=EditionState.SUPERSEDED
        )
        edition.state = EditionState.ACTIVE
        edition.activated_at, edition.activated_by_id = timezone.now(), by.pk if by else None
        edition.reason = override or edition.reason
        edition.save(update_fields=["state", "activated_at", "activated_by", "reason"])
    return edition


def register(list_id: str, **about: Any) -> ListSource:
    """The list's row, locked and brought up to date with what its importer or catalogue says about it."""
    ListSource.objects.update_or_create(id=list_id, defaults=about)
    return ListSource.objects.select_for_update().get(pk=list_id)


def limits(source: ListSource, fresh: Content, *, as_of: date | None, may_be_empty: bool = False) -> list[str]:
    """Why these rows should not replace the active ones without a person's word: sentences, none when all is well."""
    if not fresh.count:
        return [] if may_be_empty else ["the file holds no entry at all"]
    earlier = source.active
    if earlier is None:
        return []
    found = []
    lost, allowed = earlier.count - fresh.count, max(FEWEST_LOST, PART_LOST * earlier.count)
    if lost > allowed:
        found.append(f"the list shrinks from {earlier.count} to {fresh.count} entries; {int(allowed)} may go at once")
    if as_of and earlier.as_of and as_of < earlier.as_of:
        found.append(f"the file is of {as_of}, the active edition of {earlier.as_of}: an older file")
    return found


def rows(edition: Edition) -> list[dict[str, Any]]:
    """The rows of an edition, checked against its digest. Raises `ContentError` with the list when they differ."""
    try:
        return content.unpack(edition.kind, bytes(edition.content), digest=edition.digest)
    except ContentError as error:
        raise ContentError(f"{edition.source_id}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Plan:
    source: ListSource
    fresh: Content
    origin: Origin
    doubts: Sequence[str]


def _plan(
    importer: Importer,
    fresh: Content,
    report: Report,
    *,
    by: Actor | None,
    as_of: date | None,
    files: Sequence[Mapping[str, Any]],
) -> _Plan:
    about = {
        name: getattr(importer, name) for name in ("kind", "title", "source", "publisher_url", "effect", "max_age_days")
    }
    source = register(importer.list_id, **about)
    origin = Origin(by=by, as_of=as_of or report.as_of, files=files, report=report.as_dict())
    doubts = [*report.doubts, *limits(source, fresh, as_of=origin.as_of, may_be_empty=importer.may_be_empty)]
    return _Plan(source, fresh, origin, doubts)


def _read(importer: Importer, files: Sequence[ListFile]) -> tuple[Importer, Content, Report]:
    """Read a source to its end, outside any transaction, and check that the engine can read each row."""
    report = Report()
    fresh = content.prepare(importer.kind, importer.parse(files, report))
    if repeated := fresh.repeated():
        raise EditionRefused(
            f"{importer.list_id}: the id {repeated[0]} stands twice in the file; each entry needs its own."
        )
    for row in content.rows(fresh):
        try:
            _READERS[importer.kind](importer.list_id, row)
        except (KeyError, TypeError, ValueError) as error:
            raise EditionRefused(
                f"{importer.list_id}: the row {row.get('id', '')} cannot be used ({error!r})."
            ) from error
    return importer, fresh, report


def keep(
    source: ListSource,
    fresh: Content,
    origin: Origin,
    *,
    state: EditionState,
    reason: str = "",
    doubts: Sequence[str] = (),
    changes: Mapping[str, int] | None = None,
) -> Edition:
    """Store rows as an edition in a state; nothing else changes."""
    return Edition.objects.create(
        source=source,
        kind=fresh.kind,
        digest=fresh.digest,
        content=fresh.packed(),
        count=fresh.count,
        as_of=origin.as_of,
        imported_at=timezone.now(),
        imported_by_id=origin.by.pk if origin.by else None,
        files=list(origin.files),
        report={**origin.report, "changes": dict(changes or {})},
        state=state,
        reason=reason,
        doubts=list(doubts),
    )


def _content(edition: Edition | None) -> Content | None:
    return content.prepare(edition.kind, rows(edition)) if edition else None


def _described(file: ListFile) -> dict[str, Any]:
    file.stream.seek(0)
    digest = hashlib.file_digest(file.stream, "sha256")
    return {"name": file.name, "sha256": digest.hexdigest(), "bytes": file.stream.seek(0, 2)}
