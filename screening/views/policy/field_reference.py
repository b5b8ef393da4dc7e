"""What a clause may read and which functions it may use, as the rule page and the field reference show it.

Fields and types come from the engine's schema, meanings from the comments beside the fields in `subjects`.
"""

import ast
import inspect
import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from policies.engine import schema, subjects
from policies.engine.language import SCOPES
from screening import permissions
from screening.views.access import page

# Form, what it says, an example that compiles, and the scope of the example.
FUNCTIONS = (
    ("a == b, a != b", _("equal, not equal"), 'shipment.destination.code == "RU"', "shipment"),
    ("a < b, a >= b", _("less, at least; numbers with a decimal point"), "line.quantity >= 300.0", "line"),
    ("a && b, a || b, !a", _("and, or, not"), "line.annex_i && !line.intangible", "line"),
    ("a in list", _("one of several"), 'party.role in ["consignee", "end_user"]', "party"),
    ("has(field)", _("whether a number is given"), "has(line.value) && line.value >= 10000.0", "line"),
    ("list.exists(x, …)", _("at least one for which it holds"), 'shipment.ends.exists(c, c.code == "RU")', "shipment"),
    ("list.all(x, …)", _("it holds for each; true for an empty list"), "shipment.lines.all(l, !l.listed)", "shipment"),
    ("list.exists_one(x, …)", _("exactly one"), "shipment.lines.exists_one(l, l.listed)", "shipment"),
    (
        "list.filter(x, …)",
        _("those for which it holds"),
        'shipment.ends.filter(c, "EU" in c.groups).size() >= 2',
        "shipment",
    ),
    ("size(list)", _("how many; of a text, its length"), "size(shipment.lines) >= 2", "shipment"),
    ("text.startsWith(…)", _("begins with; also endsWith, contains"), 'line.code.startsWith("5A002")', "line"),
    (
        "text.matches(…)",
        _("a regular expression; (?i) ignores case"),
        'line.description.matches("(?i)thermal camera")',
        "line",
    ),
    (
        "map[key]",
        _("a technical parameter; ask first whether it is there"),
        '"range_km" in line.attributes && line.attributes["range_km"] >= 300.0',
        "line",
    ),
    ("a ? b : c", _("if a then b, else c"), 'line.unit == "kg" ? line.quantity > 1.0 : line.quantity > 10.0', "line"),
    ("+ - * /", _("arithmetic"), "line.quantity * 0.5 > 100.0", "line"),
    ("double(n)", _("a whole number as a number"), "double(line.number) <= 3.0", "line"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its type in words, what it means, and the section that its type leads to (or nothing)."""

    name: str
    type: str
    meaning: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Section:
    """A variable (`line`) or a structure (`Country`) with its fields."""

    name: str
    is_variable: bool
    fields: tuple[Field, ...]


@require_safe
@page(permissions.check_see_policy)
def fields(request: HttpRequest) -> HttpResponse:
    context = {"area": "policy", "part": "rules"} | context_of(
        request.GET.get("scope", ""), search=request.GET.get("find", ""), flag=request.GET.get("effect") == "flag"
    )
    return render(request, "policies/fields.html", context)


def context_of(scope: str, *, search: str = "", flag: bool = False) -> dict[str, object]:
    """What the reference needs for a scope; an unknown or empty scope shows every variable."""
    scope = scope if scope in SCOPES else ""
    search = search.strip()[:80]
    return {
        "reference_scope": scope,
        "reference_scopes": list(SCOPES),
        "reference_search": search,
        "sections": sections(scope, search=search, flag=flag),
        "functions": FUNCTIONS,
    }


def sections(scope: str, *, search: str = "", flag: bool = False) -> list[Section]:
    """The variables of a scope and the structures within reach, only with the fields that hold every searched word."""
    words = search.lower().split()
    found = []
    for section in _reachable(scope, flag):
        kept = tuple(
            field
            for field in section.fields
            if all(word in f"{section.name}.{field.name} {field.type} {field.meaning}".lower() for word in words)
        )
        if kept:
            found.append(Section(section.name, section.is_variable, kept))
    return found


@cache
def _reachable(scope: str, flag: bool) -> tuple[Section, ...]:
    names = [*SCOPES[scope], "so_far", "setting"] if scope else list(schema.VARIABLES)
    names = [name for name in names if not (flag and name == "so_far")]
    shown = {schema.VARIABLES[name].__name__: name for name in names}
    found = [Section(name, True, _fields(schema.VARIABLES[name].__name__, shown)) for name in names]
    for section in found:  # grows as it goes: what a structure holds is within reach too
        for field in section.fields:
            if field.leads_to and field.leads_to not in [one.name for one in found]:
                found.append(Section(field.leads_to, False, _fields(field.leads_to, shown)))
    return tuple(found)


def _fields(structure: str, shown: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields of a structure; one that stands on the page as a variable is linked there."""
    known, meanings = schema.structures(), _meanings()
    found = []
    for name, kind in known[structure]:
        last = kind.split()[-1]
        leads_to = shown.get(last, last) if last in known else ""
        found.append(Field(name, kind, meanings.get((structure, name), ""), leads_to))
    return tuple(found)


@cache
def _meanings() -> dict[tuple[str, str], str]:
    """(structure, field) -> the comment beside the field."""
    source = inspect.getsource(subjects)
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    return {
        (structure, name): " ".join(comments[line] for line in lines if line in comments)
        for structure, name, lines in _declared(ast.parse(source))
    }


def _declared(tree: ast.Module) -> Iterator[tuple[str, str, range]]:
    for node in tree.body:
        for item in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                yield node.name, item.target.id, range(item.lineno, (item.end_lineno or item.lineno) + 1)  # type: ignore[attr-defined]
