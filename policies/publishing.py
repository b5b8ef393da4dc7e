"""How a draft becomes law: pinned, published by a second person, in force from a moment, retired, restored.

Also the two ways around the second person: the pack that ships with the product, once, and feeds that two persons have
approved, within their limits.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from policies import changelog
from policies.editions import WATCH_KINDS, activate
from policies.models import Edition, EditionState, Snapshot, SnapshotState
from policies.permissions import Actor, check_edit, check_publish
from policies.snapshots import (
    SnapshotError,
    active_manifest,
    check_policy,
    current,
    kept_edition,
    load,
    manifest_hash,
    waiting,
)

EARLIEST, LATEST = timedelta(minutes=5), timedelta(days=366)  # a moment just typed may have passed meanwhile


def draft(*, by: Actor | None, restores: Snapshot | None = None) -> Snapshot:
    """Pin the active editions in a draft; earlier drafts are retired. Raises `SnapshotError` if nothing has changed."""
    if by is not None:
        check_edit(by)
    with transaction.atomic():
        manifest = active_manifest()
        hash = manifest_hash(manifest)
        in_force = current()
        drafts = Snapshot.objects.select_for_update().filter(state=SnapshotState.DRAFT)
        if in_force and in_force.hash == hash:
            drafts.update(state=SnapshotState.RETIRED, retired_at=timezone.now())
            raise SnapshotError("Nothing has changed since the snapshot in force; change a list or a rule first.")
        if same := drafts.filter(hash=hash).first():
            return same
        drafts.update(state=SnapshotState.RETIRED, retired_at=timezone.now())
        return Snapshot.objects.create(
            hash=hash,
            manifest=manifest,
            restores=restores,
            created_at=timezone.now(),
            created_by_id=by.pk if by else None,
        )


def lock() -> None:
    """One at a time decides what is in force: call it first in the transaction, and read `current()` after it."""
    list(Snapshot.objects.select_for_update().exclude(state=SnapshotState.RETIRED).order_by("pk").values_list("pk"))


def publish(snapshot: Snapshot, *, by: Actor, reason: str, at: datetime | None = None) -> Snapshot:
    """Put a draft in force, at once or from a moment on, by a second person. Every rule must pass its examples.

    Raises `PermissionDenied` for whoever had a hand in it, `SnapshotError` for what is wrong with the draft.
    """
    if not reason.strip():
        raise SnapshotError("Say why the snapshot is published.")
    check_publish(snapshot, by=by)
    check_policy(load(snapshot.hash))
    with transaction.atomic():
        lock()
        locked = Snapshot.objects.select_for_update().get(pk=snapshot.pk)
        check_publish(locked, by=by)
        if locked.hash != snapshot.hash or locked.manifest != active_manifest():
            raise SnapshotError("Lists or rules have changed since this draft was made; make a new draft.")
        if scheduled := waiting(SnapshotState.SCHEDULED):
            raise SnapshotError(
                f"Snapshot {scheduled} is scheduled for {_local(scheduled.in_force_from)}; wait for it or withdraw it."
            )
        put_in_force(locked, by=by, reason=reason.strip(), at=at)
    return locked


def withdraw(snapshot: Snapshot, *, by: Actor) -> Snapshot:
    """Take a scheduled snapshot back before its moment. Raises `SnapshotError` when it is in force already."""
    check_edit(by)
    with transaction.atomic():
        locked = Snapshot.objects.select_for_update().get(pk=snapshot.pk)
        now = timezone.now()
        if locked.state != SnapshotState.SCHEDULED or (locked.in_force_from and locked.in_force_from <= now):
            raise SnapshotError("Only a snapshot that is scheduled and not yet in force can be withdrawn.")
        locked.state, locked.retired_at = SnapshotState.RETIRED, now
        locked.save(update_fields=["state", "retired_at"])
    return locked


def roll_back(snapshot: Snapshot, *, by: Actor, keep_party_lists: bool = False) -> Snapshot:
    """Make the editions of an earlier snapshot active again and draft them; a second person publishes.

    With `keep_party_lists` the lists of parties stay as they are: yesterday's rules, today's sanctions.
    """
    check_edit(by)
    if snapshot.published_at is None:
        raise SnapshotError("Only a snapshot that was published before can be restored.")
    with transaction.atomic():
        for list_id, digest in snapshot.manifest.items():
            edition = kept_edition(list_id, digest)
            if not (keep_party_lists and edition.kind in WATCH_KINDS):
                activate(edition, by=by, override=f"restores snapshot {snapshot}")
        later = Edition.objects.filter(state=EditionState.ACTIVE).exclude(source__in=snapshot.manifest)
        (later.exclude(kind__in=WATCH_KINDS) if keep_party_lists else later).update(state=EditionState.SUPERSEDED)
        return draft(by=by, restores=snapshot)


def advance() -> Snapshot | None:
    """Bring the states up to the clock: the scheduled snapshot whose moment has come, or `None`. Harmless to repeat."""
    with transaction.atomic():
        due = Snapshot.objects.select_for_update().filter(
            state=SnapshotState.SCHEDULED, in_force_from__lte=timezone.now()
        )
        snapshot = due.first()
        if snapshot is None:
            return None
        Snapshot.objects.filter(state=SnapshotState.PUBLISHED).update(
            state=SnapshotState.RETIRED, retired_at=snapshot.in_force_from
        )
        snapshot.state = SnapshotState.PUBLISHED
        snapshot.save(update_fields=["state"])
    return snapshot


def put_automatically(changed: Mapping[str, str], *, reason: str) -> Snapshot:
    """Put new editions of lists (`{list id: digest}`) in force without a person, beside whatever is in force now.

    For feeds that two persons have approved. A draft and a scheduled snapshot take the editions over, so that
    publishing them does not bring the older ones back. Raises `SnapshotError` when the policy cannot be loaded.
    """
    with transaction.atomic():
        lock()
        before = current()
        if before is None:
            raise SnapshotError("No snapshot is in force; run install_policies first.")
        now = timezone.now()
        Snapshot.objects.select_for_update().filter(state=SnapshotState.PUBLISHED).update(
            state=SnapshotState.RETIRED, retired_at=now
        )
        manifest = dict(sorted({**before.manifest, **changed}.items()))
        snapshot = Snapshot.objects.create(
            hash=manifest_hash(manifest),
            manifest=manifest,
            automatic=True,
            state=SnapshotState.PUBLISHED,
            created_at=now,
            published_at=now,
            in_force_from=now,
            reason=reason,
            changes=changelog.between(before.manifest, manifest),
        )
        check_policy(load(snapshot.hash))
        for row in Snapshot.objects.select_for_update().filter(state__in=("scheduled", "draft")):
            _take_over(row, changed)
    return snapshot


def put_in_force(snapshot: Snapshot, *, by: Actor | None, reason: str, at: datetime | None = None) -> None:
    """Publish a draft at once, or schedule it. Inside the caller's transaction, after the caller's checks."""
    now = timezone.now()
    before = current()
    if at is not None and not now - EARLIEST <= at <= now + LATEST:
        raise SnapshotError(
            f"{_local(at)} is no moment to come into force: it has passed, or is more than a year away."
        )
    if at is None or at <= now:
        at = now
        standing = Snapshot.objects.select_for_update().filter(state=SnapshotState.PUBLISHED)
        standing.update(state=SnapshotState.RETIRED, retired_at=now)
        snapshot.state = SnapshotState.PUBLISHED
    else:
        snapshot.state = SnapshotState.SCHEDULED
    snapshot.published_at, snapshot.in_force_from = now, at
    snapshot.published_by_id = by.pk if by else None
    snapshot.reason = reason
    snapshot.changes = changelog.between(before.manifest, snapshot.manifest) if before else []
    snapshot.save()


def _take_over(row: Snapshot, changed: Mapping[str, str]) -> None:
    """A waiting snapshot that still pins the older editions is replaced by one like it with the new ones."""
    now = timezone.now()
    Snapshot.objects.filter(pk=row.pk).update(state=SnapshotState.RETIRED, retired_at=now)
    row.manifest = dict(sorted({**row.manifest, **changed}.items()))
    row.hash = manifest_hash(row.manifest)
    row.pk = None
    row._state.adding = True
    row.save()


def _local(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%d.%m.%Y %H:%M") if moment else ""
