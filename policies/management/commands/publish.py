"""Publish the waiting draft: the policy is built, every rule tried on its examples, then it is in force."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies import publishing, snapshots
from policies.management.people import person
from policies.models import Snapshot, SnapshotState


class Command(BaseCommand):
    help = "Publish the waiting draft. Who drafted it or imported a list of it may not publish it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", metavar="USER", required=True, help="who publishes (a policy editor)")
        parser.add_argument("--reason", metavar="TEXT", required=True, help="why it is published")

    def handle(self, *args: Any, **options: Any) -> None:
        draft = Snapshot.objects.filter(state=SnapshotState.DRAFT).first()
        if draft is None:
            raise CommandError("No draft waits; import a list first.")
        try:
            snapshot = publishing.publish(draft, by=person(options["by"]), reason=options["reason"])
        except (snapshots.SnapshotError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Snapshot {snapshot} is in force with {len(snapshot.manifest)} lists.")
