"""The audit log: append-only, hash-chained. Database triggers refuse UPDATE and DELETE; see `screening.audit`."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.models.people import User


class AuditEvent(models.Model):
    """Something that was done. `number` counts from 1 without gaps; `hash` covers every column and `previous`.

    `actor` is the name at the time ("Anna Ozola (anna)", "token ERP (a1b2c3d4…)", "system"); `details` is JSON without
    floats.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(_("time"), db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    actor = models.CharField(_("actor"), max_length=200)
    action = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("kind of record"), max_length=40)
    object_id = models.CharField(_("record"), max_length=64)
    details = models.JSONField(_("details"), default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["object_type", "object_id"], name="audit_of_record")]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class AuditHead(models.Model):
    """The one row that appenders lock: the end of the chain. Without the lock two appenders would fork it."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(name="audit_head_is_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
