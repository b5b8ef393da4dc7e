"""A party list of three entries in force, shipments that meet them, and officers who dismiss the hits."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from screening import dismissals, runs
from screening.dismissals import met
from screening.models import Case, Dismissal, Run, RunState, Shipment, User
from tests import factories
from tests.publications import put_in_force, rows_of

LIST = "parties/own"
WORKS = {"id": "T1", "name": "Zvezdny Ordnance Works JSC", "country": "RS", "effect": "asset_freeze"}
LIKE, EQUAL = "Zvezdny Ordnance Work LLC", "Zvezdny Ordnance Works"
BECAUSE = "The registration number is another one; seen in the register."
SETTINGS = "settings/thresholds"


def lists(*entries: dict[str, Any], **settings: Any) -> None:
    """Put the entries in force, and thresholds changed by name."""
    rows = [row | {"value": settings.get(row["name"], row["value"])} for row in rows_of(SETTINGS)]
    put_in_force({LIST: list(entries or (WORKS,)), SETTINGS: rows})


def shipment(name: str = LIKE, *, by: User | None = None, screened: bool = True, **party: Any) -> Shipment:
    """A screened shipment to a consignee of that name, who may leave in a month."""
    parties = [
        {"role": "exporter", "name": "Baltic Precision SIA", "country": "LV"},
        {"role": "consignee", "name": name, "country": "RS"} | party,
    ]
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    sent = factories.shipment(by=by, destination="RS", shipment_date=later, parties=parties)
    return work(sent) if screened else sent


def work(sent: Shipment) -> Shipment:
    """What workers do with everything that waits."""
    for run in Run.objects.filter(state=RunState.QUEUED).order_by("pk"):
        runs.screen(run.pk)
        run.refresh_from_db()
        assert run.state == RunState.FINISHED, run.error
    return Shipment.objects.get(pk=sent.pk)


def again(sent: Shipment, trigger: str = "rescreen 1") -> Shipment:
    """The shipment screened once more."""
    assert sent.current is not None
    Run.objects.create(revision=sent.current, trigger=trigger)
    return work(sent)


def spot(sent: Shipment, place: int = 0) -> dict[str, Any]:
    """The hit of the latest result, as a form names it."""
    run = Shipment.objects.get(pk=sent.pk).latest_run
    assert run is not None
    hit = met.hits(run)[place]
    return {"run": run.public_id, "position": hit.position, "place": hit.place}


def dismiss(sent: Shipment, *, by: User | None = None, expires: date | None = None, **said: Any) -> Dismissal:
    case = Case.objects.get(shipment=sent)
    words = {"reason": "other_identifier", "because": BECAUSE}
    seen = {} if {"run", "position", "place"} <= set(said) else spot(sent)
    given = dismissals.dismiss(case, by=by or factories.officer(), expires=expires, **seen | words | said)
    assert given.shipment == sent
    return given


def reasons(sent: Shipment) -> set[str]:
    """The reason codes of the latest result that are about parties."""
    run = Shipment.objects.get(pk=sent.pk).latest_run
    assert run is not None
    return {finding.reason for finding in run.findings.filter(subject__startswith="party")}
