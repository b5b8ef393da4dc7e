"""The licence record that a screening reads: who may send what to whom, how much is left, and until when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class LicenceState(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")
    EXHAUSTED = "exhausted", _("Exhausted")


class Licence(models.Model):
    """Quantities are in `unit`, money in EUR; both dates are inclusive."""

    number = models.CharField(_("number"), max_length=100, unique=True)
    exporter = models.CharField(_("exporter"), max_length=500)
    end_user = models.CharField(_("end user"), max_length=500)
    destination = models.CharField(_("destination"), max_length=2)
    code = models.CharField(_("control code"), max_length=60)
    quantity = models.DecimalField(_("quantity"), max_digits=24, decimal_places=6)
    unit = models.CharField(_("unit"), max_length=10)
    value_eur = models.DecimalField(_("value in EUR"), max_digits=24, decimal_places=2)
    used_quantity = models.DecimalField(_("used quantity"), max_digits=24, decimal_places=6, default=0)
    used_value_eur = models.DecimalField(_("used value in EUR"), max_digits=24, decimal_places=2, default=0)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    state = models.CharField(_("state"), max_length=10, choices=LicenceState, default=LicenceState.ACTIVE)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(name="licence_dates_in_order", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(
                name="licence_not_overdrawn",
                condition=Q(used_quantity__gte=0, used_quantity__lte=F("quantity"))
                & Q(used_value_eur__gte=0, used_value_eur__lte=F("value_eur")),
            ),
            models.CheckConstraint(name="licence_state_known", condition=Q(state__in=LicenceState.values)),
        ]

    def __str__(self) -> str:
        return self.number
