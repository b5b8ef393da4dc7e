"""Precedents as officers and auditors look through them: by text, code, organisation and state."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from policies.engine.classify.codes import normalise
from screening import permissions
from screening.lookup import NoPolicy
from screening.models import Precedent, User
from screening.precedents.lists import in_force
from screening.precedents.validity import Judge, of_state


def search(by: User, *, text: str = "", code: str = "", organisation: str = "") -> QuerySet[Precedent]:
    """Those that hold all of it, newest first; a code also finds those below it. None for whoever may not see cases."""
    rows = Precedent.objects.all() if permissions.can_see_queue(by) else Precedent.objects.none()
    if text.strip():
        asked = text.strip()
        part = "".join(filter(str.isalnum, asked)).lower()
        found = Q(description__icontains=asked) | Q(reason__icontains=asked) | Q(cas_number=asked)
        found |= Q(statement_number__icontains=asked) | Q(case__shipment__reference__icontains=asked)
        found |= Q(pk__in=Precedent.objects.filter(keys__kind="part", keys__value=part).values("pk"))
        rows = rows.filter(found)
    if code.strip():
        start = normalise(code) or code.strip()
        rows = rows.filter(Q(code__istartswith=start) | Q(considered__istartswith=start))
    if organisation.strip():
        rows = rows.filter(organisation__name__icontains=organisation.strip())
    return rows.select_related("by", "withdrawn_by", "organisation", "case__shipment").order_by("-id")


def judge() -> Judge | None:
    """Judges by the lists in force today; `None` while there are none, when no entry can be said to have changed."""
    try:
        return Judge(in_force().goods, on=timezone.localdate())
    except NoPolicy:
        return None


def in_state(rows: QuerySet[Precedent], state: str, *, judge: Judge | None) -> QuerySet[Precedent]:
    """Those of `rows` that are valid, expired or withdrawn today."""
    return of_state(rows, state, judge=judge, on=timezone.localdate())
