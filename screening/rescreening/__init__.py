"""A new policy is in force: screen again what it can affect, and nothing else.

`begin` belongs to the publication, `work` to a worker. A pass turns pages of shipments and licences; each page creates
its runs in short transactions and then moves a mark, from which a later attempt goes on. A worker may die at any point,
or do the same page twice: a shipment has one run of a pass. What changed, the runs say (`Run.changes`).
"""

import time
from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from policies.models import Snapshot
from screening import audit, names, reach, runs
from screening.models import Rescreening, Run
from screening.names import parts
from screening.reach import Reach
from screening.rescreening import licences, pages

log = structlog.get_logger(__name__)

BATCH = 250  # runs of one transaction
LOST = timedelta(minutes=2)
MOST_FAILURES = 3  # attempts to work out the reach before everything is screened again


def begin(snapshot: Snapshot, *, before: Snapshot | None) -> Rescreening:
    """Note down that a snapshot came into force and ask for the pass. Inside the publication's transaction.

    Without a snapshot before, everything that still matters is screened again.
    """
    made, _created = Rescreening.objects.get_or_create(snapshot=snapshot, before_hash=before.hash if before else "")
    transaction.on_commit(lambda: queue(made), robust=True)
    return made


def begin_everything(snapshot: Snapshot) -> Rescreening:
    """Ask for a pass over everything that still matters, whatever has changed; an operator's command."""
    with transaction.atomic():
        made = Rescreening.objects.create(snapshot=snapshot)
        transaction.on_commit(lambda: queue(made), robust=True)
        audit.record("rescreening.begun", by=None, of=made, details={"snapshot": snapshot.hash})
    return made


def begin_freshened(snapshot: Snapshot) -> Rescreening:
    """Ask for a pass over what was held up by lists that were stale and are fresh again under the same policy."""
    made = Rescreening.objects.create(snapshot=snapshot, before_hash=snapshot.hash)
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
    since = timezone.now() - LOST
    lost = Rescreening.objects.filter(done_at=None, created_at__lt=since).exclude(started_at__gt=since)
    return sum(queue(rescreening) for rescreening in lost)


def work(rescreening_id: int) -> None:
    """Do a pass, or as much of it as a task has time for. Harmless to repeat; an error is kept and tried again."""
    waiting = Rescreening.objects.filter(pk=rescreening_id, done_at=None)
    if not waiting.update(started_at=timezone.now(), attempts=F("attempts") + 1):
        log.info("rescreening_already_done", rescreening=rescreening_id)
        return
    rescreening = waiting.select_related("snapshot").get()
    try:
        if _turn(rescreening, until=time.monotonic() + settings.CELERY_TASK_SOFT_TIME_LIMIT / 2):
            _finish(rescreening)
        else:
            queue(rescreening)
    except Exception as error:
        log.exception("rescreening_error", rescreening=rescreening_id)
        failures = rescreening.reach.get("failures", 0) + 1
        waiting.update(
            error=f"{type(error).__name__}: {error}"[:4000], reach={**rescreening.reach, "failures": failures}
        )


def _turn(rescreening: Rescreening, *, until: float) -> bool:
    """Turn pages until all are done (`True`) or the time is up."""
    before = Snapshot.objects.filter(hash=rescreening.before_hash).first()
    found = _reach(rescreening, before)
    mark = pages.Mark(*rescreening.reach["mark"])
    while mark.step < len(pages.STEPS):
        page = pages.turn(found, mark, rescreening)
        for shipments in parts(sorted(page.shipments), BATCH):
            _screen_again(rescreening, shipments)
        for some in parts(sorted(page.licences), BATCH):
            licences.check(rescreening, some, before=before)
        mark = page.next
        _remember(rescreening, mark=list(mark), matched=rescreening.reach["matched"] + page.matched)
        if time.monotonic() > until:
            break
    return mark.step >= len(pages.STEPS)


def _reach(rescreening: Rescreening, before: Snapshot | None) -> Reach:
    """What the pass has to look for, worked out anew at each attempt; the first one writes it down for people.

    When that fails again and again, everything is looked at: a damaged old list must not keep a new one from working.
    """
    if rescreening.reach.get("failures", 0) >= MOST_FAILURES:
        found = Reach(everything="What the change can affect could not be worked out.")
    else:
        found = reach.between(before, rescreening.snapshot)
    about: dict[str, Any] = {
        "everything": found.everything,
        "lists": list(found.sentences),
        "names": len(found.names),
        "countries": [declared.text for declared in found.exact if declared.kind == "country"],
        "identifiers": sum(declared.kind == "identifier" for declared in found.exact),
        "addresses": sum(declared.kind == "address" for declared in found.exact),
        "directions": list(found.directions),
    }
    if rescreening.reach.get("everything") != found.everything:
        about |= {"mark": [0, 0, 0], "matched": 0, "folding": names.FOLDING}
    _remember(rescreening, **about)
    return found


def _remember(rescreening: Rescreening, **about: Any) -> None:
    rescreening.reach = {**rescreening.reach, **about}
    Rescreening.objects.filter(pk=rescreening.pk).update(reach=rescreening.reach, started_at=timezone.now())


def _screen_again(rescreening: Rescreening, shipments: list[int]) -> None:
    """Create and queue runs for the current revisions of shipments, as far as they have none of this pass."""
    with transaction.atomic():
        Rescreening.objects.select_for_update().get(pk=rescreening.pk)
        done = Run.objects.filter(revision__shipment__in=shipments, trigger=trigger(rescreening)).values("revision")
        wanted = reach.candidates().filter(pk__in=shipments, current__isnull=False).exclude(current__in=done)
        made = Run.objects.bulk_create(
            Run(revision_id=revision, trigger=trigger(rescreening), queued_at=timezone.now())
            for revision in wanted.order_by("pk").values_list("current", flat=True)
        )
        Rescreening.objects.filter(pk=rescreening.pk).update(found=F("found") + len(made))
        transaction.on_commit(lambda: runs.queue_all(made), robust=True)


def _finish(rescreening: Rescreening) -> None:
    with transaction.atomic():
        done = Rescreening.objects.select_for_update().get(pk=rescreening.pk)
        if done.done_at is None:
            done.done_at, done.error = timezone.now(), ""
            done.save(update_fields=["done_at", "error"])
            details = {"snapshot": done.snapshot.hash, "shipments": done.found, "licences": done.licences}
            audit.record("rescreening.queued", by=None, of=done, details=details)
