"""What is in force: the snapshot, its lists with edition, date and age, and the draft that waits."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from policies import snapshots
from policies.models import Edition, EditionState, Snapshot, SnapshotState
from policies.permissions import new_editions


class Command(BaseCommand):
    help = "Show the snapshot in force, its lists and their age, and the draft that waits."

    def handle(self, *args: Any, **options: Any) -> None:
        current = snapshots.current()
        if current is None:
            self.stdout.write("No snapshot is in force: manage.py install_policies")
        else:
            by = current.published_by or "the installation"
            self.stdout.write(
                f"Snapshot {current.hash}\n"
                f"in force from {current.in_force_from:%Y-%m-%d %H:%M} UTC by {by}: {current.reason}"
            )
            self._lists(current)
        draft = Snapshot.objects.filter(state=SnapshotState.DRAFT).first()
        if draft:
            changed = ", ".join(sorted(edition.source_id for edition in new_editions(draft))) or "lists taken out"
            self.stdout.write(f"Draft {draft} of {draft.created_by or 'the system'} waits: {changed}")

    def _lists(self, current: Snapshot) -> None:
        stale = set(snapshots.stale_lists(current, timezone.localdate()))
        editions = Edition.objects.filter(source__in=current.manifest).exclude(state=EditionState.REJECTED)
        shown = {
            edition.source_id: edition
            for edition in editions.defer("content", "report").order_by("id")
            if current.manifest[edition.source_id] == edition.digest
        }
        for list_id, edition in sorted(shown.items()):
            as_of = f"as of {edition.as_of}" if edition.as_of else f"imported {edition.imported_at:%Y-%m-%d}"
            mark = "  STALE" if list_id in stale else ""
            self.stdout.write(f"  {list_id:32} {edition.digest[:12]} {edition.count:6} rows, {as_of}{mark}")
