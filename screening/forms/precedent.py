"""What an officer writes to confirm a classification. Whether it is one, `screening.precedents` decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms.case import Taking
from screening.forms.submission import text
from screening.models import Precedent
from screening.precedents import Statement


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"})
    widget.column = "third"  # type: ignore[attr-defined]
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class ClassificationForm(Taking, forms.Form):
    """Of one line; `seen` is the digest of the line on the screen, `instead_of` what stood when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    instead_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    code = text(
        _("Control code"), "third", hint=_("Left empty: no control list holds these goods."), list="likely-codes"
    )
    considered = text(
        _("Entry considered"),
        "two-thirds",
        hint=_("Where no list holds the goods: the entry that comes nearest and does not apply."),
        list="likely-codes",
    )
    reason = text(
        _("Reason"), rows=3, hint=_("Which facts decide, and where you saw them. Only officers and auditors read it.")
    )
    statement_number = text(_("Number of the expert statement"), "third")
    statement_by = text(_("Issued by"), "two-thirds")
    statement_on = _day(_("Issued on"))
    statement_until = _day(_("Statement valid until"))
    until = _day(_("Last day"), _("Left empty: two years. It ends earlier when the list entry changes."))

    @property
    def said(self) -> dict[str, Any]:
        """What the verb is given."""
        given = self.cleaned_data
        numbers = (given["statement_number"], given["statement_by"], given["statement_on"], given["statement_until"])
        plain = {name: given[name] for name in ("seen", "instead_of", "code", "considered", "reason", "until")}
        return plain | {"statement": Statement(*numbers)}

    def after(self, existing: Precedent) -> "ClassificationForm":
        """The same with all that was typed, now that the officer has seen what stands."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        return ClassificationForm(typed | {"instead_of": str(existing.public_id)})


class PrecedentSearchForm(forms.Form):
    """Sent by GET. Everything is optional and whatever is written is looked for."""

    q = text(_("Text, part number or reference"), "third", maxlength=200)
    code = text(_("Control code"), "third", maxlength=60)
    organisation = text(_("Organisation"), "third", maxlength=200)
