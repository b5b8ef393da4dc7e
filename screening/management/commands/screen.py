"""`manage.py screen FILE [--expect]`: screen a file against the published snapshot and print one JSON object a line."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from policies import pack, snapshots
from policies.engine import read
from policies.engine.policy import Policy
from screening import dry_run


class Command(BaseCommand):
    help = (
        "Screen FILE (one shipment body, or fixtures with a list of examples) against the published snapshot, without "
        "storing anything. Prints one JSON object a line. Exit code 1: an expectation is not met, or a body is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--expect", action="store_true", help="compare with what the file expects")

    def handle(self, *args: Any, file: Path, expect: bool, **options: Any) -> None:
        policy = self._policy()
        try:
            content = dry_run.load(file)
            done = [
                self._print(result, expect)
                for result in dry_run.results(content, policy, received_on=timezone.localdate())
            ]
        except dry_run.FileError as error:
            raise CommandError(str(error)) from error
        bad = sum(not good for good in done)
        if expect:
            self.stderr.write(f"{len(done) - bad} of {len(done)} as expected")
        if bad:
            raise SystemExit(1)

    def _policy(self) -> Policy:
        """The published policy; before an installation the shipped pack, which is what would be installed."""
        try:
            snapshot = snapshots.current()
        except (OperationalError, ProgrammingError):  # not migrated yet
            snapshot = None
        if snapshot is not None:
            return snapshots.load(snapshot.hash)
        self.stderr.write("No snapshot is published (manage.py install_policies does it): the shipped pack is used.")
        return read.build(pack.editions(), hash="shipped")

    def _print(self, result: dry_run.Result, expect: bool) -> bool:
        """Write one result; whether it is as it should be."""
        shown: dict[str, Any] = {
            "id": result.id,
            "outcome": result.outcome,
            "reasons": result.reasons,
            "findings": result.findings,
            "flags": result.flags,
        }
        if result.errors:
            shown["errors"] = [{"field": error.path, "message": error.message} for error in result.errors]
        if expect:
            shown["differences"] = result.differences
        self.stdout.write(json.dumps(shown, ensure_ascii=False))
        return not result.differences and (expect or not result.errors)
