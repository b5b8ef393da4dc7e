"""The rows that say how goods are named and measured, read into the shapes of the classifier."""

import re
from collections.abc import Mapping
from typing import Any

from policies.engine.classify.knowledge import (
    ORDINARY,
    SAYS,
    Designation,
    Gloss,
    Ordinary,
    Relation,
    Term,
    Threshold,
    Unit,
    of_substance,
)

Row = Mapping[str, Any]
OPERATORS = (">", ">=", "<", "<=", "between", "is")
ROLES = ("threshold", "release")
NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
SPAN = re.compile(rf"({NUMBER})\s*(?:\.\.|-)\s*({NUMBER})", re.ASCII)


def term(row: Row) -> Term:
    """A wording of goods of an entry."""
    return Term(row["code"], row["term"], _one_of(row, "says", SAYS), row.get("language") or "en")


def phrase(row: Row) -> Term:
    """A wording that is made only for goods of its entry."""
    return Term(row["code"], row["phrase"], "is")


def chemical_name(row: Row) -> Term:
    """Another name of a listed substance. A short abbreviation may stand for anything; a formula is read as written."""
    return of_substance(row["code"], row["name"], row.get("language") or "en")


def ordinary(row: Row) -> Ordinary:
    """A wording of goods that no list controls, or of civil surroundings."""
    return Ordinary(row["term"], _one_of(row, "says", ORDINARY), row.get("language") or "en", _split(row["spares"]))


def gloss(row: Row) -> Gloss:
    """A word of another language or an abbreviation, and what it means in English."""
    return Gloss(row["term"], row["language"], row["means"])


def concept(into: dict[str, Any], list_id: str, row: Row) -> None:
    """A concept in four languages: its wordings may name goods of its codes, and all mean the first English one."""
    english = _split(row["en"])
    if not english:
        raise ValueError("a concept needs an English wording in `en`")
    for language in ("en", "lv", "ru", "de"):
        for wording in _split(row[language]):
            into["goods_terms"] += [Term(code, wording, "may", language) for code in _split(row["codes"])]
            if language != "en" or (" " in wording and not _words(wording) <= _words(english[0])):
                into["glossary"].append(Gloss(wording, language, english[0]))


def designation(row: Row) -> Designation:
    """A grade, type or part number, with what it means and the values that it stands for."""
    pairs = (part.partition("=") for part in _split(row["attributes"]))
    return Designation(
        pattern=row["pattern"],
        means=row["means"],
        says=_one_of(row, "says", (*SAYS, "not")),
        codes=_split(row["codes"]),
        attributes=tuple((name.strip(), value.strip()) for name, sign, value in pairs if sign),
    )


def unit(row: Row) -> Unit:
    """A spelling of a unit."""
    return Unit(
        spelling=row["spelling"],
        quantity=row["quantity"],
        factor=float(row["factor"]),
        offset=float(row.get("offset") or 0.0),
        exact_case=row.get("exact_case") == "yes",
    )


def relation(row: Row) -> Relation:
    """An entry of software or technology, and the goods that it is for."""
    return Relation(row["code"], _one_of(row, "kind", ("software", "technology")), _split(row["of"]), row["phase"])


def threshold(row: Row) -> Threshold:
    """A measurable fact. Rows of earlier editions have neither cases nor questions, and write a span with a hyphen."""
    value, operator = str(row["value"]), _one_of(row, "operator", OPERATORS)
    note = row.get("note") or row.get("joint_condition") or ""
    if operator == "between":
        value = _span(value)
    elif operator != "is":
        float(value)
    return Threshold(
        code=row["code"],
        name=row["parameter"],
        operator=operator,
        value=value,
        unit=row["unit"],
        case=row.get("case") or "",
        role="release" if "exclusion" in note and not row.get("role") else _one_of(row, "role", ROLES, "threshold"),
        also_called=_split(row.get("also_called") or ""),
        question=row.get("question") or "",
        note=note,
    )


def _span(text: str) -> str:
    """Both spellings of a span in one: `10..20`."""
    found = SPAN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no span; write its two ends as 10..20")
    if float(found[1]) >= float(found[2]):
        raise ValueError(f"the span {text!r} must begin with its lower end")
    return f"{found[1]}..{found[2]}"


def _words(text: str) -> set[str]:
    return set(text.lower().split())


def _one_of(row: Row, column: str, words: tuple[str, ...], default: str = "") -> str:
    value = str(row.get(column) or default)
    if value not in words:
        raise ValueError(f"{column} is {value!r}; use one of {', '.join(words)}")
    return value


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split("|") if part.strip())
