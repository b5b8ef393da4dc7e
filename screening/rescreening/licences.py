"""Active licences under a new policy: would what they allow still be allowed?

A licence is judged as the shipment that would use up what is left of it today, under the policy before and the one in
force. It stays what it is; officers are told when the answers differ.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import snapshots
from policies.engine import facts
from policies.engine.screen import Screening, screen
from policies.models import Snapshot
from screening import audit, differences, notices, queries, reach, records
from screening.models import Licence, LicenceCheck, Rescreening

ISSUED_IN = "LV"


def check(rescreening: Rescreening, numbers: Sequence[int], *, before: Snapshot | None) -> None:
    """Judge active licences under both policies, once in a pass; without a policy before, against their last check."""
    done = LicenceCheck.objects.filter(rescreening=rescreening).values("licence")
    stale = snapshots.stale_lists(rescreening.snapshot, timezone.localdate())
    for licence in reach.licences().filter(pk__in=numbers).exclude(pk__in=done):
        given = as_shipment(licence, stale=stale)
        now = screen(given, snapshots.load(rescreening.snapshot.hash))
        then = _stored(licence) if before is None else _plain(screen(given, snapshots.load(before.hash)))
        _keep(rescreening, licence, then, _plain(now))


def as_shipment(licence: Licence, *, stale: Sequence[str] = ()) -> facts.Shipment:
    """The shipment that would use up a licence today."""
    line = {
        "number": 1,
        "description": licence.code,
        "control_code": licence.code,
        "quantity": float(_left(licence.quantity, licence.used_quantity)),
        "unit": licence.unit,
        "value": float(_left(licence.value_eur, licence.used_value_eur)),
        "currency": "EUR",
    }
    payload = {
        "direction": "export",
        "reference": licence.number,
        "origin": ISSUED_IN,
        "destination": licence.destination,
        "shipment_date": timezone.localdate(),
        "parties": [
            {"role": "exporter", "name": licence.exporter},
            {"role": "end_user", "name": licence.end_user, "country": licence.destination},
        ],
        "lines": [line],
        "declarations": {"licence": licence.number},
    }
    return facts.read(payload, licences=[records.licence(licence)], stale_lists=stale)


def _left(whole: Decimal, used: Decimal) -> Decimal:
    return whole - used or whole


def _plain(found: Screening) -> dict[str, Any]:
    return {"outcome": found.outcome, "findings": [finding.as_dict() for finding in found.findings]}


def _stored(licence: Licence) -> dict[str, Any]:
    last = LicenceCheck.objects.filter(licence=licence).first()
    return {"outcome": last.outcome, "findings": last.findings} if last else {"outcome": "", "findings": []}


def _keep(rescreening: Rescreening, licence: Licence, then: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    outcomes = (then["outcome"], now["outcome"])
    changes = differences.between(then["findings"], now["findings"], outcomes=outcomes) if then["outcome"] else {}
    with transaction.atomic():
        Rescreening.objects.select_for_update().get(pk=rescreening.pk)
        kept, made = LicenceCheck.objects.get_or_create(
            licence=licence,
            rescreening=rescreening,
            defaults={"before": outcomes[0], "outcome": outcomes[1], "findings": now["findings"], "changes": changes},
        )
        if not made:
            return
        Rescreening.objects.filter(pk=rescreening.pk).update(licences=F("licences") + 1)
        if changes:
            text = _("The licence %(number)s was screened under the policy in force. %(changes)s")
            about = {"number": licence.number, "changes": differences.sentence(changes)}
            notices.tell(queries.senior_officers(), text % about, licence=licence)
            audit.record("licence.screened", by=None, of=licence, details={"check": kept.pk, "changes": changes})
