"""What people do with a backtest: start it, cancel it, let it go on."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import snapshots
from policies.models import Snapshot
from screening import audit, permissions
from screening.backtests import chunks
from screening.backtests.filters import clean, shipments
from screening.models import Backtest, BacktestChunk, BacktestState, User


class BacktestError(Exception):
    """A backtest cannot be started, cancelled or resumed; the sentence says why and what to do."""


def start(snapshot: Snapshot, *, by: User, filters: Mapping[str, Any] | None = None) -> Backtest:
    """Try a snapshot on the stored shipments that `filters` choose, against the policy in force now.

    `filters` is of `received_from`, `received_to`, `direction`, `destination`. The same backtest that is already
    running is given instead of a second one. Without shipments it is finished at once. Raises `NotAllowed`,
    `FilterError` or `BacktestError`.
    """
    permissions.check_edit_policy(by)
    chosen = clean(filters or {})
    in_force = snapshots.current()
    if in_force is None:
        raise BacktestError(_("No policy is in force to compare with; run manage.py install_policies first."))
    ranges = list(_ranges(chosen))  # outside the transaction: a million ids take seconds, and a lock would last as long
    with transaction.atomic():
        Snapshot.objects.select_for_update().get(pk=snapshot.pk)  # two people at once: the second finds the first's
        running = Backtest.objects.filter(
            state=BacktestState.RUNNING, snapshot__hash=snapshot.hash, baseline_hash=in_force.hash
        )
        if same := next((one for one in running if one.filters == chosen), None):
            return same
        backtest = Backtest.objects.create(
            snapshot=snapshot,
            baseline_hash=in_force.hash,
            filters=chosen,
            total=sum(count for _first, _last, count in ranges),
            created_by=by,
            state=BacktestState.RUNNING if ranges else BacktestState.FINISHED,
            ended_at=None if ranges else timezone.now(),
        )
        parts = (
            BacktestChunk(backtest=backtest, number=number, first=first, last=last, shipments=count)
            for number, (first, last, count) in enumerate(ranges, start=1)
        )
        BacktestChunk.objects.bulk_create(parts, batch_size=1000)
        details = {"snapshot": snapshot.hash, "baseline": in_force.hash, "filters": chosen, "shipments": backtest.total}
        audit.record("backtest.started", by=by, of=backtest, details=details)
        transaction.on_commit(chunks.send_waiting, robust=True)
    return backtest


def cancel(backtest: Backtest, *, by: User) -> Backtest:
    """Stop a running backtest. Chunks that are being done may finish; no further one begins."""
    permissions.check_edit_policy(by)
    with transaction.atomic():
        locked = Backtest.objects.select_for_update().get(pk=backtest.pk)
        if locked.state != BacktestState.RUNNING:
            raise BacktestError(
                _("This backtest cannot be cancelled: it is “%(state)s”.") % {"state": locked.get_state_display()}
            )
        locked.state, locked.ended_at, locked.ended_by = BacktestState.CANCELLED, timezone.now(), by
        locked.save(update_fields=["state", "ended_at", "ended_by"])
        audit.record("backtest.cancelled", by=by, of=locked)
        transaction.on_commit(chunks.send_waiting, robust=True)
    return locked


def resume(backtest: Backtest, *, by: User) -> Backtest:
    """Let a cancelled or failed backtest go on with what is missing, against the same two policies."""
    permissions.check_edit_policy(by)
    with transaction.atomic():
        locked = Backtest.objects.select_for_update().get(pk=backtest.pk)
        if locked.state not in (BacktestState.CANCELLED, BacktestState.FAILED):
            raise BacktestError(
                _("Only a cancelled or failed backtest can go on; this one is “%(state)s”. Start a new one.")
                % {"state": locked.get_state_display()}
            )
        locked.chunks.filter(judged=0, failed__gt=0).update(done_at=None, started_at=None, failed=0)
        locked.chunks.filter(done_at=None).update(attempts=0, error="")
        locked.chunks.filter(done_at=None, started_at=None).update(queued_at=None)
        locked.state, locked.ended_at, locked.ended_by, locked.error = BacktestState.RUNNING, None, None, ""
        locked.save(update_fields=["state", "ended_at", "ended_by", "error"])
        audit.record("backtest.resumed", by=by, of=locked)
        transaction.on_commit(lambda: _go_on(locked.pk), robust=True)
    return locked


def _go_on(backtest_id: int) -> None:
    chunks.finish(backtest_id)  # it may have been cancelled while its last chunks were being done
    chunks.send_waiting()


def _ranges(chosen: Mapping[str, str]) -> Iterator[tuple[int, int, int]]:
    """First id, last id and number of shipments of each chunk; one query, read as it comes."""
    ids = shipments(chosen).values_list("pk", flat=True).iterator(chunk_size=10_000)
    while part := list(islice(ids, settings.BACKTEST_CHUNK)):
        yield part[0], part[-1], len(part)
