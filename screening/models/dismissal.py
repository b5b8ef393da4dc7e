"""A hit that an officer dismissed: for which party and which entry, why, until when, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from screening.models.people import Organisation, User
from screening.models.run import Run
from screening.models.shipment import Shipment


class DismissalReason(models.TextChoices):
    OTHER_NAME = "other_name", _("The names are of two parties")
    OTHER_PLACE = "other_place", _("Another country or address")
    OTHER_BIRTH = "other_birth", _("Another date of birth")
    OTHER_IDENTIFIER = "other_identifier", _("Another registration number or document")
    OTHER_TRADE = "other_trade", _("Another kind of business or vessel")
    NOT_CONTROLLED = "not_controlled", _("Not owned or controlled by the listed party")
    SHARED_BY_MANY = "shared_by_many", _("Many share this address or number")
    OTHER = "other", _("Another reason")


class Dismissal(models.Model):
    """Given on one shipment; counts for every shipment of its organisation while the digests agree.

    `party_digest` and `entry_digest` are those of `policies.engine.match.dismissals`; `name_key` finds parties of the
    same name, for suggestions only. `position` is that of the finding within `run`. `expires_on` is the last day.
    With `needs_second` it counts once `confirmed_by` is set. It ends when it is reopened, or replaced by a newer one;
    `expired_at` says when what it had kept away was screened again.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="dismissals")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="dismissals")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    party_digest = models.CharField(max_length=64)
    party_name = models.CharField(_("party"), max_length=500)
    name_key = models.CharField(max_length=600, blank=True)
    list = models.CharField(_("list"), max_length=200)
    entry = models.CharField(_("entry"), max_length=200)
    entry_name = models.TextField(_("listed party"))
    entry_digest = models.CharField(max_length=64)
    match = models.CharField(_("match"), max_length=20)
    score = models.FloatField(_("score"))
    needs_second = models.BooleanField()
    reason = models.CharField(_("reason"), max_length=20, choices=DismissalReason)
    because = models.TextField(_("because"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer"))
    at = models.DateTimeField(_("dismissed"))
    expires_on = models.DateField(_("last day"))
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopened_why = models.TextField(blank=True)
    replaced_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["entry", "list"], name="dismissal_of_entry"),
            models.Index(fields=["organisation", "expires_on"], name="dismissal_in_force"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="dismissal_reason_known", condition=Q(reason__in=DismissalReason.values)),
            models.CheckConstraint(name="dismissal_says_why", condition=~Q(because="")),
            models.CheckConstraint(name="dismissal_four_eyes", condition=~Q(confirmed_by=F("by"))),
            models.CheckConstraint(
                name="dismissal_confirmed_together",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="dismissal_reopened_together",
                condition=Q(reopened_by__isnull=True, reopened_at__isnull=True, reopened_why="")
                | (Q(reopened_by__isnull=False, reopened_at__isnull=False) & ~Q(reopened_why="")),
            ),
            models.CheckConstraint(
                name="dismissal_ends_once", condition=Q(reopened_at__isnull=True) | Q(replaced_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="dismissal_one_in_force",
                fields=["organisation", "party_digest", "list", "entry", "match"],
                condition=Q(reopened_at__isnull=True, replaced_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_name} / {self.entry_name}"

    @property
    def ended(self) -> bool:
        """Whether it was reopened or replaced; one that has expired is not ended, it only counts no more."""
        return self.reopened_at is not None or self.replaced_at is not None

    @property
    def waits(self) -> bool:
        """Whether a second person has yet to confirm it."""
        return self.needs_second and self.confirmed_at is None and not self.ended
