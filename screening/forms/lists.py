"""What policy editors write about lists and editions. Whether it may be done, the verbs decide."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from policies.importers import SOURCES, Importer

NO_CHOICE = [("", _("Choose"))]
# What to upload for a format of a publisher; own lists are told by their columns.
FILES: dict[str, Any] = {
    "ofac_sdn": _("sdn.csv, alt.csv and add.csv of one day, and sdn_comments.csv if you have it; any order."),
    "ofac_consolidated": _(
        "cons_prim.csv, cons_alt.csv and cons_add.csv of one day, cons_comments.csv if you have it."
    ),
    "ofac_sdn_xml": _("SDN.XML, one file."),
    "ofac_consolidated_xml": _("CONSOLIDATED.XML, one file."),
    "un": _("The consolidated list as one XML file."),
    "ofac_sdn_advanced": _("SDN_ADVANCED.XML, one file."),
    "ofac_consolidated_advanced": _("CONS_ADVANCED.XML, one file."),
    "us_csl": _("The consolidated screening list as one CSV file, packed with gzip or not."),
    "us_csl_json": _("The consolidated screening list as one JSON file, packed with gzip or not."),
    "bis_dpl": _("The denied persons list as one text file, its columns separated by tabs."),
    "opensanctions_csv": _("targets.simple.csv of one data set."),
    "opensanctions_ftm": _("entities.ftm.json of one data set: one entity a line."),
    "eu": _("The consolidated list as one XML file, version 1.1."),
    "uk_csv": _("The UK sanctions list as one CSV file."),
    "uk_xml": _("The UK sanctions list as one XML file."),
    "fixtures": _("One YAML file with invented parties for trials; never for real lists."),
}
OWN_FILE = _("One CSV file in UTF-8 or one XLSX workbook with a header row. Its columns:")


def source_choices() -> list[tuple[str, Any]]:
    """Every format by the lists that it fills."""
    named = [(key, f"{', '.join(one.title for one in found)} ({key})") for key, found in SOURCES.items()]
    return [*NO_CHOICE, *sorted(named, key=lambda pair: pair[1].casefold())]


class PolicyForm(forms.Form):
    """Shows the errors of a verb at its fields; what was typed stays."""

    def take(self, errors: Mapping[str, str]) -> None:
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files; the value is a list of them."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given or [None]]


class UploadForm(PolicyForm):
    source = forms.ChoiceField(
        label=_("Format"), help_text=_("What each format needs is told below."), choices=source_choices
    )
    name = forms.SlugField(
        label=_("Name of an own list"),
        required=False,
        max_length=40,
        help_text=_("Only for formats of own lists, when you keep several: small letters, digits and _."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    as_of = forms.DateField(
        label=_("Publisher's date"),
        required=False,
        help_text=_("Only when the files do not say it themselves."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    list_files = FilesField(
        label=_("Files"),
        error_messages={
            "required": _("Choose the files of the list."),
            "empty": _("A file is empty (0 bytes); download it again."),
        },
    )


class ChangedFileForm(PolicyForm):
    changed_file = forms.FileField(
        label=_("Changed file"),
        error_messages={"required": _("Choose the file of the list."), "empty": _("The file is empty (0 bytes).")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.yaml,.yml,.jsonl"}),
    )


class ReasonForm(PolicyForm):
    """One reason: overriding doubts, rejecting, restoring."""

    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class AgeForm(PolicyForm):
    max_age_days = forms.IntegerField(
        label=_("Greatest age in days"),
        min_value=0,
        max_value=3650,
        help_text=_(
            "How long the list may go without an import that takes or confirms it. 0: it does not age. "
            "Past it the list is stale and what depends on it goes to review."
        ),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))


def formats() -> list[dict[str, Any]]:
    """Every format for the table under the form: the lists it fills, the files it needs, where they are published."""
    return [
        {
            "source": key,
            "titles": [one.title for one in found],
            "columns": (columns := _columns(found[0])),
            "files": OWN_FILE if columns else FILES.get(key, ""),
            "publisher_url": found[0].publisher_url,
        }
        for key, found in sorted(SOURCES.items())
    ]


def _columns(importer: Importer) -> Sequence[Any]:
    """The columns that the module of an own list's parser describes; none for the files of publishers."""
    if importer.publisher_url:
        return ()
    return getattr(sys.modules[importer.parse.__module__], "COLUMNS", ())
