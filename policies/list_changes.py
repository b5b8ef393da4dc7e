"""A list changed in a file by a person: read, checked against the whole working policy, and staged with its doubts."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import SEEK_END
from typing import Any

from django.db import transaction
from django.utils import timezone

from policies import content, editions, limits, list_checks, list_reading, storage
from policies.editions import EditionRefused
from policies.importers import OWN, SOURCES, ListFile
from policies.models import Edition, EditionState, ListSource
from policies.permissions import Actor, check_edit
from policies.rulebook import RulebookError

_MADE_FROM = re.compile(r"-([0-9a-f]{12})(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Changed:
    """Checked rows of a list. `active` is the digest that they were checked against, `base` the one that the person
    began with, as far as the file's name tells.
    """

    list_id: str
    rows: Sequence[content.Row]
    files: Sequence[Mapping[str, Any]]
    active: str
    base: str


def read(list_id: str, file: ListFile) -> Changed:
    """Read and check a changed file; this takes a second and locks nothing.

    Raises `ListFileError` for a file that cannot be read, `EditionRefused` for rows that cannot take the list's place.
    """
    source = ListSource.objects.filter(pk=list_id).first()
    if source is None:
        raise EditionRefused(f"There is no list {list_id}.")
    check_source(source)
    active = source.active
    if active is None:
        raise EditionRefused(f"{list_id} has no active edition to compare with; import or activate one first.")
    try:
        rows = list_checks.check(source, active, list_reading.read(file))
    except (list_checks.RowsRefused, RulebookError) as error:
        raise EditionRefused(f"{file.name}: {error}") from error
    file.stream.seek(0)
    digest = hashlib.file_digest(file.stream, "sha256").hexdigest()
    described = {"name": file.name, "sha256": digest, "bytes": file.stream.seek(0, SEEK_END)}
    return Changed(list_id, rows, [described], active.digest, _made_from(file, source) or active.digest)


def check_source(source: ListSource) -> None:
    """Raise `EditionRefused` for a list that its publisher makes: only the publisher's own file may fill it."""
    if source.pk in publishers_lists():
        raise EditionRefused(
            f"{source.pk} is its publisher's list and is not changed by hand: import the publisher's file, "
            "or keep a list of your own beside it."
        )


def publishers_lists() -> set[str]:
    return {one.list_id for key, found in SOURCES.items() if not key.startswith(OWN) for one in found}


def stage(changed: Changed, *, by: Actor) -> Edition:
    """Keep checked rows as a staged edition with its doubts; where the active edition has them already, return that.

    Raises `EditionConflict` when another edition has become active since they were checked, or `PermissionDenied`.
    """
    check_edit(by)
    with transaction.atomic():
        source = ListSource.objects.select_for_update().get(pk=changed.list_id)
        active = source.active
        if active is None or active.digest != changed.active:
            raise editions.EditionConflict(source.pk, active.digest if active else "")
        fresh = content.prepare(source.kind, changed.rows)
        if fresh.digest == active.digest:
            return active
        waiting = Edition.objects.filter(source=source, state=EditionState.STAGED, report__has_key="base")
        if same := waiting.filter(digest=fresh.digest).first():
            return same
        reason = f"A later file ({fresh.digest[:12]}) took its place before anybody activated it."
        waiting.filter(imported_by_id=by.pk).update(state=EditionState.REJECTED, reason=reason)
        changes = storage.changes(fresh, active)
        doubts = limits.exceeded(changes, before=active.count, after=fresh.count)
        doubts += [editions.TAKES_BACK] if changed.base != active.digest else []
        origin = storage.Origin(by, timezone.localdate(), changed.files, {"base": changed.base})
        return storage.keep(source, fresh, origin, state=EditionState.STAGED, doubts=doubts, counts=changes)


def _made_from(file: ListFile, source: ListSource) -> str:
    """The edition that a downloaded file was made from, by the digest in its name; empty when nobody knows."""
    found = _MADE_FROM.search(file.name)
    known = source.editions.filter(digest__startswith=found[1]).first() if found else None
    return known.digest if known else ""
