"""Snapshots: draft -> published by a second person -> retired; and the policy that a hash names.

A snapshot pins one edition of every list under one SHA-256. `load` rebuilds the policy of any snapshot that was ever
kept; a list that is missing or is not what its digest says never screens.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from policies import content, pack
from policies.content import ContentError
from policies.editions import WATCH_KINDS, Origin, adopt, register, rows
from policies.engine import read
from policies.engine.examples import failures
from policies.engine.policy import Policy
from policies.models import Edition, EditionState, ListSource, Snapshot, SnapshotState
from policies.permissions import Actor, check_edit, check_publish

# Policies kept in memory by a process: the one in force and the one before it. Each may take 100 MB.
KEPT = 2
OLDEST_PUBLICATION = timedelta(days=365)  # a list of a publisher that is older is no list of today
FIRST_REASON = "The lists and rules that Sargs ships with."

_kept: OrderedDict[str, Policy] = OrderedDict()
_keeping = threading.Lock()
_building = threading.Lock()


class SnapshotError(Exception):
    """A snapshot cannot be drafted, published or loaded; the message says why and what to do."""


def current() -> Snapshot | None:
    """The snapshot in force, or `None` before the first publication."""
    return Snapshot.objects.filter(state=SnapshotState.PUBLISHED).first()


def load(hash: str) -> Policy:
    """The policy that a hash names, built once per process. Raises `SnapshotError` when it is missing or damaged."""
    with _keeping:
        if hash in _kept:
            _kept.move_to_end(hash)
            return _kept[hash]
    with _building:
        with _keeping:
            if hash in _kept:
                return _kept[hash]
        policy = _build(hash)
        with _keeping:
            _kept[hash] = policy
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return policy


def forget() -> None:
    """Let go of every policy in memory, as a new process would begin."""
    with _keeping:
        _kept.clear()


def draft(*, by: Actor | None) -> Snapshot:
    """Pin the active editions in a draft; earlier drafts are retired. Raises `SnapshotError` if nothing has changed."""
    if by is not None:
        check_edit(by)
    with transaction.atomic():
        manifest = _manifest()
        hash = manifest_hash(manifest)
        in_force = current()
        drafts = Snapshot.objects.select_for_update().filter(state=SnapshotState.DRAFT)
        if in_force and in_force.hash == hash:
            drafts.update(state=SnapshotState.RETIRED, retired_at=timezone.now())
            raise SnapshotError("Nothing has changed since the snapshot in force; import a list first.")
        if same := drafts.filter(hash=hash).first():
            return same
        drafts.update(state=SnapshotState.RETIRED, retired_at=timezone.now())
        return Snapshot.objects.create(
            hash=hash, manifest=manifest, created_at=timezone.now(), created_by_id=by.pk if by else None
        )


def publish(snapshot: Snapshot, *, by: Actor, reason: str) -> Snapshot:
    """Put a draft in force, by a second person. The policy must build and every rule must pass its examples.

    Raises `PermissionDenied` for the author or importer, `SnapshotError` for what is wrong with the draft.
    """
    if not reason.strip():
        raise SnapshotError("Say why the snapshot is published.")
    check_publish(snapshot, by=by)
    check_policy(load(snapshot.hash))
    with transaction.atomic():
        locked = Snapshot.objects.select_for_update().get(pk=snapshot.pk)
        check_publish(locked, by=by)
        if locked.hash != snapshot.hash:
            raise SnapshotError("The draft has changed meanwhile; look at it again.")
        _put_in_force(locked, by=by, reason=reason.strip())
    return locked


def install_shipped(*, by: Actor | None = None) -> tuple[Snapshot, bool]:
    """Adopt the shipped pack and publish it as the first snapshot; a changed pack, later, becomes a draft.

    Returns the snapshot and whether it is new: with an unchanged pack, the one in force and `False`.
    """
    if by is not None:
        check_edit(by)
    prepared = {info: content.prepare(info.kind, pack.rows(pack.SHIPPED, info.id)) for info in pack.catalogue()}
    with transaction.atomic():
        changed = False
        for info, fresh in prepared.items():
            source = register(
                info.id,
                kind=info.kind,
                title=info.title,
                source=info.source,
                confidence=info.confidence,
                max_age_days=info.max_age_days,
            )
            changed |= adopt(source, fresh, Origin(by=by, as_of=info.as_of)).changed
        changed |= _drop_lists(keep={info.id for info in prepared})
        in_force = current()
        if in_force is None:
            return _publish_first({info.id for info in prepared}, by=by), True
        if not changed or manifest_hash(_manifest()) == in_force.hash:
            return in_force, False
        return draft(by=by), True


def stale_lists(snapshot: Snapshot, on: date) -> list[str]:
    """The lists of a snapshot that nobody looks after: neither taken nor confirmed for longer than they may go without.

    The publisher's date alone makes a list stale only after `OLDEST_PUBLICATION`: one that rarely changes is fresh
    while its imports confirm it, and the date is shown for a person to judge.
    """
    editions = Edition.objects.filter(source__in=snapshot.manifest, source__max_age_days__gt=0).exclude(
        state=EditionState.REJECTED
    )
    fresh: set[str] = set()
    ageing: set[str] = set()
    for edition in editions.select_related("source").defer("content", "report"):
        if edition.digest == snapshot.manifest[edition.source_id]:
            ageing.add(edition.source_id)
            taken = timezone.localdate(edition.imported_at)
            seen = max(taken, edition.confirmed_on or taken)
            looked_after = on - seen <= timedelta(days=edition.source.max_age_days)
            if looked_after and (edition.as_of is None or on - edition.as_of <= OLDEST_PUBLICATION):
                fresh.add(edition.source_id)
    return sorted(ageing - fresh)


def manifest_hash(manifest: Mapping[str, str]) -> str:
    """SHA-256 (hex) of the sorted manifest."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def check_policy(policy: Policy) -> None:
    """Raise `SnapshotError` for a policy that must not screen: no rules or lists, or a rule that fails its examples."""
    parts = {
        "rules": policy.rules,
        "goods": policy.entries,
        "destinations": policy.destinations,
        "reasons": policy.reasons,
    }
    if missing := [name for name, part in parts.items() if not part]:
        raise SnapshotError(f"The snapshot has no {', '.join(missing)}; run install_policies first.")
    # Examples bring the parties they need; on the published lists each would index thousands of entries again.
    if failed := failures(replace(policy, parties=(), ownership=(), denials=())):
        raise SnapshotError(f"{len(failed)} examples fail: {'; '.join(failed[:20])}")


