"""Who may import lists and who may publish: `check_x` raises with a sentence for people, `can_x` answers yes or no.

Deny by default: an inactive account, a missing role or nobody at all may do nothing here.
"""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from policies.models import Edition, EditionState, Snapshot, SnapshotState

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
    """Four eyes: who drafted the snapshot, or imported an edition that is new in it, may not publish it."""
    check_edit(by)
    if snapshot.state != SnapshotState.DRAFT:
        raise PermissionDenied(_("Only a draft can be published; this snapshot is %s.") % snapshot.get_state_display())
    if snapshot.created_by_id == by.pk:
        raise PermissionDenied(_("You drafted this snapshot; another policy editor must publish it."))
    if imported := [edition.source_id for edition in new_editions(snapshot) if edition.imported_by_id == by.pk]:
        raise PermissionDenied(
            _("You imported %s; another policy editor must publish it.") % ", ".join(sorted(imported))
        )


def can_publish(snapshot: Snapshot, *, by: Actor) -> bool:
    try:
        check_publish(snapshot, by=by)
    except PermissionDenied:
        return False
    return True


def new_editions(snapshot: Snapshot) -> list[Edition]:
    """The editions of a snapshot that the one in force does not pin."""
    current = Snapshot.objects.filter(state=SnapshotState.PUBLISHED).first()
    pinned = current.manifest if current else {}
    changed = {list_id: digest for list_id, digest in snapshot.manifest.items() if pinned.get(list_id) != digest}
    editions = Edition.objects.filter(source__in=changed).exclude(state=EditionState.REJECTED).defer("content")
    return [edition for edition in editions if changed[edition.source_id] == edition.digest]
