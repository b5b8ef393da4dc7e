"""What is in force, list by list with its age; the drafts and editions that wait; how the feeds are."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from policies import queries, snapshots
from policies.models import ListFeed, Snapshot, SnapshotState
from policies.permissions import new_editions


class Command(BaseCommand):
    help = "Show the snapshot in force, its lists and their age, what waits for a person, and how the feeds are."

    def handle(self, *args: Any, **options: Any) -> None:
        current = snapshots.current()
        if current is None:
            self.stdout.write("No snapshot is in force: manage.py install_policies")
        else:
            by = current.published_by or ("an approved feed" if current.automatic else "the installation")
            self.stdout.write(
                f"Snapshot {current.hash}\n"
                f"in force from {current.in_force_from:%Y-%m-%d %H:%M} UTC by {by}: {current.reason}"
            )
            self._lists(current)
        for snapshot in Snapshot.objects.filter(state__in=(SnapshotState.DRAFT, SnapshotState.SCHEDULED)):
            changed = ", ".join(sorted(edition.source_id for edition in new_editions(snapshot))) or "lists taken out"
            state = (
                "Draft" if snapshot.state == SnapshotState.DRAFT else f"From {snapshot.in_force_from:%Y-%m-%d %H:%M}:"
            )
            self.stdout.write(f"{state} {snapshot} of {snapshot.created_by or 'the system'} waits: {changed}")
        for edition in queries.waiting_editions():
            self.stdout.write(f"Staged {edition} waits for a person: {'; '.join(edition.doubts) or 'no doubts'}")
        for feed in queries.feeds():
            self.stdout.write(f"Feed {feed}: {_of(feed)}")

    def _lists(self, current: Snapshot) -> None:
        stale = set(snapshots.stale_lists(current, timezone.localdate()))
        for list_id, edition in sorted(queries.of_manifest(current.manifest).items()):
            as_of = f"as of {edition.as_of}" if edition.as_of else f"imported {edition.imported_at:%Y-%m-%d}"
            confirmed = f", confirmed {edition.confirmed_on}" if edition.confirmed_on else ""
            mark = "  STALE" if list_id in stale else ""
            self.stdout.write(f"  {list_id:32} {edition.digest[:12]} {edition.count:6} rows, {as_of}{confirmed}{mark}")


def _of(feed: ListFeed) -> str:
    if not feed.enabled:
        return "switched off"
    fetched = f"last fetched {feed.succeeded_at:%Y-%m-%d %H:%M} UTC" if feed.succeeded_at else "never fetched"
    failing = f", {feed.failures} failures in a row, next try {feed.next_at:%H:%M} UTC" if feed.failures else ""
    return f"{fetched}{failing}{f': {feed.error}' if feed.error else ''}"
