"""Show that a screening comes out the same from what was stored."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import runs
from screening.models import Run, RunState


class Command(BaseCommand):
    help = "Screen the stored facts of a run against its stored snapshot again; exit 1 if anything differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="id of the run (as the API and the case show it), or 'all'")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[bool] = Counter()
        for run in _chosen(options["run"]):
            differences = runs.replay(run)
            counts[bool(differences)] += 1
            self.stdout.write(f"{run.public_id} {run.outcome}: {'differs' if differences else 'identical'}")
            for difference in differences:
                self.stdout.write(f"  {difference}")
        if counts[True]:
            raise CommandError(
                f"{counts[True]} of {counts.total()} runs differ from what is stored: these results are not proved. "
                "Keep a copy of the database as it is, then find out what was altered; verify_audit checks the log."
            )


def _chosen(wanted: str) -> Iterable[Run]:
    if wanted == "all":
        return Run.objects.filter(state=RunState.FINISHED).order_by("id").iterator(chunk_size=100)
    try:
        return [Run.objects.get(public_id=UUID(wanted))]
    except ValueError as error:
        raise CommandError(f"{wanted!r} is no run id; give a UUID or 'all'.") from error
    except Run.DoesNotExist as error:
        raise CommandError(f"There is no run {wanted}.") from error
