"""Publish the waiting draft: the policy is built, every rule tried on its examples, then it is in force."""

from argparse import ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from policies import snapshots
from policies.models import Snapshot, SnapshotState
from screening.editorial import publication
from screening.management.people import person


class Command(BaseCommand):
    help = "Publish the waiting draft. Who drafted it, or imported or changed a list of it, may not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", metavar="USER", required=True, help="who publishes (a policy editor)")
        parser.add_argument("--reason", metavar="TEXT", required=True, help="why it is published")
        parser.add_argument("--at", metavar="MOMENT", type=_moment, help="in force from, such as 2026-03-01T00:00")
        parser.add_argument("--without-backtest", metavar="REASON", default="", help="why it cannot wait for one")

    def handle(self, *args: Any, **options: Any) -> None:
        draft = Snapshot.objects.filter(state=SnapshotState.DRAFT).first()
        if draft is None:
            raise CommandError("No draft waits; import a list first.")
        try:
            snapshot = publication.publish(
                draft,
                by=person(options["by"]),
                reason=options["reason"],
                at=options["at"],
                without_backtest=options["without_backtest"],
            )
        except (snapshots.SnapshotError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        begins = timezone.localtime(snapshot.in_force_from)
        state = "in force" if snapshot.state == SnapshotState.PUBLISHED else f"scheduled for {begins:%Y-%m-%d %H:%M}"
        self.stdout.write(f"Snapshot {snapshot} is {state} with {len(snapshot.manifest)} lists.")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a moment; write 2026-03-01T00:00") from None
    return timezone.make_aware(found) if timezone.is_naive(found) else found
