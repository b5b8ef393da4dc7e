"""What is written when a snapshot is published, withdrawn or restored."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms.lists import PolicyForm

NOW, LATER = "now", "later"


class PublishForm(PolicyForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("What changes and why; it is kept for good."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    moment = forms.ChoiceField(
        label=_("In force"),
        choices=[(NOW, _("at once")), (LATER, _("from a moment on"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    at = forms.DateTimeField(
        label=_("From"),
        required=False,
        help_text=_("Local time."),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    without_backtest = forms.CharField(
        label=_("Why it cannot wait for a backtest"),
        required=False,
        help_text=_("Only when it must go without one. Kept with the reason."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("moment") == LATER and not given.get("at") and "at" not in self.errors:
            self.add_error("at", _("Say from when."))
        return given

    @property
    def chosen_moment(self) -> datetime | None:
        """From when, or `None` for at once. Only of a valid form."""
        return self.cleaned_data["at"] if self.cleaned_data["moment"] == LATER else None


class RollBackForm(PolicyForm):
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    keep_party_lists = forms.BooleanField(
        label=_("Keep today's lists of parties"),
        required=False,
        initial=True,
        help_text=_("Yesterday's rules, today's sanctions. Without it the party lists go back too."),
    )
