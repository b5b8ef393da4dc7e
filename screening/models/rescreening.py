"""What a new policy makes necessary: the shipments and licences to look at again, and whom to tell what changed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from policies.models import Snapshot
from screening.models.licence import Licence
from screening.models.people import User
from screening.models.shipment import Outcome, Shipment


class Rescreening(models.Model):
    """One pass after a snapshot came into force. Its runs carry the trigger `rescreen <id>`.

    `before_hash` names the policy before; without one the pass goes over everything that still matters. `reach` says
    what could be affected, for people: `{"everything", "lists", "names", "identifiers", "addresses", "countries",
    "directions", "matched"}`, sentences and numbers; and the `mark` from which a later attempt goes on. `found` counts
    the shipments and `licences` the licences that were screened again. `done_at` is set once all of them
    are queued.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="rescreenings")
    before_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    reach = models.JSONField(default=dict)
    found = models.PositiveIntegerField(default=0)
    licences = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.snapshot_id}"


class DeclaredName(models.Model):
    """A name, identifier, address or country that shipments or licences declare, once however often it is declared.

    `kind` is `name`, `identifier`, `address` or `country`; `text` is its one form, which no policy has a say in
    (`screening.names`), `spelled` a name as it was first written.
    """

    kind = models.CharField(max_length=10)
    text = models.CharField(max_length=600)
    spelled = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "text"], name="declared_name_once")]

    def __str__(self) -> str:
        return self.text


class NameUse(models.Model):
    """Which shipment or licence declares a name."""

    name = models.ForeignKey(DeclaredName, on_delete=models.CASCADE, related_name="uses")
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, null=True, related_name="names")
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, null=True, related_name="names")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "shipment"], condition=models.Q(shipment__isnull=False), name="name_use_shipment_once"
            ),
            models.UniqueConstraint(
                fields=["name", "licence"], condition=models.Q(licence__isnull=False), name="name_use_licence_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name_id}"


class LicenceCheck(models.Model):
    """An active licence screened against a policy: what the policy says of its parties, goods and destination today."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="checks")
    rescreening = models.ForeignKey(Rescreening, on_delete=models.CASCADE, related_name="licence_checks")
    at = models.DateTimeField(auto_now_add=True)
    before = models.CharField(_("before"), max_length=16, choices=Outcome, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    findings = models.JSONField(default=list)
    changes = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["licence", "rescreening"], name="licence_check_once")]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.outcome}"


class Notice(models.Model):
    """A sentence for one person about a shipment or licence they answer for, until they have read it."""

    to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(auto_now_add=True)
    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, null=True, related_name="notices")
    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, null=True, related_name="notices")
    text = models.TextField(_("notice"))
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["to", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.text
