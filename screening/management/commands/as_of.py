"""Ask what the law and the lists of another day say of a shipment."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import as_of, differences
from screening.models import Shipment


class Command(BaseCommand):
    help = "Judge a shipment by the law and lists of a day, and by those of today, and say what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("shipment", help="its id or its reference")
        parser.add_argument("day", help="as 2026-03-01")

    def handle(self, *args: Any, **options: Any) -> None:
        shipment = _shipment(options["shipment"])
        try:
            answer = as_of.as_of(shipment, date.fromisoformat(options["day"]))
        except ValueError as error:
            raise CommandError(f"{options['day']!r} is not a date; write it as 2026-03-01.") from error
        except as_of.AsOfError as error:
            raise CommandError(str(error)) from error
        if answer.note:
            self.stdout.write(answer.note)
        for day, snapshot, screening in (
            (answer.day.isoformat(), answer.snapshot, answer.then),
            ("today", answer.in_force, answer.today),
        ):
            self.stdout.write(f"{day} (policy {snapshot}): {screening.outcome}")
            for finding in screening.findings:
                covered = f", covered by {finding.covered_by}" if finding.covered_by else ""
                self.stdout.write(f"  {finding.effect}: {finding.title} ({finding.subject}, {finding.rule}{covered})")
        self.stdout.write(differences.sentence(answer.differences) or "Both days say the same.")


def _shipment(wanted: str) -> Shipment:
    shipments = Shipment.objects.select_related("current", "latest_run")
    try:
        found = list(shipments.filter(public_id=UUID(wanted)))
    except ValueError:
        found = list(shipments.filter(reference=wanted)[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(f"Several organisations have used the reference {wanted!r}; give the id of the shipment.")
    raise CommandError(f"There is no shipment {wanted!r}; give its id or its reference.")
