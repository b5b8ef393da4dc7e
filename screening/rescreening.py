"""A new policy is in force: screen again what it can affect, and nothing else.

`begin` belongs to the publication, `work` to a worker. A pass is made of batches, each one transaction that creates
runs and moves the mark from which a later attempt goes on: a worker may die at any point, or work twice.
"""

from datetime import timedelta

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from policies.models import Snapshot
from screening import reach, runs
from screening.models import Rescreening, Run

log = structlog.get_logger(__name__)

BATCH = 500  # shipments of one transaction
LOST = timedelta(minutes=2)


def begin(snapshot: Snapshot, *, before: Snapshot | None) -> Rescreening:
    """Note down that a snapshot came into force and ask for the pass. Inside the publication's transaction."""
    made, _created = Rescreening.objects.get_or_create(
        snapshot=snapshot, defaults={"before_hash": before.hash if before else ""}
    )
    transaction.on_commit(lambda: queue(made), robust=True)
    return made


def trigger(rescreening: Rescreening) -> str:
    """The trigger of the runs of a pass."""
    return f"rescreen {rescreening.pk}"


def queue(rescreening: Rescreening) -> bool:
    """Hand the pass to the workers. `False` when the broker did not take it: the sweeper will find it."""
    try:
        current_app.send_task("screening.rescreen", args=[rescreening.pk], retry=False)
    except (KombuError, RedisError, OSError) as error:
        log.warning("broker_away", rescreening=rescreening.pk, error=str(error))
        return False
    return True


def sweep() -> int:
    """Ask again for passes that nobody works on; how many."""
    lost = Rescreening.objects.filter(done_at=None, created_at__lt=timezone.now() - LOST)
    lost = lost.exclude(started_at__gt=timezone.now() - LOST)
    return sum(queue(rescreening) for rescreening in lost)


def work(rescreening_id: int) -> None:
    """Create and queue the runs of a pass. Harmless to repeat: a shipment has one run of a pass."""
    waiting = Rescreening.objects.filter(pk=rescreening_id, done_at=None)
    if not waiting.update(started_at=timezone.now(), attempts=F("attempts") + 1):
        return
    rescreening = waiting.get()
    after = 0
    while ids := list(reach.candidates().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        _screen_again(rescreening, ids)
        after = ids[-1]
    waiting.update(done_at=timezone.now())


def _screen_again(rescreening: Rescreening, shipments: list[int]) -> None:
    """Create and queue runs for the current revisions of shipments, as far as they have none of this pass."""
    with transaction.atomic():
        locked = Rescreening.objects.select_for_update().get(pk=rescreening.pk)
        known = Run.objects.filter(revision__shipment__in=shipments, trigger=trigger(locked)).values("revision")
        wanted = reach.candidates().filter(pk__in=shipments).exclude(current__in=known)
        made = Run.objects.bulk_create(
            Run(revision_id=revision, trigger=trigger(locked), queued_at=timezone.now())
            for revision in wanted.values_list("current", flat=True)
            if revision
        )
        locked.found = F("found") + len(made)
        locked.save(update_fields=["found"])
        transaction.on_commit(lambda: [runs.queue(run) for run in made], robust=True)
