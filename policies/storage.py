"""Editions as they are stored: the rows under their digest, the one that is active, and who made it so.

What may become active, `editions` decides; here it is written down, inside the transaction of the caller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from policies import content
from policies.content import Content, ContentError
from policies.importers import SOURCES
from policies.models import Edition, EditionState, ListSource
from policies.permissions import Actor, check_edit


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an edition comes from. `by` is `None` when the system imported it."""

    by: Actor | None = None
    as_of: date | None = None
    files: Sequence[Mapping[str, Any]] = ()
    report: Mapping[str, Any] = field(default_factory=dict)


def register(list_id: str, *, max_age_days: int = 0, **about: Any) -> ListSource:
    """The list's row, locked and brought up to date with what its importer or catalogue says about it.

    Its greatest age is theirs only at first: editors set it.
    """
    ListSource.objects.update_or_create(
        id=list_id, defaults=about, create_defaults={**about, "max_age_days": max_age_days}
    )
    return ListSource.objects.select_for_update().get(pk=list_id)


def set_max_age(source: ListSource, *, by: Actor, days: int) -> ListSource:
    """How old a list may grow before screening calls it stale; 0 for never. Counts at once.

    One person alone may make a list stricter, not more lenient than its importer or pack says.
    """
    check_edit(by)
    if not 0 <= days <= 3_650:
        raise ValueError("Give a number of days from 0 to 3650; 0 means that the list does not age.")
    most = usual_max_age(source.pk)
    if most and not 0 < days <= most:
        raise ValueError(f"{source.pk} may go {most} days at most; give a number from 1 to {most}.")
    with transaction.atomic():
        locked = ListSource.objects.select_for_update().get(pk=source.pk)
        locked.max_age_days = days
        locked.save(update_fields=["max_age_days"])
    return locked


def usual_max_age(list_id: str) -> int:
    """The greatest age that a list comes with, in days; 0 for one that does not age or is kept by the authority."""
    return max((one.max_age_days for found in SOURCES.values() for one in found if one.list_id == list_id), default=0)


def keep(
    source: ListSource,
    fresh: Content,
    origin: Origin,
    *,
    state: EditionState,
    doubts: Sequence[str] = (),
    counts: Mapping[str, int] | None = None,
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
        report={**origin.report, "changes": dict(counts or {})},
        state=state,
        doubts=list(doubts),
    )


def swap(edition: Edition, *, by: Actor | None, reason: str) -> Edition:
    """Make an edition the active one of its list, whose row the caller has locked."""
    Edition.objects.filter(source=edition.source_id, state=EditionState.ACTIVE).exclude(pk=edition.pk).update(
        state=EditionState.SUPERSEDED
    )
    edition.state, edition.reason = EditionState.ACTIVE, reason
    edition.activated_at, edition.activated_by_id = timezone.now(), by.pk if by else None
    edition.save(update_fields=["state", "reason", "doubts", "activated_at", "activated_by"])
    return edition


def confirm(edition: Edition, *, as_of: date | None = None) -> Edition:
    """Note that exactly these rows were found again today, in files of that date."""
    edition.confirmed_on = timezone.localdate()
    edition.as_of = max(filter(None, (edition.as_of, as_of)), default=None)
    edition.save(update_fields=["confirmed_on", "as_of"])
    return edition


def rows(edition: Edition) -> list[dict[str, Any]]:
    """The rows of an edition, checked against its digest. Raises `ContentError` with the list when they differ."""
    try:
        return content.unpack(edition.kind, bytes(edition.content), digest=edition.digest)
    except ContentError as error:
        raise ContentError(f"{edition.source_id}: {error}") from error


def changes(fresh: Content, active: Edition | None) -> dict[str, int]:
    """How many rows would be `added`, `removed` and `changed` if these took the place of an edition."""
    return fresh.changes(prepared(active) if active else None)


def prepared(edition: Edition) -> Content:
    """The rows of an edition in the form that a new one has before it is stored."""
    return content.prepare(edition.kind, rows(edition))