def _build(hash: str) -> Policy:
    snapshot = Snapshot.objects.filter(hash=hash).first()
    if snapshot is None:
        raise SnapshotError(f"There is no snapshot {hash[:12] or '(empty)'}; the hash is wrong or of another database.")
    if manifest_hash(snapshot.manifest) != hash:
        raise SnapshotError(f"The manifest of snapshot {hash[:12]} is not what its hash says; restore the database.")
    try:
        editions = {list_id: _edition(list_id, digest) for list_id, digest in snapshot.manifest.items()}
        return read.build(editions, hash=hash)
    except (ContentError, read.PolicyError) as error:
        raise SnapshotError(f"Snapshot {hash[:12]} cannot be loaded: {error}") from error


def _edition(list_id: str, digest: str) -> read.Edition:
    kept = Edition.objects.filter(source=list_id, digest=digest).exclude(state=EditionState.REJECTED).first()
    if kept is None:
        raise ContentError(f"{list_id}: the edition {digest[:12]} is missing")
    return read.Edition(kind=kept.kind, rows=rows(kept))


def _manifest() -> dict[str, str]:
    active = Edition.objects.filter(state=EditionState.ACTIVE).values_list("source_id", "digest")
    if not active:
        raise SnapshotError("No list has been imported; run install_policies first.")
    return dict(sorted(active))


def _publish_first(list_ids: set[str], *, by: Actor | None) -> Snapshot:
    """The one snapshot without a second person: what the product ships with, and nothing else."""
    manifest = {list_id: digest for list_id, digest in _manifest().items() if list_id in list_ids}
    snapshot = Snapshot.objects.create(
        hash=manifest_hash(manifest),
        manifest=manifest,
        shipped=True,
        created_at=timezone.now(),
        created_by_id=by.pk if by else None,
    )
    check_policy(_build(snapshot.hash))
    _put_in_force(snapshot, by=by, reason=FIRST_REASON)
    return snapshot


def _put_in_force(snapshot: Snapshot, *, by: Actor | None, reason: str) -> None:
    now = timezone.now()
    Snapshot.objects.select_for_update().filter(state=SnapshotState.PUBLISHED).update(
        state=SnapshotState.RETIRED, retired_at=now
    )
    snapshot.state = SnapshotState.PUBLISHED
    snapshot.published_at = snapshot.in_force_from = now
    snapshot.published_by_id = by.pk if by else None
    snapshot.reason = reason
    snapshot.save()


def _drop_lists(*, keep: set[str]) -> bool:
    """Take lists out that the pack no longer has; lists of parties belong to importers and stay."""
    gone = ListSource.objects.exclude(id__in=keep).exclude(kind__in=WATCH_KINDS).values("id")
    return bool(
        Edition.objects.filter(source__in=gone, state=EditionState.ACTIVE).update(state=EditionState.SUPERSEDED)
    )
