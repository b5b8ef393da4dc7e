"""Whether changed rows that say how goods are named and measured hold: words, numbers, codes and units.

First each row by itself, then against the policy that it would be part of. Sentences name the line and say what to do.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from policies.engine.classify import designations, words
from policies.engine.classify.codes import begins, normalise
from policies.engine.classify.knowledge import ORDINARY, SAYS
from policies.engine.classify.quantities import Units
from policies.engine.policy import Policy
from policies.engine.read_goods import NUMBER, OPERATORS, ROLES, SPAN
from policies.list_reading import Found

Row = Mapping[str, Any]
Problem = tuple[str, str]  # the column, and what is wrong with it and to be done
_LANGUAGE = {"language": tuple(words.LANGUAGES)}
# Words that the classifier compares with: another one would silently mean something else.
WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "goods_terms": {"says": SAYS, **_LANGUAGE},
    "chemical_names": {"kind": ("synonym", "salt", "trade", "formula", "abbreviation", "native"), **_LANGUAGE},
    "ordinary_goods": {"says": ORDINARY, **_LANGUAGE},
    "glossary": _LANGUAGE,
    "designations": {"says": (*SAYS, "not")},
    "units": {"exact_case": ("yes", "no")},
    "relations": {"kind": ("software", "technology")},
    "parameters": {"operator": OPERATORS, "role": ROLES},
}
_WORDINGS = {  # columns that must hold a word
    "goods_terms": ("term",),
    "phrases": ("phrase",),
    "chemical_names": ("name",),
    "ordinary_goods": ("term",),
    "glossary": ("term", "means"),
    "designations": ("means",),
    "units": ("quantity",),
    "relations": ("of",),
    "synonyms": ("en",),
    "parameters": ("parameter",),
}
_CODES = {
    **dict.fromkeys(("goods_terms", "phrases", "chemical_names", "parameters"), ("code",)),
    **dict.fromkeys(("designations", "synonyms"), ("codes",)),
    "ordinary_goods": ("spares",),
    "relations": ("code", "of"),
}
_BEGINNINGS = ("of", "spares")  # columns in which `9B` or `2B2` stands for every code that begins so
_PHASES = ("development", "production", "use", "any")
_LIMIT = re.compile(NUMBER, re.ASCII)


def problems(kind: str, found: Found) -> Iterator[str]:
    """What is wrong with one row, whatever the other lists hold."""
    for column in _WORDINGS.get(kind, ()):
        if not any(words.split(part) for part in str(found.row.get(column, "")).split("|")[:1]):
            yield f"Line {found.line}, {column}: it holds no word; write at least one, first of all."
    for column, said in _OWN.get(kind, _nothing)(found.row):
        yield f"Line {found.line}, {column}: {_shown(found.row[column])} {said}."


def unknown(kind: str, found: Sequence[Found], policy: Policy) -> Iterator[str]:
    """Codes that no goods list holds and units that no list of units holds, in a policy with these rows."""
    said = cache(lambda code, many: _code(code, many, policy))
    for one in found:
        for column in _CODES.get(kind, ()):
            for code in filter(None, map(str.strip, re.split(r"[|/]", one.row[column]))):
                if problem := said(code, column in _BEGINNINGS):
                    yield f"Line {one.line}, {column}: {problem}"
    units = Units(policy.knowledge.units)
    for one in found if kind == "parameters" and policy.knowledge.units else ():
        if one.row["unit"] and not units.find(one.row["unit"]):
            shown = _shown(one.row["unit"])
            yield f"Line {one.line}, unit: no list of units knows {shown}; add its spelling there first."


def lost(before: Policy, after: Policy) -> Iterator[str]:
    """Units that thresholds are written in and that would not be known any more."""
    earlier, later = Units(before.knowledge.units), Units(after.knowledge.units)
    for unit in sorted({row.unit for row in after.knowledge.thresholds if row.unit}):
        if earlier.find(unit) and not later.find(unit):
            yield f"Technical thresholds are written in {unit}, which no list of units would know: leave it in."


def _code(code: str, many: bool, policy: Policy) -> str:
    plain = normalise(code)
    if many and (code == "*" or any(begins(entry.code, code) for entry in policy.entries)):
        return ""
    if plain != code:
        written = f"write {plain}" if plain else "write it as 5A002.a.1, ML10.c or AT-III-2.1"
        return f"{_shown(code)} is no code as the lists write it; {written}."
    return "" if policy.goods.known(code) else f"no goods list holds {code}; correct it, or add the entry there first."


def _parameter(row: Row) -> Iterator[Problem]:
    operator, value = row["operator"], str(row["value"])
    span = SPAN.fullmatch(value)
    if operator == "is" and not value.strip(" |"):
        yield "value", "is empty; write yes, or the accepted words with | between them"
    elif operator == "between" and not span:
        yield "value", "is no number; between needs two as 10..20"
    elif span and operator == "between" and float(span[1]) >= float(span[2]):
        yield "value", "does not begin with its lower end; write low..high"
    elif operator not in ("is", "between") and not _LIMIT.fullmatch(value):
        yield "value", "is no number; write 1200 or 0.5, without a unit"
    if "question" in row and not (row["question"].endswith("?") and words.split(row["question"])):
        yield "question", "is no question; write one sentence to the exporter that ends with ?"


def _designation(row: Row) -> Iterator[Problem]:
    if not designations.usable(row["pattern"]):
        yield (
            "pattern",
            f"needs {designations.FIXED} fixed characters before its first # or *, three where all are letters",
        )
    if any(not name.strip() or not value.strip() for name, _, value in _pairs(row["attributes"])):
        yield "attributes", "is no list of values; write name=value unit, with | between several"


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    return (part.partition("=") for part in text.split("|") if part.strip())


def _unit(row: Row) -> Iterator[Problem]:
    if not _finite(row["factor"]) or float(row["factor"]) <= 0:
        yield "factor", "is no number above 0; write by what a value is multiplied to be in the base of its quantity"
    if row["offset"] and not _finite(row["offset"]):
        yield "offset", "is no number; write what is added after that, or nothing"


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _relation(row: Row) -> Iterator[Problem]:
    if any(phase not in _PHASES for phase in str(row["phase"]).split("|") if phase):
        yield "phase", f"is not known; use one of {', '.join(_PHASES)}, with | between several"


def _nothing(row: Row) -> Iterator[Problem]:
    yield from ()


_OWN: Mapping[str, Callable[[Row], Iterator[Problem]]] = {
    "parameters": _parameter,
    "designations": _designation,
    "units": _unit,
    "relations": _relation,
}


def _shown(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:60] + " …")
