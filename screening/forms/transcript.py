"""Between the web form and the payload: values on the way in, mistakes on the way back."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from screening.forms import vocabulary
from screening.forms.submission import LineForm, Submission
from screening.payload import FieldError

NUMBERS = {"concentration_percent", "quantity", "value", "percent", "first_use_notified_days", "return_within_days"}
_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")


def payload_of(form: Submission) -> dict[str, Any]:
    """What the form says, in the vocabulary of the API. Fields left empty are absent; nothing is corrected."""
    route = _values(form.route)
    if transit := route.pop("transit_countries", ""):
        route["transit_countries"] = [code for code in re.split(r"[\s,;]+", transit) if code]
    return {
        **route,
        "parties": [_party(row) for row in form.parties],
        "lines": [line_of(row) for row in form.lines],
        "declarations": _declarations(form.declarations),
    }


def misread(form: Submission) -> list[FieldError]:
    """Technical parameters that are no `name = value`, or that stand twice: reading on would lose one silently."""
    found = []
    for position, row in enumerate(form.lines):
        seen: set[str] = set()
        for place, line in enumerate(str(row["attributes"].value() or "").split("\n")):
            name, value = _pair(line)
            wrong = _("write it as name = value, such as range_km = 300") if not name or not value else ""
            wrong = wrong or (_("stands twice; give each parameter once") if name in seen else "")
            if line.strip() and wrong:
                message = _("“%(line)s”: %(wrong)s") % {"line": line.strip()[:80], "wrong": wrong}
                found.append(FieldError(f"lines[{position}].attributes[{place}]", message))
            seen.add(name)
    return found


def place_answers(form: Submission) -> None:
    """Put answers about the goods that cannot be read into the summary; at their fields they stand already."""
    for row in form.lines:
        for name, messages in row.asked.errors.items() if row.asked is not None else ():
            where = _line_words(form, row, str(row.asked.fields[name].label))  # type: ignore[union-attr]
            form.problems += [(row.asked[name].auto_id, where, str(message)) for message in messages]  # type: ignore[index]


def line_of(form: forms.Form) -> dict[str, Any]:
    """One line of goods, as a form with the fields of a line has it."""
    values = _values(form)
    if attributes := values.pop("attributes", ""):
        pairs = [_pair(line) for line in attributes.splitlines() if line.strip()]
        values["attributes"] = {name: number_or_text(value) for name, value in pairs}
    return values


def place(form: Submission, errors: Iterable[FieldError]) -> None:
    """Put each mistake at its field and into the summary; one without a field of its own goes to the top."""
    for error in errors:
        target, name, row = _find(form, error.path)
        message = error.message[:1].upper() + error.message[1:]
        if row:
            message = _("Row %(number)s: %(message)s") % {"number": row, "message": message}
        if target is None or name not in target.fields:
            form.problems.append(("", error.path, message))
            continue
        target.add_error(name, message)
        form.problems.append((target[name].auto_id, _where(form, target, name), message))


def _values(form: forms.Form) -> dict[str, Any]:
    given = {name: form[name].value() for name in form.fields}
    return {name: _plain(name, value) for name, value in given.items() if value not in (None, "", False, [])}


def _plain(name: str, value: Any) -> Any:
    """Numbers as numbers; what is none stays text, so that the check can say so."""
    if not isinstance(value, str):
        return value
    value = value.strip()
    if name not in NUMBERS:
        return value
    try:
        return int(value) if value.lstrip("-").isdigit() else float(value.replace(",", "."))
    except ValueError:
        return value


def _party(form: forms.Form) -> dict[str, Any]:
    values = _values(form)
    if aliases := values.pop("aliases", ""):
        values["aliases"] = [line.strip() for line in aliases.splitlines() if line.strip()]
    if owners := values.pop("owners", ""):
        values["owners"] = [_owner(line) for line in owners.splitlines() if line.strip()]
    if identifiers := values.pop("identifiers", ""):
        values["identifiers"] = dict(_pair(line) for line in identifiers.splitlines() if line.strip())
    return values


def _owner(line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split(";")]
    named = dict(zip(("name", "country", "percent", "further"), parts, strict=False))
    return {name: _plain(name, value.rstrip("% ")) for name, value in named.items() if value}


def _pair(line: str) -> tuple[str, Any]:
    name, _equals, value = line.partition("=")
    return name.strip(), value.strip()


def number_or_text(value: str) -> str | float | bool:
    """A technical parameter as it is written: yes and no, a number, or text."""
    if value.lower() in ("yes", "true", "no", "false"):
        return value.lower() in ("yes", "true")
    try:
        return float(value)
    except ValueError:
        return value


def _declarations(form: forms.Form) -> dict[str, Any]:
    values = _values(form)
    values.update({name: True for name in values.pop("statements", ()) if name in vocabulary.STATEMENTS})
    stated = values.pop("no_processing_in_destination", "")
    if stated:
        values["no_processing_in_destination"] = {"true": True, "false": False}.get(stated, stated)
    return values


def _find(form: Submission, path: str) -> tuple[forms.Form | None, str, str]:
    """The form and field of a path, and the line of a text box that holds several."""
    steps = [(name, number) for name, number in _STEP.findall(path)]
    if not steps:
        return None, "", ""
    (first, number), rest = steps[0], steps[1:]
    sections: dict[str, list[forms.Form]] = {"parties": [*form.parties], "lines": [*form.lines]}
    rows = sections.get(first)
    if rows is not None:
        if not number or int(number) >= len(rows) or not rest:
            return None, "", ""
        name, inner = rest[0]
        return rows[int(number)], name, str(int(inner) + 1) if inner else ""
    if first == "declarations":
        name = rest[0][0] if rest else ""
        return form.declarations, "statements" if name in vocabulary.STATEMENTS else name, ""
    return form.route, first, ""


def _where(form: Submission, target: forms.Form, name: str) -> str:
    """The field in words for the summary: “Party 2: Country”."""
    label = str(target.fields[name].label)
    if target in form.parties:
        return _("Party %(number)s: %(field)s") % {"number": form.parties.index(target) + 1, "field": label}
    return _line_words(form, target, label) if isinstance(target, LineForm) else label


def _line_words(form: Submission, row: LineForm, label: str) -> str:
    return _("Line %(number)s: %(field)s") % {"number": form.lines.index(row) + 1, "field": label}
