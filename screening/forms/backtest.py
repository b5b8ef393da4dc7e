"""What a backtest is started with: the policy to try, and which shipments. The filters are checked by the backtest."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.models import Snapshot
from screening.forms import vocabulary
from screening.forms.submission import choice, day
from screening.models import Direction


class BacktestForm(forms.Form):
    """`snapshots` are those that may be tried, the one to offer first."""

    snapshot = forms.ChoiceField(label=gettext_lazy("Policy to try"))
    received_from = day(gettext_lazy("Received from"))
    received_to = day(gettext_lazy("Received up to"))
    direction = choice(gettext_lazy("Direction"), [("", gettext_lazy("every direction")), *Direction.choices])
    destination = choice(
        gettext_lazy("Destination"),
        lambda: [("", gettext_lazy("every destination")), *(one for one in vocabulary.country_choices() if one[0])],
    )

    def __init__(self, data: Any, *, snapshots: Sequence[Snapshot]) -> None:
        super().__init__(data)
        self.offered = {str(one.pk): one for one in snapshots}
        self.fields["snapshot"].choices = [(key, _name(one)) for key, one in self.offered.items()]  # type: ignore[attr-defined]

    def chosen(self) -> Snapshot:
        """The snapshot of a valid form."""
        return self.offered[self.cleaned_data["snapshot"]]


def _name(snapshot: Snapshot) -> str:
    when = snapshot.in_force_from or snapshot.created_at
    return _("%(state)s %(hash)s of %(day)s") % {
        "state": snapshot.get_state_display(),
        "hash": snapshot.hash[:8],
        "day": date_format(when, "j M Y"),
    }
