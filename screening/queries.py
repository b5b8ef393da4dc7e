"""What pages and API read. Every list is scoped to the asker and made without a query per row."""

from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from screening import disclosure, permissions
from screening.models import (
    AuditEvent,
    Case,
    CaseState,
    CaseStep,
    Decision,
    Dismissal,
    Finding,
    Line,
    Outcome,
    Party,
    Role,
    Run,
    Shipment,
    ShipmentRevision,
    User,
)
from screening.permissions import Actor

UNDECIDED = ~Q(state=CaseState.DECIDED)
TABS = ("open", "mine", "unassigned", "second_review", "overdue", "decided", "all")
SORTS = {
    "due": ("-priority", "due_at", "id"),
    "-due": ("-due_at", "-id"),
    "received": ("shipment__received_at", "id"),
    "-received": ("-shipment__received_at", "-id"),
    "reference": ("shipment__reference", "id"),
    "-reference": ("-shipment__reference", "-id"),
    "destination": ("shipment__destination", "due_at", "id"),
    "-destination": ("-shipment__destination", "due_at", "id"),
    "value": (F("shipment__total_value").asc(nulls_first=True), "id"),
    "-value": (F("shipment__total_value").desc(nulls_last=True), "id"),
}


def queue(by: User, *, tab: str = "open", search: str = "", sort: str = "due") -> QuerySet[Case]:
    """The cases of one tab, shipment, officer, lines and findings loaded. An unknown tab or sort gives the default.

    Findings are at `case.shipment.latest_run.findings.all()`, lines at `case.shipment.lines.all()`.
    """
    cases = _search(_cases(by), search).filter(_tab(tab, by))
    findings = Finding.objects.only("run_id", "position", "reason", "effect", "covered_by")
    return (
        cases.order_by(*SORTS.get(sort, SORTS["due"]))
        .select_related("shipment", "shipment__latest_run", "assigned_to")
        .prefetch_related("shipment__lines", "decisions", Prefetch("shipment__latest_run__findings", queryset=findings))
    )


def tab_counts(by: User, *, search: str = "") -> dict[str, int]:
    """How many cases each tab of the queue holds, in one query."""
    counts = {tab: Count("pk", filter=_tab(tab, by)) for tab in TABS}
    return _search(_cases(by), search).aggregate(**counts)


def shipments(
    by: Actor, *, search: str = "", outcome: str = "", status: str = "", reference: str = ""
) -> QuerySet[Shipment]:
    """The shipments that `by` may see, newest first, with the run that decided the outcome."""
    found = permissions.visible_shipments(by).select_related("organisation", "latest_run", "case")
    if search.strip():
        found = found.filter(_matches(search, "pk"))
    chosen = {"outcome": outcome, "status": status, "reference": reference}
    return found.filter(**{column: value for column, value in chosen.items() if value}).order_by("-received_at", "-id")


def shipment_detail(by: Actor, public_id: UUID | str) -> Shipment:
    """One shipment with revision, lines, parties, run and findings. `Shipment.DoesNotExist` unless `by` may see it.

    What a submitter may not read is blanked; officers and auditors read everything.
    """
    official = permissions.can_see_queue(by)
    findings = Finding.objects.all() if official else disclosure.findings()
    shipment = (
        permissions.visible_shipments(by)
        .select_related("organisation", "current", "latest_run", "case")
        .prefetch_related("lines", "parties", Prefetch("latest_run__findings", queryset=findings))
        .get(public_id=public_id)
    )
    return shipment if official else disclosure.withhold(shipment)


def case_detail(by: User, public_id: UUID | str) -> Case:
    """The case of a shipment (by the shipment's public id), everything its page shows loaded.

    Raises `Case.DoesNotExist` when there is none or `by` may not see cases.
    """
    decisions = Decision.objects.select_related("proposed_by", "confirmed_by", "sent_back_by")
    return (
        _cases(by)
        .select_related("shipment__organisation", "shipment__current", "shipment__latest_run", "assigned_to")
        .prefetch_related(
            "shipment__lines",
            "shipment__parties",
            "shipment__latest_run__findings",
            Prefetch("decisions", queryset=decisions),
            Prefetch("steps", queryset=CaseStep.objects.select_related("by")),
        )
        .get(shipment__public_id=public_id)
    )


