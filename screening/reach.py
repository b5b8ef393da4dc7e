"""What a change of policy can affect."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from screening.models import CaseState, Shipment, ShipmentStatus


def candidates() -> QuerySet[Shipment]:
    """Shipments whose result still matters: their case is not decided, or they have not left yet.

    A shipment that is being screened right now counts, whose run may have begun under the policy before. One that only
    waits does not: its run will find the policy in force.
    """
    undecided = Q(case__isnull=False) & ~Q(case__state=CaseState.DECIDED)
    to_come = Q(shipment_date__gte=timezone.localdate()) | Q(shipment_date=None)
    begun = (ShipmentStatus.SCREENING, ShipmentStatus.SCREENED)
    return Shipment.objects.filter(undecided | to_come, status__in=begun)
