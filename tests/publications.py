"""Put lists in force without people, files and four eyes: those have tests of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from policies import content, snapshots
from policies.models import Edition, EditionState, ListSource, Snapshot, SnapshotState
from screening import rescreening
from screening.models import Rescreening

Rows = Sequence[Mapping[str, Any]]


def rows_of(list_id: str) -> list[dict[str, Any]]:
    """The rows of a list in the snapshot in force."""
    in_force = snapshots.current()
    assert in_force is not None
    edition = snapshots.kept_edition(list_id, in_force.manifest[list_id])
    return content.unpack(edition.kind, bytes(edition.content), digest=edition.digest)


def put_in_force(lists: Mapping[str, Rows | None], *, moment: Any = None) -> Snapshot:
    """A new snapshot, in force now, in which these lists have these rows; `None` takes a list out."""
    before = snapshots.current()
    assert before is not None
    manifest = dict(before.manifest)
    for list_id, rows in lists.items():
        manifest.pop(list_id, None)
        if rows is not None:
            manifest[list_id] = _edition(list_id, rows).digest
    now = moment or timezone.now()
    Snapshot.objects.filter(state=SnapshotState.PUBLISHED).update(state=SnapshotState.RETIRED, retired_at=now)
    return Snapshot.objects.create(
        hash=snapshots.manifest_hash(manifest),
        manifest=manifest,
        state=SnapshotState.PUBLISHED,
        automatic=True,
        created_at=now,
        published_at=now,
        in_force_from=now,
        reason="A test",
    )


def publish(lists: Mapping[str, Rows | None]) -> Rescreening:
    """Put lists in force and ask for the pass, as a publication does."""
    before = snapshots.current()
    with transaction.atomic():
        return rescreening.begin(put_in_force(lists), before=before)


def _edition(list_id: str, rows: Rows) -> Edition:
    kind = list_id.split("/")[0]
    source, _ = ListSource.objects.get_or_create(id=list_id, defaults={"kind": kind, "title": list_id})
    fresh = content.prepare(source.kind, rows)
    if kept := Edition.objects.filter(source=source, digest=fresh.digest).first():
        return kept
    source.editions.filter(state=EditionState.ACTIVE).update(state=EditionState.SUPERSEDED)
    return Edition.objects.create(
        source=source,
        kind=source.kind,
        digest=fresh.digest,
        content=fresh.packed(),
        count=fresh.count,
        imported_at=timezone.now(),
        state=EditionState.ACTIVE,
    )
