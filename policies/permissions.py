"""Who may import lists and who may publish: `check_x` raises with a sentence for people, `can_x` answers yes or no.

Deny by default: an inactive account, a missing role or nobody at all may do nothing here.
"""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from policies.models import Edition, EditionState, ListFeed, Snapshot, SnapshotState

EDITORS = frozenset({"policy_editor", "administrator"})


class Actor(Protocol):
    """A person, as far as this application has to know them."""

    @property
    def pk(self) -> Any: ...

    @property
    def is_active(self) -> Any: ...

    @property
    def role(self) -> Any: ...


def check_edit(by: Actor) -> None:
    """Import lists and draft snapshots: policy editors and administrators."""
    if not by.is_active or by.role not in EDITORS:
        raise PermissionDenied(_("Only a policy editor or an administrator may change lists and policies."))


def can_edit(by: Actor) -> bool:
    try:
        check_edit(by)
    except PermissionDenied:
        return False
    return True


def check_publish(snapshot: Snapshot, *, by: Actor) -> None:
    """Four eyes: who drafted the snapshot may not publish it, nor who imported, edited or activated any edition of a
    list that differs from what is in force, since what is in force: later editions rest on earlier ones.
    """
    check_edit(by)
    if snapshot.state != SnapshotState.DRAFT:
        raise PermissionDenied(_("Only a draft can be published; this snapshot is %s.") % snapshot.get_state_display())
    if snapshot.created_by_id == by.pk:
        raise PermissionDenied(_("You drafted this snapshot; another policy editor must publish it."))
    if _drafted_return(by):
        raise PermissionDenied(_("You drafted a return to an earlier snapshot; another policy editor must publish."))
    if done := _hand_in(snapshot, by):
        raise PermissionDenied(_("You %s; another policy editor must publish it.") % "; ".join(done))


def can_publish(snapshot: Snapshot, *, by: Actor) -> bool:
    try:
        check_publish(snapshot, by=by)
    except PermissionDenied:
        return False
    return True


def check_approve_feed(feed: ListFeed, *, by: Actor) -> None:
    """Four eyes: who set a feed as it stands may not approve it."""
    check_edit(by)
    if feed.approved_by_id is not None:
        raise PermissionDenied(_("This feed is approved already."))
    if feed.set_by_id == by.pk:
        raise PermissionDenied(_("You set this feed; another policy editor must approve it."))


def can_approve_feed(feed: ListFeed, *, by: Actor) -> bool:
    try:
        check_approve_feed(feed, by=by)
    except PermissionDenied:
        return False
    return True


def new_editions(snapshot: Snapshot) -> list[Edition]:
    """The editions of a snapshot that the one in force does not pin."""
    changed = _changed(snapshot)
    editions = Edition.objects.filter(source__in=changed).exclude(state=EditionState.REJECTED).defer("content")
    return [edition for edition in editions if changed[edition.source_id] == edition.digest]


def new_work(snapshot: Snapshot) -> list[Edition]:
    """Every edition that was active, of the lists that a snapshot changes, since the one in force; oldest first.

    An edition counts from its last activation: one that was made active again counts, whenever it was imported.
    """
    pinned, changed = _pinned(), _changed(snapshot)
    ever_active = (
        Edition.objects.filter(source__in=changed, state__in=(EditionState.ACTIVE, EditionState.SUPERSEDED))
        .annotate(since=Coalesce("activated_at", "imported_at"))
        .order_by("since", "id")
        .defer("content", "report")
    )
    found: dict[str, list[Edition]] = {}
    for edition in ever_active:
        if pinned.get(edition.source_id) == edition.digest:
            found[edition.source_id] = []
        else:
            found.setdefault(edition.source_id, []).append(edition)
    return [edition for editions in found.values() for edition in editions]


def _hand_in(snapshot: Snapshot, by: Actor) -> list[str]:
    """What a person did to the lists that a snapshot changes, in words."""
    done: dict[str, set[str]] = {}
    for edition in new_work(snapshot):
        if edition.imported_by_id == by.pk:
            done.setdefault(_("imported") if edition.files else _("changed"), set()).add(edition.source_id)
        elif edition.activated_by_id == by.pk:
            done.setdefault(_("activated"), set()).add(edition.source_id)
    return [f"{verb} {', '.join(sorted(lists))}" for verb, lists in sorted(done.items())]


def _drafted_return(by: Actor) -> bool:
    """Whether a person drafted a return since what is in force: it may take lists out, and that leaves no edition."""
    returns = Snapshot.objects.filter(restores__isnull=False, created_by=by.pk, published_at=None)
    began = Snapshot.objects.filter(in_force_from__lte=timezone.now()).order_by("-in_force_from", "-id").first()
    return (returns.filter(created_at__gte=began.in_force_from) if began else returns).exists()


def _changed(snapshot: Snapshot) -> dict[str, str]:
    pinned = _pinned()
    return {list_id: digest for list_id, digest in snapshot.manifest.items() if pinned.get(list_id) != digest}


def _pinned() -> dict[str, str]:
    """The manifest in force: by the moment, as `snapshots.current` reads it."""
    begun = Snapshot.objects.filter(
        state__in=(SnapshotState.PUBLISHED, SnapshotState.SCHEDULED), in_force_from__lte=timezone.now()
    )
    current = begun.order_by("-in_force_from", "-id").first()
    return dict(current.manifest) if current else {}
