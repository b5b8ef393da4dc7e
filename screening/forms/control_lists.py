"""What may be looked for in the control lists, and the line of goods that the public pre-check reads."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening import line_queries
from screening.forms.submission import choice, text, tick
from screening.forms.transcript import line_of
from screening.payload import PayloadError

LONGEST_QUERY = 200
ANSWER = "attributes."  # how the fields of questions begin: the path of the attribute in the payload
FAMILIES: dict[str, Any] = {
    "annex_i": gettext_lazy("Dual-use goods"),
    "military": gettext_lazy("Military goods"),
    "firearm": gettext_lazy("Firearms"),
    "anti_torture": gettext_lazy("Anti-torture goods"),
    "national": gettext_lazy("National lists"),
}


class BrowseForm(forms.Form):
    """Sent by GET, so that what was found has an address."""

    q = text(
        gettext_lazy("Code or words"),
        "half",
        hint=gettext_lazy("Such as 5A002.a, vacuum pump or 111-48-8; also in Latvian, Russian or German."),
        autocomplete="off",
        maxlength=LONGEST_QUERY,
    )
    list = choice(gettext_lazy("List"), (), "quarter")
    family = choice(gettext_lazy("Kind of goods"), [("", gettext_lazy("All")), *FAMILIES.items()], "quarter")

    def __init__(self, data: Mapping[str, Any] | None = None, *, lists: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(data)
        self.known = dict(lists)
        self.fields["list"].widget.choices = [("", gettext_lazy("All")), *self.known.items()]

    def clean_q(self) -> str:
        query = str(self.cleaned_data["q"]).strip()
        if len(query) > LONGEST_QUERY:
            words = {"length": f"{len(query):,}", "most": LONGEST_QUERY}
            raise forms.ValidationError(_("This has %(length)s characters; at most %(most)s are searched for.") % words)
        return query

    def clean_list(self) -> str:
        return self._one_of("list", self.known)

    def clean_family(self) -> str:
        return self._one_of("family", FAMILIES)

    def _one_of(self, name: str, known: Mapping[str, Any]) -> str:
        value = str(self.cleaned_data[name])
        if value and value not in known:
            raise forms.ValidationError(_("Choose one of the lines."))
        return value


class ClassifyForm(forms.Form):
    """One line of goods. `line` is the cleaned line once the form is valid; the answers to questions are in it."""

    description = text(
        gettext_lazy("Description"),
        rows=4,
        hint=gettext_lazy("What it is, with make, model and figures, in English, Latvian, Russian or German."),
    )
    control_code = text(
        gettext_lazy("Control code"), "quarter", hint=gettext_lazy("If you have one in mind."), autocomplete="off"
    )
    hs_code = text(gettext_lazy("HS code"), "quarter", hint=gettext_lazy("4 to 10 digits."), autocomplete="off")
    cas_number = text(gettext_lazy("CAS number"), "quarter", hint=gettext_lazy("Chemicals only."), autocomplete="off")
    concentration_percent = text(
        gettext_lazy("Concentration in %"), "quarter", hint=gettext_lazy("Mixtures only."), inputmode="decimal"
    )
    attributes = text(
        gettext_lazy("Technical parameters"),
        "two-thirds",
        rows=3,
        hint=gettext_lazy("One on each line, such as positioning_accuracy_um = 4."),
    )
    intangible = tick(gettext_lazy("Intangible: software or technology sent electronically"), "third")

    line: dict[str, Any]

    @classmethod
    def answered(cls, data: Mapping[str, Any]) -> "ClassifyForm":
        """The form as it was sent, with the answers to questions written among its attributes."""
        given = {name: data.get(name, "") for name in cls.base_fields}
        answers = {
            name.removeprefix(ANSWER): str(value).strip()
            for name, value in data.items()
            if name.startswith(ANSWER) and str(value).strip()
        }
        told = [row for row in str(given["attributes"]).splitlines() if row.partition("=")[0].strip() not in answers]
        given["attributes"] = "\n".join([*told, *(f"{name} = {value}" for name, value in answers.items())])
        return cls({name: value for name, value in given.items() if value})

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self._take()
        return self.cleaned_data

    def _take(self) -> None:
        try:
            (self.line,) = line_queries.clean(line_of(self))
        except PayloadError as error:
            for one in error.errors:
                name = one.path.partition(".")[0].partition("[")[0]
                message = one.message[:1].upper() + one.message[1:]
                self.add_error(name if name in self.fields else None, message)
