"""The pack that the product ships with: the first snapshot, and a draft when a later release brings another pack."""

from django.db import transaction
from django.utils import timezone

from policies import content, pack
from policies.editions import Origin, adopt, keep, register
from policies.models import Edition, EditionState, Snapshot
from policies.permissions import Actor, check_edit
from policies.publishing import draft, put_in_force
from policies.snapshots import active_manifest, build, check_policy, current, manifest_hash

FIRST_REASON = "The lists and rules that Sargs ships with."
EDITED = "the list was changed here since it was shipped; activating this edition replaces those changes"


def install_shipped(*, by: Actor | None = None) -> tuple[Snapshot, bool]:
    """Adopt the shipped pack and publish it as the first snapshot; a changed pack, later, becomes a draft.

    Returns the snapshot and whether it is new: with an unchanged pack, the one in force and `False`.
    """
    if by is not None:
        check_edit(by)
    prepared = {info: content.prepare(info.kind, pack.rows(pack.SHIPPED, info.id)) for info in pack.catalogue()}
    with transaction.atomic():
        changed = [_take(info, fresh, by=by) for info, fresh in prepared.items()]
        changed.append(_drop_lists({info.id for info in prepared}))
        in_force = current()
        if in_force is None:
            return _publish_first({info.id for info in prepared}, by=by), True
        if not any(changed) or manifest_hash(active_manifest()) == in_force.hash:
            return in_force, False
        return draft(by=by), True


def _take(info: pack.ListInfo, fresh: content.Content, *, by: Actor | None) -> bool:
    """Adopt a list of the pack, once: what was shipped before is never put back over what editors made of it since.

    A new list of a later pack replaces the one shipped before it; one that editors have changed waits as staged.
    """
    if Edition.objects.filter(source=info.id, digest=fresh.digest, report__pack=True).exists():
        return False
    about = ("kind", "title", "source", "confidence", "max_age_days")
    source = register(info.id, **{name: getattr(info, name) for name in about})
    active = source.active
    origin = Origin(by=by, as_of=info.as_of, report={"pack": True})
    if active is None or active.digest == fresh.digest or active.report.get("pack"):
        return adopt(source, fresh, origin).changed
    keep(source, fresh, origin, state=EditionState.STAGED, doubts=[EDITED])
    return False


def _publish_first(list_ids: set[str], *, by: Actor | None) -> Snapshot:
    """The one snapshot without a second person: what the product ships with, and nothing else."""
    manifest = {list_id: digest for list_id, digest in active_manifest().items() if list_id in list_ids}
    snapshot = Snapshot.objects.create(
        hash=manifest_hash(manifest),
        manifest=manifest,
        shipped=True,
        created_at=timezone.now(),
        created_by_id=by.pk if by else None,
    )
    check_policy(build(snapshot.hash))
    put_in_force(snapshot, by=by, reason=FIRST_REASON)
    return snapshot


def _drop_lists(pack_lists: set[str]) -> bool:
    """Take lists out that the pack had and has no longer; what it never had belongs to importers and editors."""
    gone = Edition.objects.filter(report__pack=True).exclude(source__in=pack_lists).values("source")
    dropped = Edition.objects.filter(source__in=gone, state=EditionState.ACTIVE)
    return bool(dropped.update(state=EditionState.SUPERSEDED))
