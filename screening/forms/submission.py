"""The web form of a submission: route, parties, lines, declarations.

The form only carries text to `screening.payload.clean` and its mistakes back to their fields; it judges nothing itself.
A field is named by its path in the payload (`lines[2].unit` is the field `lines-2-unit`), so both ways are mechanical.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from screening.forms import vocabulary
from screening.models import Direction

F = TypeVar("F", bound=forms.Field)


class Choice(forms.Select):
    """A select whose options are drawn in one loop: country lists are long and there are many of them."""

    template_name = "ui/select.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = {"widget": {"name": name, "value": [str(value or "")], "flat": list(self.choices)}}
        context["widget"]["attrs"] = self.build_attrs(self.attrs, attrs)
        return context


def text(label: Any, column: str = "", *, rows: int = 0, hint: Any = "", **attrs: Any) -> forms.CharField:
    widget: forms.Widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    return _placed(forms.CharField(label=label, required=False, help_text=hint, widget=widget, strip=False), column)


def choice(label: Any, choices: Any, column: str = "", *, hint: Any = "") -> forms.CharField:
    return _placed(forms.CharField(label=label, required=False, help_text=hint, widget=Choice(choices=choices)), column)


def day(label: Any, column: str = "") -> forms.CharField:
    return _placed(forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"type": "date"})), column)


def tick(label: Any, column: str = "") -> forms.BooleanField:
    return _placed(forms.BooleanField(label=label, required=False), column)


def ticks(label: Any, choices: Iterable[tuple[str, Any]], *, hint: Any = "") -> forms.Field:
    widget = forms.CheckboxSelectMultiple(choices=list(choices))
    return forms.Field(label=label, required=False, help_text=hint, widget=widget)


def _placed(field: F, column: str) -> F:
    field.widget.column = column
    return field


class RouteForm(forms.Form):
    reference = text(_("Your reference"), "third", hint=_("Left empty, the service gives one."))
    direction = choice(_("Direction"), [("", "—"), *Direction.choices], "third")
    shipment_date = day(_("Shipment date"), "third")
    origin = choice(_("From"), vocabulary.country_choices, "third")
    destination = choice(_("To"), vocabulary.country_choices, "third")
    final_destination = choice(_("Final destination, if another"), vocabulary.country_choices, "third")
    transit_countries = text(_("Transit countries"), "third", hint=_("Two-letter codes with commas, such as TR, KZ."))
    end_use = text(_("End use"), rows=2, hint=_("What the end user will do with the goods, in concrete words."))


class PartyForm(forms.Form):
    role = choice(_("Role"), [("", "—"), *vocabulary.ROLES.items()], "quarter")
    name = text(_("Name"), "half")
    country = choice(_("Country"), vocabulary.country_choices, "quarter")
    type = choice(_("Kind of party"), [("", "—"), *vocabulary.PARTY_TYPES.items()], "quarter")
    address = text(_("Address"), "half")
    registered_on = day(_("Registered on"), "quarter")
    aliases = text(_("Other names"), "half", rows=2, hint=_("One on each line."))
    owners = text(_("Owners"), "half", rows=2, hint=_("One on each line: name; country code; percent."))
    identifiers = text(
        _("Identifiers"), "half", rows=2, hint=_("One on each line, such as vat = LV40001234567 or imo = 9074729.")
    )
    date_of_birth = text(_("Date of birth (persons)"), "half")
    in_free_zone = tick(_("Takes delivery in a free zone or free warehouse"), "half")
    wholly_owned_by_exporter = tick(_("Wholly owned by the exporter"), "half")

    @property
    def has_more(self) -> bool:
        """Whether something, or a mistake, stands in the fields that are folded away."""
        folded = [name for name in self.fields if name not in ("role", "name", "country")]
        return any(self[name].value() or self[name].errors for name in folded)


class LineForm(forms.Form):
    description = text(_("Description"), rows=2, hint=_("What it is, with make and model."))
    control_code = text(_("Control code"), "quarter", hint=_("As you classify it; empty if not listed."))
    hs_code = text(_("HS code"), "quarter", hint=_("4 to 10 digits."))
    cas_number = text(_("CAS number"), "quarter", hint=_("Chemicals only."))
    concentration_percent = text(_("Concentration in %"), "quarter", hint=_("Mixtures only."), inputmode="decimal")
    quantity = text(_("Quantity"), "quarter", inputmode="decimal")
    unit = choice(_("Unit"), [("", "—"), *vocabulary.UNITS.items()], "quarter")
    value = text(_("Value"), "quarter", inputmode="decimal")
    currency = text(_("Currency"), "quarter", maxlength="3")
    attributes = text(
        _("Technical parameters"), "half", rows=2, hint=_("One on each line, such as positioning_accuracy_um = 4.")
    )
    intangible = tick(_("Intangible: software or technology sent electronically"), "half")

    judged: dict[str, Any] | None = None  # how the line would be classified, once it was checked
    asked: forms.Form | None = None  # the questions that would decide, and answers that are not right yet


class DeclarationsForm(forms.Form):
    general_authorisations = ticks(
        _("General authorisations used"), [(code, code) for code in vocabulary.AUTHORISATIONS]
    )
    first_use_notified_days = text(_("Days since the notice of first use"), "third", inputmode="numeric")
    licence = text(_("Licence used"), "third", hint=_("Its number."))
    initial_licence = text(_("Initial licence, for a repair return"), "third")
    return_within_days = text(_("Days until the goods are back"), "third", inputmode="numeric")
    no_processing_in_destination = choice(
        _("The goods are not processed in the destination"),
        [("", _("not stated")), ("true", _("true: they go on as they are")), ("false", _("false: they are processed"))],
        "third",
    )
    exemption_claimed = text(_("Exemption claimed"), "third", hint=_("Article, such as 2(3)(d) of 833/2014."))
    exporter_informed = ticks(
        _("The authority has informed us that the goods may be meant for"), vocabulary.CONCERNS.items()
    )
    exporter_aware = ticks(_("We are aware that the goods may be meant for"), vocabulary.CONCERNS.items())
    statements = ticks(_("We declare"), vocabulary.STATEMENTS.items())


ROWS = ("parties", "lines")
Data = MultiValueDict[str, Any]


class Submission:
    """The four forms over one set of posted values, and the way between them and the payload."""

    def __init__(self, data: Data) -> None:
        self.data = data
        self.route = RouteForm(data, prefix="route")
        self.declarations = DeclarationsForm(data, prefix="declarations")
        self.parties = [PartyForm(data, prefix=f"parties-{number}") for number in range(count(data, "parties"))]
        self.lines = [LineForm(data, prefix=f"lines-{number}") for number in range(count(data, "lines"))]
        self.problems: list[tuple[str, str, str]] = []  # id of the field, its label, what is wrong
        for form in self.forms():
            form.full_clean()

    @property
    def unread(self) -> bool:
        """Whether an answer about the goods cannot be read."""
        return any(row.asked is not None and row.asked.errors for row in self.lines)

    def forms(self) -> list[forms.Form]:
        return [self.route, *self.parties, *self.lines, self.declarations]


def count(data: Mapping[str, Any], name: str) -> int:
    """How many rows the page has; nonsense counts as none, and no page has more than 450."""
    given = str(data.get(f"{name}-count", ""))
    return min(int(given), 450) if given.isascii() and given.isdigit() else 0


def blank(exporter: str, country: str) -> Data:
    """A new form: the own company as exporter, a consignee and an end user to fill in, one line."""
    start = {
        "route-direction": "export",
        "route-origin": country,
        "parties-count": "3",
        "parties-0-role": "exporter",
        "parties-0-name": exporter,
        "parties-0-country": country,
        "parties-1-role": "consignee",
        "parties-2-role": "end_user",
        "lines-count": "1",
        "lines-0-currency": "EUR",
    }
    return MultiValueDict({name: [value] for name, value in start.items()})


def add(data: Data, name: str) -> Data:
    """One row more at the end."""
    changed = data.copy()
    changed[f"{name}-count"] = str(count(data, name) + 1)
    if name == "lines":
        changed[f"lines-{count(data, name)}-currency"] = "EUR"
    return changed


def remove(data: Data, name: str, number: int) -> Data:
    """Without one row; those behind it move up."""
    kept: Data = MultiValueDict()
    for key, values in data.lists():
        parts = key.split("-", 2)
        if len(parts) == 3 and parts[0] == name and parts[1].isdigit():
            if int(parts[1]) == number:
                continue
            moved = int(parts[1]) - (int(parts[1]) > number)
            key = f"{name}-{moved}-{parts[2]}"
        kept.setlist(key, values)
    kept[f"{name}-count"] = str(max(0, count(data, name) - 1))
    return kept
