"""One list as a file, to change it by hand: written from the active edition, and staged and activated again.

    manage.py list_file export terms/term_lists > terms.csv
    manage.py list_file import terms/term_lists terms.csv --by EDITOR

What the limits doubt waits as staged and is taken with --override REASON. A second person publishes it.
"""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies import diffs, list_files
from policies.content import ContentError
from policies.editions import Doubted, EditionRefused
from policies.importers import ListFile, ListFileError
from policies.models import Edition, EditionState
from screening.editorial import lists
from screening.management.people import person


class Command(BaseCommand):
    help = "Write one list as a file, or take in a changed file of it."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        export = verbs.add_parser("export", help="write the active edition, or another, to the standard output")
        export.add_argument("list", metavar="LIST", help="such as terms/term_lists")
        export.add_argument("--edition", default="", metavar="DIGEST", help="or its beginning")
        take = verbs.add_parser("import", help="stage a changed file and make it active")
        take.add_argument("list", metavar="LIST")
        take.add_argument("file", metavar="FILE", type=Path, help="CSV, XLSX, YAML or JSON lines")
        take.add_argument("--by", metavar="USER", required=True, help="who changes the list, a policy editor")
        take.add_argument("--override", default="", metavar="REASON", help="why to take what the limits doubt")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "export":
            self._export(options["list"], options["edition"])
        else:
            self._import(options)

    def _export(self, list_id: str, digest: str) -> None:
        try:
            for part in list_files.written(_edition(list_id, digest)).parts:
                self.stdout.write(part, ending="")
        except ContentError as error:
            raise CommandError(str(error)) from error

    def _import(self, options: dict[str, Any]) -> None:
        by, path = person(options["by"]), options["file"]
        try:
            with path.open("rb") as stream:
                staged = lists.stage_file(options["list"], ListFile(path.name, stream), by=by)
            if staged.state != EditionState.STAGED:
                self.stdout.write(f"{staged.source_id}: no change, edition {staged.digest[:12]}.")
                return
            done = lists.activate(staged, by=by, override=options["override"])
        except Doubted as error:
            raise CommandError(f"{error} It waits as staged; the active edition stays.") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except (ListFileError, EditionRefused, ContentError, PermissionDenied) as error:
            raise CommandError(f"{error} Nothing has changed.") from error
        counts = diffs.in_words(done.report["changes"])
        self.stdout.write(
            f"{done.source_id}: edition {done.digest[:12]} is active ({counts}); a second person publishes."
        )


def _edition(list_id: str, digest: str) -> Edition:
    found = Edition.objects.filter(source=list_id).order_by("-id")
    found = found.filter(digest__startswith=digest) if digest else found.filter(state=EditionState.ACTIVE)
    if len(set(found.values_list("digest", flat=True))) > 1:
        raise CommandError(f"{digest} begins several editions; write more of it.")
    edition = found.first()
    if edition is None:
        raise CommandError(f"There is no {'edition ' + digest if digest else 'active edition'} of {list_id}.")
    return edition