def decision_in_force(shipment: Shipment) -> Decision | None:
    """The confirmed decision on a shipment, unless its case was reopened since."""
    return Decision.objects.filter(
        case__shipment=shipment, confirmed_at__isnull=False, superseded_at__isnull=True
    ).first()


def runs_of(shipment: Shipment) -> QuerySet[Run]:
    """All runs of a shipment's revisions, newest first."""
    return Run.objects.filter(revision__shipment=shipment).select_related("revision").order_by("-id")


def revisions_of(shipment: Shipment) -> QuerySet[ShipmentRevision]:
    return shipment.revisions.select_related("submitted_by", "submitted_with").order_by("number")


def outcome_counts(by: Actor) -> dict[str, int]:
    """Shipments by outcome that `by` may see; the key `""` counts those that are not screened yet."""
    rows = permissions.visible_shipments(by).order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys([*Outcome.values, ""], 0) | dict(rows)


def dismissals(by: User, *, state: str = "") -> QuerySet[Dismissal]:
    """Dismissals for officers and auditors, newest first: those that count, `waiting`, `expired` or `reopened`."""
    rows = Dismissal.objects.all() if permissions.can_see_queue(by) else Dismissal.objects.none()
    waiting = Q(needs_second=True, confirmed_at=None)
    standing = Q(reopened_at=None, replaced_at=None)
    fresh = standing & Q(expires_on__gte=timezone.localdate())
    expired = ~Q(replaced_at=None) | (standing & Q(expires_on__lt=timezone.localdate()))
    states = {"waiting": fresh & waiting, "expired": expired, "reopened": ~Q(reopened_at=None)}
    chosen = rows.filter(states.get(state, fresh & ~waiting))
    return chosen.select_related("by", "confirmed_by", "reopened_by", "organisation", "shipment__case").order_by("-id")


def officers() -> QuerySet[User]:
    """Whom a case can be given to."""
    return User.objects.filter(is_active=True, role__in=permissions.OFFICERS).order_by("last_name", "username")


def senior_officers() -> QuerySet[User]:
    """Who answers for what nobody holds."""
    return officers().filter(role=Role.SENIOR_OFFICER)


def audit_events(by: Actor) -> QuerySet[AuditEvent]:
    """The audit log, newest first, for auditors only."""
    events = AuditEvent.objects.select_related("by").order_by("-number")
    return events if permissions.can_read_audit(by) else events.none()


def _cases(by: Actor) -> QuerySet[Case]:
    return Case.objects.all() if permissions.can_see_queue(by) else Case.objects.none()


def _tab(tab: str, by: User) -> Q:
    pending = Q(state=CaseState.PROPOSED)
    tabs: dict[str, Q] = {
        "mine": UNDECIDED & Q(assigned_to=by),
        "unassigned": UNDECIDED & Q(assigned_to=None),
        "second_review": pending & ~Q(Exists(_proposed_by(by))),
        "overdue": UNDECIDED & Q(due_at__lt=timezone.now()),
        "decided": ~UNDECIDED,
        "all": Q(),
    }
    return tabs.get(tab, UNDECIDED)


def _proposed_by(by: User) -> QuerySet[Decision]:
    return Decision.objects.filter(
        case=OuterRef("pk"), proposed_by=by, confirmed_at=None, sent_back_at=None, superseded_at=None
    )


def _search(cases: QuerySet[Case], search: str) -> QuerySet[Case]:
    return cases.filter(_matches(search, "shipment_id")) if search.strip() else cases


def _matches(search: str, shipment: str) -> Q:
    """Every word must occur in the reference, a party's name, a control code or description, or be the destination.

    Subqueries, not joins: a join would give a case once per matching line.
    """
    prefix = "" if shipment == "pk" else "shipment__"
    matches = Q()
    for word in search.split()[:8]:
        parties = Party.objects.filter(shipment=OuterRef(shipment), name__icontains=word)
        lines = Line.objects.filter(
            Q(control_code__istartswith=word) | Q(description__icontains=word), shipment=OuterRef(shipment)
        )
        reference = Q(**{f"{prefix}reference__icontains": word})
        destination = Q(**{f"{prefix}destination__iexact": word})
        matches &= reference | destination | Q(Exists(parties)) | Q(Exists(lines))
    return matches
