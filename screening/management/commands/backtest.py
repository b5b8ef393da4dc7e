"""Try a policy on the stored shipments from the command line."""

import time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from policies import snapshots
from policies.models import Snapshot, SnapshotState
from screening import backtests
from screening.models import Backtest, BacktestState, User

PAUSE = 1.0  # seconds between two looks at what the workers do
SHOWN = 20


class Command(BaseCommand):
    help = "Judge the stored shipments by another policy and say what would change. Nothing else in the database does."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("snapshot", help="its hash or the beginning of it, 'draft', or 'current'")
        parser.add_argument("--by", required=True, metavar="USER", help="who starts it, a policy editor")
        parser.add_argument("--from", dest="received_from", metavar="DAY", help="received on this day or later")
        parser.add_argument("--to", dest="received_to", metavar="DAY", help="received on this day or earlier")
        parser.add_argument("--direction", help="export, import, transit, ...")
        parser.add_argument("--destination", metavar="COUNTRY", help="two letters, as NO")
        parser.add_argument("--wait", action="store_true", help="work on it here too, and print the result")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("received_from", "received_to", "direction", "destination")
        filters = {name: options[name] for name in names}
        try:
            backtest = backtests.start(_snapshot(options["snapshot"]), by=_person(options["by"]), filters=filters)
        except (backtests.FilterError, backtests.BacktestError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Backtest {backtest.public_id}: {backtest.total} shipments.")
        if options["wait"]:
            self._follow(backtest)
            self._print(backtest)

    def _follow(self, backtest: Backtest) -> None:
        """Do chunks that no worker has, and look after those that one has, until the end."""
        shown = -1
        while backtest.state == BacktestState.RUNNING:
            free = backtest.chunks.filter(done_at=None, started_at=None, error="").order_by("-number").first()
            if free is None or not backtests.work(free.pk):
                time.sleep(PAUSE)
                backtests.sweep()
            backtest.refresh_from_db()
            now = backtests.progress(backtest)
            if now.percent != shown:
                shown = now.percent
                self.stdout.write(f"{now.percent:3} %  {now.done} of {now.total}")

    def _print(self, backtest: Backtest) -> None:
        report = backtests.report(backtest)
        self.stdout.write(f"{report.judged} judged, {report.unchanged} unchanged, {report.failed} failed.")
        if report.error:
            self.stdout.write(f"First failure: {report.error}")
        for move in report.outcomes:
            self.stdout.write(f"  {move.before} -> {move.after}: {move.shipments}")
        for rule in report.rules[:SHOWN]:
            self.stdout.write(f"  {rule.rule}: on {rule.gained} more, on {rule.lost} no longer")
        for row in report.destinations[:SHOWN]:
            self.stdout.write(f"  to {row.code or '?'}: {row.changed} ({row.stricter} stricter, {row.milder} milder)")
        if backtest.state != BacktestState.FINISHED:
            raise CommandError(f"The backtest is {backtest.state}. {backtest.error}")


def _snapshot(wanted: str) -> Snapshot:
    if wanted == "current" and (in_force := snapshots.current()):
        return in_force
    if wanted == "draft" and (draft := Snapshot.objects.filter(state=SnapshotState.DRAFT).first()):
        return draft
    found = list(Snapshot.objects.filter(hash__startswith=wanted).order_by("-id"))
    if not found or len({snapshot.hash for snapshot in found}) > 1:
        known = "are several snapshots that begin" if found else "is no snapshot that begins"
        raise CommandError(f"There {known} with {wanted!r}; give its hash, 'draft' or 'current'.")
    return found[0]


def _person(username: str) -> User:
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist as error:
        raise CommandError(f"There is no person {username!r}; give a username.") from error
