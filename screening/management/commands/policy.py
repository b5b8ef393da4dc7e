"""The whole policy as files, for git and for another installation."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies import diffs, snapshots
from policies.content import ContentError
from policies.editions import EditionRefused
from policies.engine.read import PolicyError
from policies.models import Snapshot
from policies.snapshots import SnapshotError
from screening.editorial import rules
from screening.management.people import person

REFUSALS = (PolicyError, ContentError, EditionRefused, SnapshotError, PermissionDenied, OSError)


class Command(BaseCommand):
    help = "Write a policy to a folder of files, or make the lists of such a folder the active ones and draft them."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="write every list of a snapshot")
        export.add_argument("folder", type=Path, metavar="DIR")
        export.add_argument(
            "--snapshot", default="", metavar="HASH", help="or its beginning; the one in force if left out"
        )
        export.add_argument("--by", metavar="USER", help="who exports; the system if left out")
        take = verbs.add_parser("import", help="take in what differs; publication needs a second person")
        take.add_argument("folder", type=Path, metavar="DIR")
        take.add_argument("--by", metavar="USER", required=True, help="who imports, a policy editor")
        take.add_argument("--reason", default="Imported from files", help="kept with the editions")
        take.add_argument("--override", default="", metavar="REASON", help="why to take what the limits doubt")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"]) if options["by"] else None
        try:
            if options["verb"] == "export":
                self._export(options["folder"], _snapshot(options["snapshot"]), by)
            else:
                self._import(options, by)
        except REFUSALS as error:
            raise CommandError(
                f"{error} Nothing has changed." if options["verb"] == "import" else str(error)
            ) from error

    def _export(self, folder: Path, snapshot: Snapshot, by: Any) -> None:
        written = rules.export_pack(folder, snapshot, by=by)
        rows = sum(info.count or 0 for info in written)
        self.stdout.write(f"Snapshot {snapshot}: {len(written)} lists, {rows} rows in {folder}")

    def _import(self, options: dict[str, Any], by: Any) -> None:
        taken, draft = rules.import_pack(
            options["folder"], by=by, reason=options["reason"], override=options["override"]
        )
        for one in taken:
            if one.changed:
                counts = diffs.in_words(one.changes)
                self.stdout.write(f"{one.edition.source_id}: {counts}")
        same = sum(1 for one in taken if not one.changed)
        self.stdout.write(f"{len(taken) - same} lists changed, {same} are as they were.")
        self.stdout.write(
            f"Drafted {draft}; a second editor publishes it." if draft else "Nothing differs from what is in force."
        )


def _snapshot(hash: str) -> Snapshot:
    if not hash:
        current = snapshots.current()
        if current is None:
            raise CommandError("No snapshot is in force; run install_policies first.")
        return current
    found = list(Snapshot.objects.filter(hash__startswith=hash).order_by("-id"))
    if not found:
        raise CommandError(f"There is no snapshot {hash}.")
    if len({snapshot.hash for snapshot in found}) > 1:
        raise CommandError(f"{hash} begins several snapshots; write more of it.")
    return found[0]
