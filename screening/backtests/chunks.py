"""What the workers do: take a chunk, judge it, keep what came out, ask for the next.

Only a few chunks are with the broker at a time (`BACKTEST_AT_ONCE`), of the oldest running backtest first: shipments
that wait for their screening must not queue behind a year of old ones, and a worker keeps few policies in memory.
A claim is a conditional UPDATE, so a chunk delivered twice is done once; its results are one transaction.
"""

from datetime import timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from policies.snapshots import SnapshotError
from screening import audit
from screening.backtests.judging import Judged, judge
from screening.models import Backtest, BacktestChange, BacktestChunk, BacktestState

log = structlog.get_logger(__name__)

DIED = "The worker died at each attempt."
LAST = 9  # priority of a message with Redis: 0, a submission, is served first


def work(chunk_id: int) -> bool:
    """Do one chunk, unless it is done, taken or not wanted (`False`). After an error the sweeper tries again."""
    if not _claim(chunk_id):
        log.info("chunk_not_claimed", chunk=chunk_id)
        return False
    chunk = BacktestChunk.objects.select_related("backtest__snapshot").get(pk=chunk_id)
    try:
        _keep(chunk, judge(chunk))
    except SnapshotError as error:
        _stop(chunk.backtest_id, str(error))
    except Exception as error:
        log.exception("chunk_error", chunk=chunk_id)
        _keep_error(chunk, f"{type(error).__name__}: {error}")
    finish(chunk.backtest_id)
    send_waiting()
    return True


def sweep() -> dict[str, int]:
    """Queue again what the broker or a worker lost, end what failed too often. Counts what it did."""
    silent = BacktestChunk.objects.filter(_silent(), backtest__state=BacktestState.RUNNING, done_at=None)
    counts = {"failed": 0}
    for chunk in silent.filter(attempts__gte=settings.RUN_MAX_ATTEMPTS).select_related("backtest"):
        _fail(chunk, chunk.error or DIED)
        counts["failed"] += 1
    silent.exclude(queued_at=None).update(queued_at=None)
    for backtest_id in Backtest.objects.filter(state=BacktestState.RUNNING).values_list("pk", flat=True):
        finish(backtest_id)
    counts["queued"] = send_waiting()
    return counts


def send_waiting() -> int:
    """Hand chunks to the workers until enough are with them. What the broker does not take, the sweeper finds."""
    undone = BacktestChunk.objects.filter(backtest__state=BacktestState.RUNNING, done_at=None)
    room = settings.BACKTEST_AT_ONCE - undone.exclude(queued_at=None).count()
    waiting = undone.filter(queued_at=None).order_by("backtest_id", "number").values_list("pk", flat=True)
    sent = 0
    for chunk_id in list(waiting[: max(room, 0)]):
        mine = BacktestChunk.objects.filter(pk=chunk_id, queued_at=None)
        if mine.update(queued_at=timezone.now()):
            if not _send(chunk_id):
                break
            sent += 1
    return sent


def finish(backtest_id: int) -> None:
    """End a running backtest whose chunks are all done; harmless otherwise and twice."""
    with transaction.atomic():
        backtest = Backtest.objects.select_for_update().get(pk=backtest_id)
        if backtest.state != BacktestState.RUNNING or backtest.chunks.filter(done_at=None).exists():
            return
        lost = backtest.chunks.filter(judged=0, failed__gt=0).first()
        backtest.state = BacktestState.FAILED if lost else BacktestState.FINISHED
        backtest.error = f"Part {lost.number} could not be judged: {lost.error}" if lost else ""
        backtest.ended_at = timezone.now()
        backtest.save(update_fields=["state", "error", "ended_at"])
        audit.record(f"backtest.{backtest.state}", by=None, of=backtest, details={"error": backtest.error})


def _claim(chunk_id: int) -> bool:
    now = timezone.now()
    free = Q(started_at=None) | Q(started_at__lt=now - timedelta(seconds=settings.RUN_STALE_SECONDS))
    wanted = BacktestChunk.objects.filter(free, pk=chunk_id, done_at=None, backtest__state=BacktestState.RUNNING)
    return bool(wanted.update(started_at=now, attempts=F("attempts") + 1))


def _silent() -> Q:
    """Chunks that nobody has been heard of for too long: never taken by the broker, lost by it, or by their worker."""
    stale = timezone.now() - timedelta(seconds=settings.RUN_STALE_SECONDS)
    return Q(queued_at=None, started_at=None) | Q(queued_at__lt=stale, started_at=None) | Q(started_at__lt=stale)


def _keep(chunk: BacktestChunk, result: Judged) -> None:
    """Store what a chunk came to, in place of anything kept of it before. The first of two workers counts."""
    with transaction.atomic():
        backtest = Backtest.objects.select_for_update().get(pk=chunk.backtest_id)
        chunk.refresh_from_db(from_queryset=BacktestChunk.objects.select_for_update())
        if chunk.done_at is not None:
            return
        if result.reached:
            _split(backtest, chunk, result)
        BacktestChange.objects.filter(chunk=chunk).delete()
        BacktestChange.objects.bulk_create(result.changes, batch_size=500)
        chunk.judged, chunk.failed, chunk.error = result.judged, result.failed, result.error[:4000]
        chunk.fired, chunk.gained, chunk.lost = dict(result.fired), dict(result.gained), dict(result.lost)
        chunk.done_at = timezone.now()
        chunk.save()


def _split(backtest: Backtest, chunk: BacktestChunk, result: Judged) -> None:
    """Leave what there was no time for to a chunk of its own."""
    done = result.judged + result.failed
    BacktestChunk.objects.create(
        backtest=backtest,
        number=backtest.chunks.count() + 1,
        first=result.reached + 1,
        last=chunk.last,
        shipments=max(chunk.shipments - done, 0),
    )
    chunk.last, chunk.shipments = result.reached, min(chunk.shipments, done)


def _keep_error(chunk: BacktestChunk, error: str) -> None:
    """Set the chunk free; it stays queued, so that the sweeper asks for it after a pause."""
    tried = BacktestChunk.objects.filter(pk=chunk.pk, done_at=None)
    tried.update(error=error[:4000], started_at=None, queued_at=timezone.now())
    if chunk.attempts >= settings.RUN_MAX_ATTEMPTS:
        _fail(chunk, error)


def _fail(chunk: BacktestChunk, error: str) -> None:
    """End a chunk that cannot be done: its shipments count as failed, and so does the backtest when it ends."""
    BacktestChunk.objects.filter(pk=chunk.pk, done_at=None).update(
        done_at=timezone.now(), judged=0, failed=max(chunk.shipments, 1), error=error[:4000]
    )


def _stop(backtest_id: int, error: str) -> None:
    """A policy cannot be loaded: no chunk can be done, so none is tried again."""
    with transaction.atomic():
        running = Backtest.objects.filter(pk=backtest_id, state=BacktestState.RUNNING)
        if running.update(state=BacktestState.FAILED, error=error[:4000], ended_at=timezone.now()):
            details = {"error": error[:4000]}
            audit.record("backtest.failed", by=None, of=Backtest.objects.get(pk=backtest_id), details=details)


def _send(chunk_id: int) -> bool:
    try:
        current_app.send_task("screening.backtest_chunk", args=[chunk_id], retry=False, priority=LAST)
    except (KombuError, RedisError, OSError) as error:
        log.warning("broker_away", chunk=chunk_id, error=str(error))
        BacktestChunk.objects.filter(pk=chunk_id, started_at=None).update(queued_at=None)
        return False
    return True
