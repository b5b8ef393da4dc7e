"""What the classifier answers with: a candidate entry, what speaks for and against it, and what remains to be asked."""

from dataclasses import dataclass

from policies.engine.lists import Entry


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for an entry, or against it where `points` are negative.

    `strong` evidence for an undeclared entry contradicts the declaration. `source` is the word, number or CAS number
    itself: one source may speak for several entries.
    """

    code: str
    heading: str
    kind: str
    text: str
    strong: bool
    source: str = ""
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """A measurable fact that would decide about a code, as an exporter is asked for it.

    `name` is the attribute of the line that answers it. `accepts` are words that count (yes, or materials).
    """

    code: str
    name: str
    text: str
    unit: str = ""
    operator: str = ""
    value: str = ""
    accepts: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a line may fall under. `score` is the chance that it does (0 to 1); `code` the most exact one.

    `decided` where something settles it: a name that only such goods have, a threshold reached, a substance.
    """

    code: str
    entry: Entry
    score: float
    evidence: tuple[Evidence, ...] = ()
    questions: tuple[Question, ...] = ()
    parts: tuple[tuple[str, float], ...] = ()
    decided: bool = False
