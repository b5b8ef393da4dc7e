"""What the classifier knows of goods beside the control lists: the rows of its lists, plain and frozen.

Terms name goods of an entry, ordinary goods and civil context speak against all of them, the glossary brings other
languages and abbreviations to English words, designations stand for grades, types and part numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

SAYS = ("is", "often", "may")  # how surely a term alone names goods of its entry
CHEMICAL = "chemical"  # what the name of a listed substance says
DISTINCT = 5  # letters from which a one-word name of a substance names it alone: ricin does, DIPA does not
ORDINARY = ("goods", "context", "below")  # the article itself, civil surroundings, words for staying below thresholds


@dataclass(frozen=True, slots=True)
class Term:
    """A wording under which goods of an entry are sold. `says` is one of `SAYS`."""

    code: str
    term: str
    says: str
    language: str = "en"


def of_substance(code: str, name: str, language: str = "en") -> Term:
    """A name of a listed substance. A short abbreviation may stand for anything."""
    alone = " " in name or len(name) >= DISTINCT
    return Term(code, name, CHEMICAL if alone else "may", language)


@dataclass(frozen=True, slots=True)
class Ordinary:
    """A wording of goods that no list controls. `spares` are the codes it speaks against; none means all."""

    term: str
    says: str
    language: str = "en"
    spares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word of another language, an abbreviation or another spelling, and the English words that it stands for."""

    term: str
    language: str
    means: str


@dataclass(frozen=True, slots=True)
class Designation:
    """A grade, type or part number. In `pattern` `#` is a digit and `*` anything; `says` is one of `SAYS` or `not`."""

    pattern: str
    means: str
    says: str
    codes: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A spelling of a unit: a value in it times `factor` plus `offset` is the value in the base of its quantity."""

    spelling: str
    quantity: str
    factor: float
    offset: float = 0.0
    exact_case: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """An entry for software or technology (`kind`) and the goods it is for: codes, or how they begin."""

    code: str
    kind: str
    of: tuple[str, ...]
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A measurable fact that decides about a code. All rows of a code and case must hold; cases are alternatives.

    `value` is a number, `low..high` for `between`, or accepted words for `is`. A `release` frees the goods.
    """

    code: str
    name: str
    operator: str
    value: str
    unit: str = ""
    case: str = ""
    role: str = "threshold"
    also_called: tuple[str, ...] = ()
    question: str = ""
    note: str = ""


@dataclass(frozen=True)
class Knowledge:
    """All of it, as a snapshot holds it. `word_lists` are term lists by name, for words of software and the like."""

    terms: tuple[Term, ...] = ()
    ordinary: tuple[Ordinary, ...] = ()
    glossary: tuple[Gloss, ...] = ()
    designations: tuple[Designation, ...] = ()
    units: tuple[Unit, ...] = ()
    relations: tuple[Relation, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    word_lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
