"""What officers write when they dismiss a hit. Whether it is enough, `screening.dismissals` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms.case import Taking
from screening.models import DismissalReason


class DismissForm(Taking, forms.Form):
    """Names the hit by run, finding and place, as it stood on the screen."""

    run = forms.UUIDField(widget=forms.HiddenInput)
    position = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    place = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Select(choices=[("", _("Choose")), *DismissalReason.choices])
    )
    because = forms.CharField(
        label=_("Because"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What tells the party from the listed one, and where you saw it. Only officers and auditors read it."
        ),
    )
    expires = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Left empty: as long as the policy lets it count."),
    )

    @property
    def names_a_hit(self) -> bool:
        """Whether it says which hit it is about: what the page filled in and no person writes."""
        return all(self.cleaned_data.get(name) is not None for name in ("run", "position", "place"))

    @property
    def spot(self) -> tuple[Any, ...]:
        """The run, the finding and the place within it."""
        return tuple(self.cleaned_data.get(name) for name in ("run", "position", "place"))

    @property
    def anchor(self) -> str:
        """Where it stands on the page."""
        return anchor(*self.spot[1:])


def anchor(position: int, place: int) -> str:
    """Where the form of a hit stands on the page."""
    return f"dismiss-{position}-{place}"
