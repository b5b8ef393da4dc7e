"""The form of a rule: text to a row of a rule list and back. Whether the row is right, `policies.rulebook` judges.

Values are carried as they were typed, so a form that is refused shows exactly what was sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.engine.language import SCOPES
from policies.rulebook import Problem, Row
from screening.forms import rule_examples
from screening.forms.submission import choice, day, text, ticks
from screening.models import Direction

EFFECTS = (
    ("clear", gettext_lazy("clear: inform only")),
    ("review", gettext_lazy("review: a person looks")),
    ("licence_required", gettext_lazy("licence required")),
    ("prohibited", gettext_lazy("prohibited")),
    ("cover", gettext_lazy("cover: lifts the licence requirement of its line")),
    ("flag", gettext_lazy("red flag: adds its weight")),
)
STAGE_WORDS = (
    ("flag", gettext_lazy("flag: before all rules")),
    ("rule", gettext_lazy("rule")),
    ("closing", gettext_lazy("closing: after all rules")),
)
TEXTS = (
    *("id", "title", "scope", "stage", "effect", "reason", "legal_basis", "valid_from", "valid_to"),
    *("category", "remedy", "note"),
)
EXAMPLES = {"fires": "must_fire", "not": "must_not"}
PLACES = {"list": "list_id", "examples": "must_fire", **{f"examples.{kind}": name for kind, name in EXAMPLES.items()}}
MAX_CLAUSES = 30
MONOSPACED = {"class": "code"}


class RuleForm(forms.Form):
    """Bound to what was typed. `clause_problems` is what is wrong with each of `clauses`, `problems` everything."""

    id = text(gettext_lazy("Id"), "third", hint=gettext_lazy("Capitals, digits, hyphens; it never changes."))
    list_id = choice(gettext_lazy("List"), [], "third")
    title = text(gettext_lazy("Title"), "two-thirds", hint=gettext_lazy("One sentence that says what the rule finds."))
    scope = choice(gettext_lazy("Runs for each"), [("", "—"), *((one, one) for one in SCOPES)], "third")
    effect = choice(gettext_lazy("Effect"), [("", "—"), *EFFECTS], "third")
    stage = choice(gettext_lazy("Stage"), [("", gettext_lazy("by the effect")), *STAGE_WORDS], "third")
    reason = choice(gettext_lazy("Reason code"), [], "two-thirds")
    legal_basis = text(
        gettext_lazy("Legal basis"),
        "half",
        hint=gettext_lazy("Act and article; those of the other rules are offered."),
        list="legal-bases",
        autocomplete="off",
    )
    valid_from = day(gettext_lazy("In force from"), "quarter")
    valid_to = day(gettext_lazy("Last day"), "quarter")
    directions = ticks(gettext_lazy("Directions; none ticked: every direction"), Direction.choices)
    principles = ticks(gettext_lazy("Principles"), [])
    weight = text(gettext_lazy("Weight"), "sixth", inputmode="decimal", hint=gettext_lazy("Red flags only."))
    category = text(gettext_lazy("Category"), "sixth", list="categories", hint=gettext_lazy("Red flags only."))
    remedy = text(gettext_lazy("What would change it"), rows=2, hint=gettext_lazy("Shown to officers and exporters."))
    note = text(gettext_lazy("Note for editors"), rows=2)
    must_fire = text(gettext_lazy("Must fire"), rows=7, spellcheck="false", **MONOSPACED)
    must_not = text(gettext_lazy("Must not fire"), rows=7, spellcheck="false", **MONOSPACED)
    why = text(gettext_lazy("Why you change it"), rows=2, hint=gettext_lazy("Kept with the edition and the log."))
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], *, lists: Iterable[tuple[str, str]], reasons: Any, new: bool) -> None:
        super().__init__(data, auto_id="rule-%s")
        self.new = new
        self.clauses: list[str] = [_one_line(value) for value in self._many("clause")][:MAX_CLAUSES] or [""]
        self.clause_problems: dict[int, list[Problem]] = {}
        self.problems: list[tuple[str, str, str]] = []  # id of the field, its label, what is wrong
        _offer(self, "list_id", [("", "—"), *lists])
        _offer(self, "reason", [("", "—"), *reasons])
        if not new:
            self.fields["id"].widget.attrs["readonly"] = True
            del self.fields["list_id"]
        self.full_clean()

    def _many(self, name: str) -> Any:
        return self.data.getlist(name)  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        return str(self[name].value() or "").strip()

    def row(self) -> dict[str, Any]:
        """The rule as typed, without empty fields. What cannot be read is in `problems` afterwards."""
        row: dict[str, Any] = {name: value for name in TEXTS if (value := self.value(name))}
        row["clauses"] = [clause for clause in self.clauses if clause]
        for name in ("directions", "principles"):
            if chosen := self._many(name):
                row[name] = chosen
        if weight := self.value("weight"):
            row["weight"] = self._number(weight)
        examples = {kind: read for kind, name in EXAMPLES.items() if (read := self._examples(name))}
        return row | ({"examples": examples} if examples else {})

    def row_principles(self) -> list[str]:
        """The ids of the principles that are ticked."""
        return [str(one) for one in self._many("principles")]

    def place(self, problems: Iterable[Problem]) -> None:
        """Put each problem at its field, at its clause or at the top, and into the summary."""
        numbers = [number for number, clause in enumerate(self.clauses, start=1) if clause]
        for problem in problems:
            field = PLACES.get(problem.field, problem.field)
            if problem.clause and problem.clause <= len(numbers):
                number = numbers[problem.clause - 1]  # as on the screen, where empty ones count too
                problem = replace(problem, message=f"{problem.message}{advice(problem.message)}")
                self.clause_problems.setdefault(number, []).append(problem)
                self.problems.append((f"clause-{number}", clause_place(number, problem.column), problem.message))
            elif field in self.fields:
                self._wrong(field, problem.message)
            else:
                place = "clause-1" if field == "clauses" else ""
                self.problems.append((place, _("Clauses") if place else field, problem.message))

    def shown_clauses(self) -> list[dict[str, Any]]:
        """Clauses for the page: number, text, and for each problem its sentence and the line with the caret."""
        return [
            {
                "number": number,
                "text": clause,
                "rows": max(1, min(8, 1 + len(clause) // 60)),
                "problems": [
                    {"place": clause_place(number, one.column), "message": one.message, "caret": caret(clause, one)}
                    for one in self.clause_problems.get(number, ())
                ],
            }
            for number, clause in enumerate(self.clauses, start=1)
        ]

    def _examples(self, name: str) -> Any:
        try:
            return rule_examples.read(str(self[name].value() or ""))
        except rule_examples.ExamplesError as error:
            self._wrong(name, str(error))
            return []

    def _number(self, given: str) -> Any:
        """A number as a number; what is none stays text, so that the check says so."""
        try:
            number = float(given.replace(",", "."))
        except ValueError:
            return given
        return int(number) if number.is_integer() else number

    def _wrong(self, name: str, message: str) -> None:
        self.add_error(name, message)
        self.problems.append((self[name].auto_id, str(self.fields[name].label), message))


class RetireForm(forms.Form):
    """The last day of a rule and why; `base` is the version of the rule that was on the screen."""

    on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Shipments of this day are still judged by the rule."),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    base = forms.CharField(widget=forms.HiddenInput)


def data_of(row: Row, *, list_id: str = "", base: str = "", why: str = "") -> MultiValueDict[str, Any]:
    """The values of the form that shows a row."""
    examples = row.get("examples") or {}
    values = {name: [str(row.get(name) or "")] for name in (*TEXTS, "weight")}
    values |= {name: list(row.get(name) or ()) for name in ("directions", "principles")}
    values |= {name: [rule_examples.written(examples.get(kind))] for kind, name in EXAMPLES.items()}
    values |= {"clause": list(row.get("clauses") or [""]), "list_id": [list_id], "base": [base], "why": [why]}
    return MultiValueDict(values)


def clause_place(number: int, column: int) -> str:
    """Where in words: `Clause 2, column 17`."""
    if not column:
        return _("Clause %(number)d") % {"number": number}
    return _("Clause %(number)d, column %(column)d") % {"number": number, "column": column}


def advice(message: str) -> str:
    """What to do about a mistake that the language names in its own words; empty when there is nothing to add.

    >>> advice("found no matching overload for '_>_' applied to '(double, int)'")
    '. Write the number with a decimal point, such as 3.0.'
    """
    if "(double, int)" in message or "(int, double)" in message:
        return _(". Write the number with a decimal point, such as 3.0.")
    if "undefined field" in message or "undeclared reference" in message:
        return _(". Look for its name beside the form.")
    return ""


def caret(clause: str, problem: Problem, around: int = 36) -> tuple[str, str]:
    """The part of a clause about a problem's column, and a line with a caret under that column.

    >>> caret('line.annex == true', Problem("clauses", "undefined", 1, 5))
    ('line.annex == true', '    ^')
    """
    if not problem.column:
        return "", ""
    at = min(problem.column - 1, len(clause))
    first = max(0, at - around) if len(clause) > 2 * around else 0
    part = clause[first : first + 2 * around]
    lead, tail = ("…" if first else ""), ("…" if first + 2 * around < len(clause) else "")
    return f"{lead}{part}{tail}", " " * (len(lead) + at - first) + "^"


def _one_line(value: Any) -> str:
    """A clause is one line, so that a column means something; line breaks of the text box become spaces."""
    return " ".join(part.strip() for part in str(value).splitlines() if part.strip())


def _offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    if name in form.fields:
        form.fields[name].widget.choices = list(choices)
