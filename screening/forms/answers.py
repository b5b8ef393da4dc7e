"""Questions about goods as fields of a form, and answers as technical parameters of a line.

A field is named by how its answer is read and by the parameter (`number-positioning_accuracy`); its unit goes along in
a hidden field. So answers are read without knowing any more which questions were asked.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from policies.engine.classify.quantities import number
from screening.forms.submission import Choice, Data

ANOTHER = "another"
LONGEST = 500
OPERATORS = {">=": "≥", "<=": "≤", "between": ""}
KINDS = ("number", "signed", "word")
_FIELD = re.compile(r"(number|signed|word)-([a-z0-9_]{1,100})", re.ASCII)
_OF_LINE = re.compile(r"(lines-[0-9]{1,3})-(?:number|signed|word)-[a-z0-9_]{1,100}", re.ASCII)
_UNIT = re.compile(r"[^\s=;]{0,20}")
Question = Mapping[str, Any]


class NumberField(forms.CharField):
    """A number in the unit of its parameter; cleaned it reads as an attribute: `4 um`, or `4` if the name has it."""

    def __init__(self, *, parameter: str, unit: str, signed: bool, **options: Any) -> None:
        super().__init__(required=False, max_length=60, **options)
        self.parameter, self.unit, self.signed = parameter, unit, signed

    def clean(self, value: Any) -> str:
        typed = str(value or "").strip().replace("−", "-")
        bare = typed.removesuffix(self.unit).strip() if self.unit else typed
        if not bare:
            return ""
        try:
            read = Decimal(repr(number(bare)))
        except (ValueError, InvalidOperation):
            read = Decimal("NaN")
        if not read.is_finite() or len(typed) > 60:
            raise ValidationError(self._wanted(typed))
        if read < 0 and not self.signed:
            raise ValidationError(_("“%(typed)s” is negative; this can only be zero or more.") % {"typed": typed[:40]})
        return self._written(read)

    def _wanted(self, typed: str) -> str:
        said = {"typed": typed[:40], "unit": self.unit}
        if self.unit:
            return _("“%(typed)s” is not a number in %(unit)s. Write only the number, such as 4.5.") % said
        return _("“%(typed)s” is not a number. Write it as 4.5.") % said

    def _written(self, read: Decimal) -> str:
        text = format(read.normalize(), "f")
        named = self.parameter.endswith("_" + self.unit.lower().replace("/", "_"))
        return text if not self.unit or named or read < 0 or self.unit[0].isdigit() else f"{text} {self.unit}"


class AnswersForm(forms.Form):
    """The fields of questions, and of whatever else was answered before; `data` holds what was typed."""

    data: dict[str, Any]

    def __init__(
        self,
        questions: Iterable[Question],
        *,
        data: Mapping[str, Any],
        prefix: str = "",
        auto_id: str = "id_%s",
        limits: bool = False,
    ) -> None:
        super().__init__({}, prefix=prefix, auto_id=auto_id)
        start = self.add_prefix("")
        typed = {key.removeprefix(start): str(data.get(key) or "")[:LONGEST] for key in data if key.startswith(start)}
        given = {name: text for name, text in typed.items() if text.strip() and _FIELD.fullmatch(name)}
        self.data = {self.add_prefix(name): text for name, text in given.items()}
        for question in questions:
            if field_of(question) not in self.fields:
                self._ask(field_of(question), question, hint=_hint(question, limits=limits))
        for name in given:
            if name not in self.fields:
                unit = typed.get(f"unit-{name.partition('-')[2]}", "")
                known = {"unit": unit if _UNIT.fullmatch(unit) else ""}
                self._ask(name, known, hint=_hint(known, limits=False))
        self.full_clean()

    def answers(self) -> dict[str, str]:
        """What was answered well, by parameter, as an attribute is written."""
        given = {name: " ".join(value.split()) for name, value in self.cleaned_data.items() if _FIELD.fullmatch(name)}
        return {name.partition("-")[2]: value for name, value in given.items() if value}

    def _ask(self, name: str, question: Question, *, hint: str = "") -> None:
        kind, _dash, parameter = name.partition("-")
        label = question.get("text") or parameter.replace("_", " ").capitalize()
        options: dict[str, Any] = {"label": label, "help_text": hint}
        if kind == "word":
            self.fields[name] = forms.CharField(
                required=False,
                max_length=LONGEST,
                widget=Choice(choices=_choices(question, self._typed(name))),
                **options,
            )
        else:
            unit = str(question.get("unit", ""))
            widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            signed = kind == "signed"
            self.fields[name] = NumberField(parameter=parameter, unit=unit, signed=signed, widget=widget, **options)
            self.fields[f"unit-{parameter}"] = forms.CharField(required=False, widget=forms.HiddenInput)
            self.data[self.add_prefix(f"unit-{parameter}")] = unit
        self.fields[name].widget.column = "half"

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), ""))


def field_of(question: Question) -> str:
    """The name of the field of a question: words, a number, or one that may be below zero."""
    if question.get("accepts"):
        return f"word-{question['name']}"
    below = str(question.get("value", "")).startswith("-") or question.get("unit") == "degC"
    return f"{'signed' if below else 'number'}-{question['name']}"


def taken_in(data: Data) -> Data:
    """Posted values of a submission, good answers moved to the technical parameters of their lines.

    What is no good answer stays where it is, for the form to show what is wrong with it.
    """
    changed = data.copy()
    for prefix, given in of_lines(data).items():
        answers = AnswersForm((), data=given, prefix=prefix).answers()
        text = str(given.get(f"{prefix}-attributes") or "")
        for name, value in answers.items():
            kept = [line for line in text.splitlines() if line.partition("=")[0].strip() != name and line.strip()]
            text = "\n".join([*kept, f"{name} = {value}"])
            for kind in KINDS:
                changed.pop(f"{prefix}-{kind}-{name}", None)
        if answers:
            changed[f"{prefix}-attributes"] = text
    return changed


def of_lines(data: Data) -> dict[str, dict[str, Any]]:
    """The posted values of those lines that hold an answer, by the prefix of the line."""
    found: dict[str, dict[str, Any]] = {match[1]: {} for key in data if (match := _OF_LINE.fullmatch(key))}
    for key in data if found else ():
        if (prefix := "-".join(key.split("-", 2)[:2])) in found:
            found[prefix][key] = data.get(key)
    return found


def _choices(question: Question, typed: str) -> list[tuple[str, str]]:
    accepts = [str(one) for one in question.get("accepts", ())]
    if not accepts:
        return [("", "—"), (typed, typed)]
    if set(accepts) <= {"yes", "no"}:
        return [("", "—"), ("yes", _("yes")), ("no", _("no"))]
    return [("", "—"), *((one, one) for one in accepts), (ANOTHER, _("another, or none of these"))]


def _hint(question: Question, *, limits: bool) -> str:
    """What is wanted and what it decides about; to officers also where the entry begins."""
    parts = [_("A number in %(unit)s.") % {"unit": question["unit"]}] if question.get("unit") else []
    code = question.get("code", "")
    if code and limits and question.get("value"):
        operator = OPERATORS.get(question.get("operator", ""), question.get("operator", ""))
        limit = f"{operator} {question['value']} {question.get('unit', '')}".strip()
        parts.append(_("Decides about %(code)s (%(limit)s).") % {"code": code, "limit": limit})
    elif code:
        parts.append(_("Decides about %(code)s.") % {"code": code})
    if note := str(question.get("note", "")).rstrip("."):
        parts.append(f"{note[0].upper()}{note[1:]}.")
    return " ".join(parts)
