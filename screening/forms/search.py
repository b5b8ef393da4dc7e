"""One party to look up in the lists. What may be written, `screening.party_queries` decides; here a little more is."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening import party_queries
from screening.forms import vocabulary
from screening.forms.submission import choice, text
from screening.payload import PayloadError

LONGEST = {"name": 200, "address": 200, "identifier": 60, "date_of_birth": 40}  # the address of the page holds them all
FEWEST_LETTERS = 2
KINDS: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("Any")),
    ("person", gettext_lazy("Person")),
    ("organisation", gettext_lazy("Organisation")),
    ("vessel", gettext_lazy("Vessel")),
    ("aircraft", gettext_lazy("Aircraft")),
)
REVIEW, WIDE = "", "wide"
# Marks that turn the writing direction of what follows: two names can look alike on the screen and not be.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


class SearchForm(forms.Form):
    """Sent by GET, so that a search has an address. `party` is the cleaned query once the form is valid."""

    name = text(gettext_lazy("Name"), "two-thirds", autocomplete="off", maxlength=LONGEST["name"])
    country = choice(gettext_lazy("Country"), vocabulary.country_choices, "third")
    type = choice(gettext_lazy("Type"), KINDS, "quarter")
    date_of_birth = text(
        gettext_lazy("Date of birth"), "quarter", autocomplete="off", maxlength=LONGEST["date_of_birth"]
    )
    identifier_kind = choice(
        gettext_lazy("Kind of identifier"), [("", "—"), *vocabulary.IDENTIFIERS.items()], "quarter"
    )
    identifier = text(gettext_lazy("Identifier"), "quarter", autocomplete="off", maxlength=LONGEST["identifier"])
    address = text(gettext_lazy("Address"), "two-thirds", autocomplete="off", maxlength=LONGEST["address"])
    look = choice(gettext_lazy("How far to look"), (), "third")

    party: dict[str, Any]

    def clean(self) -> dict[str, Any]:
        given = {name: str(value).strip() for name, value in self.cleaned_data.items() if str(value or "").strip()}
        for name, value in given.items():
            self._check(name, value)
        if "name" not in given and not self.has_error("name"):
            self.add_error("name", _("Write the name to look for."))
        elif not self.has_error("name") and sum(map(str.isalnum, given["name"])) < FEWEST_LETTERS:
            self.add_error("name", _("Write at least two letters or digits: signs and pictures name nobody."))
        if given.get("type", "") not in dict(KINDS):
            self.add_error("type", _("Choose one of the types."))
        if ("identifier" in given) != ("identifier_kind" in given):
            self.add_error("identifier", _("An identifier needs both: its kind and its value."))
        if not self.errors:
            self._take(given)
        return given

    def _check(self, name: str, value: str) -> None:
        most = LONGEST.get(name, 40)
        if len(value) > most:
            words = {"length": f"{len(value):,}", "most": most}
            self.add_error(name, _("This has %(length)s characters; at most %(most)s are searched for.") % words)
        elif found := _TURNS.search(value):
            words = {"mark": f"U+{ord(found[0]):04X} {unicodedata.name(found[0]).lower()}"}
            sentence = _("This holds an invisible mark that turns the writing direction (%(mark)s). Type it anew.")
            self.add_error(name, sentence % words)

    def _take(self, given: dict[str, str]) -> None:
        query: dict[str, Any] = {
            name: given[name] for name in ("name", "country", "type", "date_of_birth", "address") if name in given
        }
        if "identifier" in given:
            query["identifiers"] = {given["identifier_kind"]: given["identifier"]}
        try:
            self.party = party_queries.clean_party(query)
        except PayloadError as error:
            for one in error.errors:
                field = "identifier" if one.path.startswith("identifiers") else one.path
                self.add_error(field if field in self.fields else None, one.message)
