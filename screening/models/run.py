"""A screening run with everything needed to replay it, and its findings."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.models.shipment import Outcome, ShipmentRevision


class RunState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")


class Run(models.Model):
    """One evaluation of one revision for one reason.

    `trigger` ("submission", "rescreen <id>") is unique per revision: a message delivered twice is harmless.
    `facts` is what the engine was given (`facts.as_dict`, with licences and stale lists), `facts_hash` its digest;
    with `snapshot_hash` and `engine_version` they replay the run. `flags` are the red flags that fired.
    `changes` of a re-screening is the difference to the run before it (`screening.differences.between`), else empty.
    `queued_at` is empty while the broker has not taken the message. A failed run has the outcome review: fail closed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.ForeignKey(ShipmentRevision, on_delete=models.PROTECT, related_name="runs")
    trigger = models.CharField(max_length=100, default="submission")
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(_("error"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True)
    snapshot_hash = models.CharField(max_length=64, blank=True)
    engine_version = models.CharField(max_length=40, blank=True)
    facts_hash = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(null=True)
    classifications = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "queued_at"], name="run_waiting"),
            models.Index(fields=["trigger"], name="run_trigger"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "trigger"], name="run_once_per_trigger"),
            models.CheckConstraint(
                name="run_ended_has_outcome",
                condition=models.Q(
                    state__in=[RunState.FINISHED, RunState.FAILED],
                    finished_at__isnull=False,
                    outcome__in=Outcome.values,
                )
                | models.Q(state__in=[RunState.QUEUED, RunState.RUNNING], finished_at__isnull=True, outcome=""),
            ),
            models.CheckConstraint(
                name="run_finished_is_replayable",
                condition=~models.Q(state=RunState.FINISHED)
                | (models.Q(facts__isnull=False) & ~models.Q(snapshot_hash="") & ~models.Q(facts_hash="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Finding(models.Model):
    """One reason with its evidence, as the engine gave it; `position` keeps the engine's order.

    `effect` is an outcome or `cover`. `covered_by` names the rule that lifted this licence requirement, or is empty.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    reason = models.CharField(_("reason"), max_length=60, db_index=True)
    effect = models.CharField(_("effect"), max_length=16)
    subject = models.CharField(_("subject"), max_length=200)
    title = models.TextField(_("title"))
    rule = models.CharField(_("rule"), max_length=100)
    legal_basis = models.TextField(_("legal basis"), blank=True)
    principles = models.JSONField(default=list)
    because = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    remedy = models.TextField(_("what would change it"), blank=True)
    covered_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering: ClassVar = ["run", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "position"], name="finding_position_once")]

    def __str__(self) -> str:
        return f"{self.reason} {self.subject}"
