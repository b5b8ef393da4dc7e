"""Where lists are fetched from, as policy editors set it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms.lists import PolicyForm, source_choices


class UrlsField(forms.CharField):
    """One address a line; the value is a list."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class FeedForm(PolicyForm):
    """Carries the version of the feed that was on the screen; empty for a new one."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    source = forms.ChoiceField(label=_("Format"), choices=source_choices)
    name = forms.SlugField(
        label=_("Name of an own list"),
        required=False,
        max_length=40,
        help_text=_("Only for formats of own lists, when you keep several."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    urls = UrlsField(
        label=_("Addresses"),
        help_text=_("One a line, all files of the list."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    every_hours = forms.IntegerField(label=_("Every … hours"), min_value=1, max_value=24 * 31, initial=24)
    max_megabytes = forms.IntegerField(label=_("Greatest size in MB"), min_value=1, max_value=2000, initial=200)
    enabled = forms.BooleanField(label=_("Fetch it on schedule"), required=False, initial=True)
    automatic = forms.BooleanField(
        label=_("Put updates within the limits in force without a person"),
        required=False,
        help_text=_("Counts only after a second person has approved the feed as it stands."),
    )
