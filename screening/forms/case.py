"""What officers write in a case. Whether it is complete, `screening.cases` decides, for every door alike."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.models import DecisionKind


class Taking(forms.BaseForm):
    """A form that shows what a verb refused."""

    def take(self, errors: Mapping[str, str]) -> None:
        """Show the errors of a verb at their fields."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class CaseForm(Taking, forms.Form):
    """Carries the version of the case that the officer had on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AssignForm(CaseForm):
    to = forms.CharField(required=False)


class ProposalForm(CaseForm):
    kind = forms.CharField(
        label=_("Decision"), required=False, widget=forms.Select(choices=[("", _("Choose")), *DecisionKind.choices])
    )
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        required=False,
        widget=forms.TextInput(attrs={"list": "legal-bases", "autocomplete": "off"}),
        help_text=_("Instrument and article; those of the findings are offered."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    conditions = forms.CharField(
        label=_("Conditions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed for an approval with conditions."),
    )


class ReasonForm(CaseForm):
    """Sending back, reopening: one reason."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
