"""The trial of a draft policy over stored shipments: what was asked, how far it is, what would change."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.models import Snapshot
from screening.models.people import User
from screening.models.shipment import Outcome, Shipment


class BacktestState(models.TextChoices):
    RUNNING = "running", _("Running")
    CANCELLED = "cancelled", _("Cancelled")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")


class Backtest(models.Model):
    """One trial of `snapshot` against the policy `baseline_hash`, over the shipments that `filters` choose.

    `filters` is `{"received_from", "received_to", "direction", "destination"}`, each optional. `total` is the number of
    shipments when it began. Nothing else in the database changes by a backtest.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    baseline_hash = models.CharField(max_length=64)
    filters = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=BacktestState, default=BacktestState.RUNNING)
    total = models.PositiveIntegerField(_("shipments"), default=0)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    error = models.TextField(_("error"), blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return str(self.public_id)


class BacktestChunk(models.Model):
    """A part of a backtest that one task does: shipments with ids from `first` to `last`, both included.

    `fired` counts `{rule id: shipments on which the draft's rule fired}`, `gained` and `lost` those where its findings
    differ. `failed` counts the shipments that could not be judged, with the first error; a chunk that was given up has
    judged none. `done_at` is written with the chunk's changes in one transaction.
    """

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    first = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    shipments = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    judged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    fired = models.JSONField(default=dict)
    gained = models.JSONField(default=dict)
    lost = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["backtest", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["backtest", "number"], name="backtest_chunk_once")]

    def __str__(self) -> str:
        return f"{self.backtest_id}/{self.number}"


class BacktestChange(models.Model):
    """A shipment that the draft judges otherwise. `gained` and `lost`: ids of the rules whose findings differ."""

    chunk = models.ForeignKey(BacktestChunk, on_delete=models.CASCADE, related_name="changes")
    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="changes")
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="+")
    destination = models.CharField(_("destination"), max_length=2, blank=True)
    before = models.CharField(_("before"), max_length=16, choices=Outcome)
    after = models.CharField(_("after"), max_length=16, choices=Outcome)
    gained = models.JSONField(default=list)
    lost = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["backtest", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["backtest", "shipment"], name="backtest_shipment_once")
        ]
        indexes: ClassVar = [models.Index(fields=["backtest", "before", "after"], name="backtest_change_outcomes")]

    def __str__(self) -> str:
        return f"{self.before} {self.after}"


class BacktestReading(models.Model):
    """Who has seen the result of a finished backtest, and when first. Publication asks for it."""

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="readings")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["backtest", "by"], name="backtest_read_once")]

    def __str__(self) -> str:
        return f"{self.by_id} {self.at}"
