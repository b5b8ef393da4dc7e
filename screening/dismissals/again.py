"""What a dismissal changes elsewhere: the shipments of the organisation that are screened again, and by which runs."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from screening import reach, runs
from screening.models import CaseState, Dismissal, Finding, Run, Shipment


def screen_again(dismissal: Dismissal, *, word: str = "") -> list[Run]:
    """Queue a run, after commit, for its shipment and for what nobody has decided or proposed to decide yet.

    `word` sets apart what happened to it: the trigger of a run counts once for each revision.
    """
    working = Shipment.objects.filter(case__state__in=(CaseState.OPEN, CaseState.IN_REVIEW))
    return _queue(dismissal, working, word)


def screen_all_again(dismissal: Dismissal, *, word: str) -> list[Run]:
    """The same for everything whose result still matters, decided or not: what was cleared must not stay so."""
    return _queue(dismissal, reach.candidates(), word)


def _queue(dismissal: Dismissal, among: QuerySet[Shipment], word: str) -> list[Run]:
    wanted = _showing(dismissal, among) | {dismissal.shipment_id}
    revisions = Shipment.objects.filter(pk__in=wanted, current__isnull=False).order_by("pk")
    trigger = f"dismissal {dismissal.pk} {word}".strip()
    made = Run.objects.bulk_create(
        Run(revision_id=revision, trigger=trigger, queued_at=timezone.now())
        for revision in revisions.values_list("current", flat=True)
    )
    transaction.on_commit(lambda: runs.queue_all(made), robust=True)
    return made


def _showing(dismissal: Dismissal, among: QuerySet[Shipment]) -> set[int]:
    """Shipments of its organisation whose result shows the entry, as a hit that stands or as one that is dismissed."""
    latest = among.filter(organisation=dismissal.organisation_id).values("latest_run")
    found = Finding.objects.filter(run__in=latest, subject__startswith="party ").order_by()
    rows = found.values_list("run__revision__shipment", "evidence").iterator()
    return {shipment for shipment, evidence in rows if _shows(dismissal, evidence)}


def _shows(dismissal: Dismissal, evidence: dict[str, list[dict[str, str]]]) -> bool:
    hits = [*evidence.get("hits", ()), *evidence.get("dismissed", ())]
    return any((hit["list"], hit["entry"]) == (dismissal.list, dismissal.entry) for hit in hits)
