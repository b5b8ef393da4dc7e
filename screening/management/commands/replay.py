"""Show that a screening comes out the same from what was stored."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import runs
from screening.models import Run


class Command(BaseCommand):
    help = "Screen the stored facts of a run against its stored snapshot again; exit 1 if anything differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="id of the run (as the API and the case show it), or 'all'")

    def handle(self, *args: Any, **options: Any) -> None:
        different = 0
        chosen = _chosen(options["run"])
        for run in chosen:
            differences = runs.replay(run)
            different += bool(differences)
            self.stdout.write(f"{run.public_id} {run.outcome}: {'differs' if differences else 'identical'}")
            for difference in differences:
                self.stdout.write(f"  {difference}")
        if different:
            raise CommandError(f"{different} of {len(chosen)} runs differ.")


def _chosen(wanted: str) -> list[Run]:
    if wanted == "all":
        return list(Run.objects.filter(state="finished").order_by("id"))
    try:
        return [Run.objects.get(public_id=UUID(wanted))]
    except ValueError as error:
        raise CommandError(f"{wanted!r} is no run id; give a UUID or 'all'.") from error
    except Run.DoesNotExist as error:
        raise CommandError(f"There is no run {wanted}.") from error
