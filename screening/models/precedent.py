"""A classification that an officer confirmed: of which goods, under which code and list edition, why, until when."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from screening.models.case import Case
from screening.models.people import Organisation, User


class Precedent(models.Model):
    """Confirmed for one line of one case; evidence for like lines, and never more. Rows are kept for good.

    An empty `code` says that the goods are not listed; `considered` is then the entry that was held against them.
    `entry_digest` is that of `code`, or of `considered`, by `policies.engine.classify.precedents`: when it differs from
    today's, the entry has changed. `list`, `list_version` and `snapshot_hash` name the edition that was read. `until`
    and `statement_until` are last days. `line_digest` tells the goods of a line from those of a correction.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="precedents")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="precedents")
    line_number = models.PositiveIntegerField(_("line"))
    line_digest = models.CharField(max_length=64)
    description = models.TextField(_("description"))
    part_numbers = models.JSONField(_("part numbers"), default=list)
    hs_code = models.CharField(_("HS code"), max_length=12, blank=True)
    cas_number = models.CharField(_("CAS number"), max_length=12, blank=True)
    code = models.CharField(_("control code"), max_length=60, blank=True, db_index=True)
    considered = models.CharField(_("entry considered"), max_length=60, blank=True)
    entry_digest = models.CharField(max_length=64)
    list = models.CharField(_("list"), max_length=200)
    list_version = models.CharField(_("edition"), max_length=200, blank=True)
    snapshot_hash = models.CharField(max_length=64)
    reason = models.TextField(_("reason"))
    statement_number = models.CharField(_("number of the expert statement"), max_length=100, blank=True)
    statement_by = models.CharField(_("issued by"), max_length=200, blank=True)
    statement_on = models.DateField(_("issued on"), null=True)
    statement_until = models.DateField(_("valid until"), null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer"))
    at = models.DateTimeField(_("confirmed"))
    until = models.DateField(_("last day"))
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["organisation", "until"], name="precedent_of_organisation")]
        constraints: ClassVar = [
            models.CheckConstraint(name="precedent_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="precedent_of_an_entry", condition=~Q(code="") | ~Q(considered="")),
            models.CheckConstraint(name="precedent_keeps_its_entry", condition=~Q(entry_digest="")),
            models.CheckConstraint(
                name="precedent_statement_complete",
                condition=Q(statement_number="", statement_by="", statement_on=None, statement_until=None)
                | (~Q(statement_number="") & ~Q(statement_by="") & Q(statement_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="precedent_withdrawn_together",
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_why="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
            ),
            models.UniqueConstraint(
                name="precedent_one_per_line",
                fields=["case", "line_number", "line_digest"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.line_number} {self.code}".strip()

    @property
    def subject(self) -> str:
        """The entry that it is about, whether it names the goods or was found not to."""
        return self.code or self.considered


class KeyKind(models.TextChoices):
    PART = "part", _("Part number")
    CAS = "cas", _("CAS number")
    WORD = "word", _("Word")


class PrecedentKey(models.Model):
    """What a precedent is found by."""

    precedent = models.ForeignKey(Precedent, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=4, choices=KeyKind)
    value = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="precedent_by_key")]
        constraints: ClassVar = [
            models.CheckConstraint(name="precedent_key_kind_known", condition=Q(kind__in=KeyKind.values)),
            models.UniqueConstraint(name="precedent_key_once", fields=["precedent", "kind", "value"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
