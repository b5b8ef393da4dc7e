"""A shipment, its immutable revisions, and the rows drawn from the current one so that people can search."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.models.people import ApiToken, Organisation, User


class Direction(models.TextChoices):
    EXPORT = "export", _("Export")
    IMPORT = "import", _("Import")
    TRANSIT = "transit", _("Transit")
    TRANSFER = "transfer", _("Transfer within the EU")
    BROKERING = "brokering", _("Brokering")
    TECHNICAL_ASSISTANCE = "technical_assistance", _("Technical assistance")


class Outcome(models.TextChoices):
    CLEAR = "clear", _("Clear")
    REVIEW = "review", _("Review")
    LICENCE_REQUIRED = "licence_required", _("Licence required")
    PROHIBITED = "prohibited", _("Prohibited")


class ShipmentStatus(models.TextChoices):
    RECEIVED = "received", _("Received")
    SCREENING = "screening", _("Being screened")
    SCREENED = "screened", _("Screened")


class Shipment(models.Model):
    """One shipment as its submitter knows it. Columns after `current` repeat its content for queue and search.

    `public_id` is the id in URLs and the API. `outcome` is empty until screened. `total_value` is in `currency`, and
    empty when the lines are declared in several currencies or without a value. `latest_run` gave the `outcome`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shipments")
    reference = models.CharField(_("reference"), max_length=100)
    status = models.CharField(_("status"), max_length=10, choices=ShipmentStatus, default=ShipmentStatus.RECEIVED)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True)
    received_at = models.DateTimeField(_("received"), auto_now_add=True, db_index=True)
    screened_at = models.DateTimeField(_("screened"), null=True)
    current = models.OneToOneField("ShipmentRevision", on_delete=models.PROTECT, null=True, related_name="+")
    latest_run = models.ForeignKey("Run", on_delete=models.PROTECT, null=True, related_name="+")
    direction = models.CharField(_("direction"), max_length=20, choices=Direction)
    origin = models.CharField(_("origin"), max_length=2, blank=True)
    destination = models.CharField(_("destination"), max_length=2, blank=True, db_index=True)
    shipment_date = models.DateField(_("shipment date"), null=True)
    exporter_name = models.CharField(_("exporter"), max_length=500, blank=True)
    end_user_name = models.CharField(_("end user"), max_length=500, blank=True)
    total_value = models.DecimalField(_("value"), max_digits=24, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        ordering: ClassVar = ["-received_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "reference"], name="shipment_reference_once_per_organisation"
            ),
            models.CheckConstraint(
                name="shipment_screened_has_outcome",
                condition=models.Q(
                    status=ShipmentStatus.SCREENED, screened_at__isnull=False, outcome__in=Outcome.values
                )
                | (~models.Q(status=ShipmentStatus.SCREENED) & models.Q(screened_at__isnull=True, outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ShipmentRevision(models.Model):
    """What was submitted, after `screening.payload.clean`. Never changed: a correction is a new revision."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    payload = models.JSONField()
    submitted_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_with = models.ForeignKey(ApiToken, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["shipment", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "number"], name="revision_number_once"),
            models.CheckConstraint(
                name="revision_has_one_submitter",
                condition=models.Q(submitted_by__isnull=False, submitted_with__isnull=True)
                | models.Q(submitted_by__isnull=True, submitted_with__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shipment_id}/{self.number}"


class Party(models.Model):
    """A party of the current revision; `position` counts from 1 as in finding subjects."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="parties")
    position = models.PositiveIntegerField()
    role = models.CharField(_("role"), max_length=20)
    name = models.CharField(_("name"), max_length=500)
    country = models.CharField(_("country"), max_length=2, blank=True)
    type = models.CharField(_("type"), max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["shipment", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["shipment", "position"], name="party_position_once")]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """A line of the current revision. Quantity is in the declared unit, value in the declared currency."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    description = models.TextField(_("description"))
    control_code = models.CharField(_("control code"), max_length=60, blank=True, db_index=True)
    hs_code = models.CharField(_("HS code"), max_length=12, blank=True)
    cas_number = models.CharField(_("CAS number"), max_length=12, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=24, decimal_places=6, null=True)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)

    class Meta:
        ordering: ClassVar = ["shipment", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["shipment", "number"], name="line_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.control_code}".strip()
