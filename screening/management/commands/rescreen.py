"""Screen again what a policy can affect, or everything, without waiting for the beat."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies import snapshots
from screening import rescreening
from screening.models import Rescreening


class Command(BaseCommand):
    help = "Queue the screenings of passes that are not done. With --all, of everything that still matters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="begin a pass over everything, whatever has changed")

    def handle(self, *args: Any, **options: Any) -> None:
        snapshot = snapshots.current()
        if snapshot is None:
            raise CommandError("No policy snapshot is in force; run manage.py install_policies.")
        if options["all"]:
            rescreening.begin_everything(snapshot)
        waiting = list(Rescreening.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True))
        for number in waiting:
            _finish(number)
        done = Rescreening.objects.filter(pk__in=waiting).order_by("pk")
        shown = [{"pass": row.pk, "shipments": row.found, "licences": row.licences} for row in done]
        self.stdout.write(json.dumps(shown))


def _finish(number: int) -> None:
    """Work until the pass is done; a pass that makes no way any more is an error."""
    while True:
        rescreening.work(number)
        row = Rescreening.objects.get(pk=number)
        if row.done_at:
            return
        if row.error:
            raise CommandError(f"Pass {number}: {row.error}")
