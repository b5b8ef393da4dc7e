"""Principles and rules as the pages quote them, read from the lists that a snapshot pins; the engine is not loaded."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from policies import editions, snapshots
from policies.models import Edition, EditionState, Snapshot

Row = Mapping[str, Any]


def in_force() -> Snapshot | None:
    """The published snapshot."""
    return snapshots.current()


def principles_of(hash: str) -> dict[str, Row]:
    """Principles by id, as the snapshot holds them; empty for an unknown snapshot."""
    return {row["id"]: row for row in _rows(hash, "principles") if row.get("id")}


def rules_of(hash: str) -> tuple[Row, ...]:
    """The rules of a snapshot, flags included."""
    return _rows(hash, "rules")


def implementing(hash: str) -> dict[str, list[Row]]:
    """Principle id -> the rules that name it."""
    found: dict[str, list[Row]] = {}
    for rule in rules_of(hash):
        for principle in rule.get("principles") or ():
            found.setdefault(principle, []).append(rule)
    return found


@lru_cache(maxsize=16)
def _rows(hash: str, kind: str) -> tuple[Row, ...]:
    # A snapshot never changes, so neither does what is kept here.
    snapshot = Snapshot.objects.filter(hash=hash).first()
    if snapshot is None:
        return ()
    kept = Edition.objects.filter(kind=kind, digest__in=snapshot.manifest.values()).exclude(state=EditionState.REJECTED)
    pinned = [edition for edition in kept if snapshot.manifest.get(edition.source_id) == edition.digest]
    return tuple(row for edition in sorted(pinned, key=lambda one: one.source_id) for row in editions.rows(edition))
