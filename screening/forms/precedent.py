"""What an officer writes to confirm a classification. Whether it is one, `screening.precedents` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms.case import Taking
from screening.precedents import Statement


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=help_text
    )


class ClassificationForm(Taking, forms.Form):
    """Of one line; `seen` is the digest of the line on the screen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    code = forms.CharField(
        label=_("Control code"), required=False, help_text=_("Left empty: no control list holds these goods.")
    )
    considered = forms.CharField(
        label=_("Entry considered"),
        required=False,
        help_text=_("Where no list holds the goods: the entry that comes nearest and does not apply."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which facts decide, and where you saw them. Only officers and auditors read it."),
    )
    until = _day(_("Last day"), _("Left empty: two years. It ends earlier when the list entry changes."))
    statement_number = forms.CharField(label=_("Number of the expert statement"), required=False)
    statement_by = forms.CharField(label=_("Issued by"), required=False)
    statement_on = _day(_("Issued on"))
    statement_until = _day(_("Statement valid until"))

    @property
    def said(self) -> dict[str, Any]:
        """What the verb is given."""
        given = self.cleaned_data
        numbers = (given["statement_number"], given["statement_by"], given["statement_on"], given["statement_until"])
        plain = {name: given[name] for name in ("seen", "code", "considered", "reason", "until")}
        return plain | {"statement": Statement(*numbers)}


class PrecedentSearchForm(forms.Form):
    """Sent by GET. Everything is optional and whatever is written is looked for."""

    q = forms.CharField(label=_("Text, part number or reference"), required=False, max_length=200)
    code = forms.CharField(label=_("Control code"), required=False, max_length=60)
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=200)
