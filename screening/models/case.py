"""The case that an officer works on, and the decisions proposed in it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from screening.models.people import User
from screening.models.shipment import Outcome, Shipment


class CaseState(models.TextChoices):
    OPEN = "open", _("Waiting for an officer")
    IN_REVIEW = "in_review", _("In review")
    PROPOSED = "proposed", _("Decision proposed")
    DECIDED = "decided", _("Decided")


# Move -> state before -> state after. What is not here cannot happen; who may do it is in `screening.permissions`.
TRANSITIONS: dict[str, dict[str, CaseState]] = {
    "assign": {
        CaseState.OPEN: CaseState.IN_REVIEW,
        CaseState.IN_REVIEW: CaseState.IN_REVIEW,
        CaseState.PROPOSED: CaseState.PROPOSED,
    },
    "propose": {CaseState.OPEN: CaseState.PROPOSED, CaseState.IN_REVIEW: CaseState.PROPOSED},
    "confirm": {CaseState.PROPOSED: CaseState.DECIDED},
    "send_back": {CaseState.PROPOSED: CaseState.IN_REVIEW},
    "reopen": {CaseState.DECIDED: CaseState.IN_REVIEW},
}


MOVES = {
    "open": _("opened the case, outcome “%(detail)s”"),
    "rescreen": _("screened the shipment again, outcome “%(detail)s”"),
    "assign": _("took the case"),
    "give": _("gave the case to %(detail)s"),
    "propose": _("proposed “%(detail)s”"),
    "confirm": _("confirmed “%(detail)s”"),
    "send_back": _("sent the proposal back"),
    "reopen": _("reopened the case"),
    "dismiss": _("dismissed the match with %(detail)s"),
    "dismiss_confirm": _("confirmed the dismissal of the match with %(detail)s"),
    "dismiss_reopen": _("took back the dismissal of the match with %(detail)s"),
    "classify": _("confirmed the classification of %(detail)s"),
    "classify_withdraw": _("withdrew the classification of %(detail)s"),
}


class Case(models.Model):
    """Opened when a shipment is not clear. `version` rises with every change, so the second of two officers is told.

    `outcome` is that of the latest run. `priority` is raised by `ALLIED_PROPORTIONATE` and orders the queue, no more.
    """

    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT, related_name="case")
    state = models.CharField(_("state"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    priority = models.BooleanField(_("priority"), default=False)
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("officer")
    )
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    due_at = models.DateTimeField(_("due"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="case_queue")]
        constraints: ClassVar = [
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=CaseState.values)),
            models.CheckConstraint(
                name="case_in_review_has_officer",
                condition=Q(state=CaseState.OPEN) | Q(assigned_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.state}"


class DecisionKind(models.TextChoices):
    APPROVE = "approve", _("Approve")
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", _("Approve with conditions")
    REFUSE = "refuse", _("Refuse")
    RETURN_WITHOUT_ACTION = "return_without_action", _("Return without action")
    NO_LICENCE_REQUIRED = "no_licence_required", _("No licence required")
    GENERAL_AUTHORISATION_APPLIES = "general_authorisation_applies", _("A general authorisation applies")


def _together(who: str, when: str) -> Q:
    return Q(**{f"{who}__isnull": True, f"{when}__isnull": True}) | Q(
        **{f"{who}__isnull": False, f"{when}__isnull": False}
    )


class Decision(models.Model):
    """Proposed by one officer; confirmed, or sent back with a reason, by another; superseded when the case reopens."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=30, choices=DecisionKind)
    legal_basis = models.TextField(_("legal basis"))
    reason = models.TextField(_("reason"))
    conditions = models.TextField(_("conditions"), blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    sent_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    sent_back_reason = models.TextField(blank=True)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["case", "-proposed_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="decision_kind_known", condition=Q(kind__in=DecisionKind.values)),
            models.CheckConstraint(name="decision_four_eyes", condition=~Q(confirmed_by=F("proposed_by"))),
            models.CheckConstraint(
                name="decision_confirmed_together", condition=_together("confirmed_by", "confirmed_at")
            ),
            models.CheckConstraint(
                name="decision_sent_back_together", condition=_together("sent_back_by", "sent_back_at")
            ),
            models.CheckConstraint(
                name="decision_one_end", condition=Q(confirmed_by__isnull=True) | Q(sent_back_by__isnull=True)
            ),
            models.CheckConstraint(name="decision_is_grounded", condition=~Q(legal_basis="") & ~Q(reason="")),
            models.CheckConstraint(
                name="decision_conditions_given",
                condition=~Q(kind=DecisionKind.APPROVE_WITH_CONDITIONS) | ~Q(conditions=""),
            ),
            models.CheckConstraint(
                name="decision_sent_back_with_reason",
                condition=Q(sent_back_by__isnull=True) | ~Q(sent_back_reason=""),
            ),
            models.UniqueConstraint(
                name="decision_one_pending_per_case",
                fields=["case"],
                condition=Q(confirmed_at__isnull=True, sent_back_at__isnull=True, superseded_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CaseStep(models.Model):
    """What happened to a case, for people: its history on the screen and the answer to an officer who came second.

    `detail` is the decision kind, the officer the case was given to, the outcome or a listed party; `note` is what a
    person wrote.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    move = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=CaseState)
    detail = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["case", "version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "version"], name="case_step_once_per_version")]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The move as the rest of a sentence that begins with a name, in the reader's language."""
        labels = dict(DecisionKind.choices) | dict(Outcome.choices)
        wording = MOVES[self.move] % {"detail": labels.get(self.detail, self.detail)}
        return f"{wording}: {self.note}" if self.note else wording
