"""Install the shipped lists and rule pack: the first snapshot is published, a later pack becomes a draft."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policies import snapshots
from policies.content import ContentError
from policies.engine.read import PolicyError
from screening.editorial import lists


class Command(BaseCommand):
    help = "Install the shipped lists and rules. The first time they are published; run again, nothing changes."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            snapshot, new = lists.install()
        except (PolicyError, ContentError, snapshots.SnapshotError) as error:
            raise CommandError(str(error)) from error
        if not new:
            self.stdout.write(f"No change: snapshot {snapshot} is in force with {len(snapshot.manifest)} lists.")
        elif snapshot.shipped:
            self.stdout.write(f"Snapshot {snapshot} is in force with {len(snapshot.manifest)} lists.")
        else:
            self.stdout.write(
                f"The pack has changed. Draft {snapshot} waits: manage.py publish --by USER --reason TEXT"
            )
