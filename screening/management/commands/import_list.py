"""Import the files of a list, report the counts, and draft the next snapshot.

    manage.py import_list ofac_sdn sdn.csv alt.csv add.csv --by EDITOR
    manage.py import_list un consolidated.xml --as-of 2026-02-27

Without --by the system is the importer. What the limits doubt is kept as staged, and taken with --override REASON. The
previous edition stays in force until a person publishes the draft.
"""

from argparse import ArgumentTypeError
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from policies import diffs, editions, snapshots
from policies.content import ContentError
from policies.importers import SOURCES, ListFile, ListFileError
from screening.editorial import lists, publication
from screening.management.people import person

SHOWN = 10


class Command(BaseCommand):
    help = "Import list files and draft the next snapshot. Prints what was read, taken, left out and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", choices=SOURCES, help=", ".join(SOURCES))
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="all files of the source, in any order")
        parser.add_argument("--by", metavar="USER", default="", help="who imports (a policy editor); else the system")
        parser.add_argument("--as-of", metavar="DATE", type=_day, help="the publisher's date, if the file has none")
        parser.add_argument(
            "--override", metavar="REASON", default="", help="take the list although a limit refuses it"
        )
        parser.add_argument("--name", default="", help="own lists only: the list's name, if there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"]) if options["by"] else None
        try:
            with ExitStack() as stack:
                files = [ListFile(path.name, stack.enter_context(path.open("rb"))) for path in options["files"]]
                taken = lists.take(
                    options["source"],
                    files,
                    by=by,
                    as_of=options["as_of"],
                    override=options["override"],
                    name=options["name"],
                )
            for item in taken:
                self._show(item)
            draft = publication.draft(by=by)
            self.stdout.write(f"Draft {draft} waits for another person: manage.py publish --by USER --reason TEXT")
        except editions.Doubted as error:
            raise CommandError(f"{error} It waits as staged; the active edition stays.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except (ListFileError, editions.EditionRefused, ContentError, ValueError, PermissionDenied) as error:
            raise CommandError(f"{str(error).rstrip('.')}. Nothing was imported; the edition before stays.") from error
        except snapshots.SnapshotError as error:
            self.stdout.write(f"No draft: {error}")

    def _show(self, taken: editions.Taken) -> None:
        edition, report = taken.edition, taken.edition.report
        if not taken.changed:
            self.stdout.write(
                f"{edition.source_id}: no change, edition {edition.digest[:12]} of {edition.count} entries."
            )
        else:
            changes = diffs.in_words(taken.changes)
            self.stdout.write(
                f"{edition.source_id}: edition {edition.digest[:12]} is active, {edition.count} entries ({changes})."
            )
            self._show_report(report)
            if edition.reason:
                self.stdout.write(f"  overridden because: {edition.reason}")
        self._show_age(edition)

    def _show_report(self, report: dict[str, Any]) -> None:
        self.stdout.write("  read: " + ", ".join(f"{number} {part}" for part, number in report["read"].items()))
        counts = ("aliases", "weak_aliases", "addresses", "identifiers")
        kept = [f"{report[what]} {what.replace('_', ' ')}" for what in counts if report[what]]
        if kept:
            self.stdout.write("  kept: " + ", ".join(kept))
        for part, lost in report["orphans"].items():
            ids = lost["ids"]
            self.stdout.write(
                f"  orphans: {lost['records']} {part} of {len(ids)} ids without a primary entry, "
                f"such as {', '.join(ids[:SHOWN])}; the files are of different dates"
            )
        for name, number in report["unknown_countries"].items():
            self.stdout.write(f"  unknown country: {name}, named {number} x")
        if report["skipped"]:
            self.stdout.write(f"  skipped: {report['skipped']}")
        for sentence in [*report["skipped_because"][:SHOWN], *report["notes"][:SHOWN], *report["doubts"]]:
            self.stdout.write(f"    {sentence}")

    def _show_age(self, edition: Any) -> None:
        stated, most = edition.as_of, edition.source.max_age_days
        age = (timezone.localdate() - stated).days if stated else 0
        if most and age > most:
            oldest = snapshots.OLDEST_PUBLICATION.days
            stale = "it counts as stale and sends shipments to review" if age > oldest else "look for a newer one"
            self.stdout.write(f"  old: as of {stated}, {age} days ago; {stale}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date; write 2026-02-27") from None
