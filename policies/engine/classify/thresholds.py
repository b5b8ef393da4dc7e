"""What a line says of the measurable facts that decide about an entry: met, failed, or not said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.engine.classify.codes import normalise, parents
from policies.engine.classify.knowledge import Threshold
from policies.engine.classify.phrases import Phrases
from policies.engine.classify.quantities import Quantity, Units, attribute, number
from policies.engine.classify.reading import Reading
from policies.engine.classify.vocabulary import Vocabulary
from policies.engine.classify.words import split

State = Literal["met", "failed", "open"]
NEAR = 5  # words between the name of a parameter and its value
TELLING = {"count_axes", "data_rate", "information", "count_pixels", "activity"}  # units that say what is measured
Given = Mapping[str, object]
_COMPARE = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Fact:
    """One threshold and what the line says of it. `sure` is false for a value that only its unit points at."""

    threshold: Threshold
    state: State
    text: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """The facts of a code that must hold together."""

    code: str
    role: str
    facts: tuple[Fact, ...]

    @property
    def state(self) -> State:
        states = {fact.state for fact in self.facts}
        if "failed" in states:
            return "failed"
        return "met" if states == {"met"} else "open"

    @property
    def begun(self) -> bool:
        """Whether a part is met while another is not said."""
        return self.state == "open" and any(fact.state == "met" for fact in self.facts)


@dataclass(frozen=True, slots=True)
class Said:
    """Everything measurable that a line says: named numbers of its text, and its attributes by the words of a name."""

    named: Mapping[int, tuple[Quantity, ...]]  # by the number of the threshold
    attributes: tuple[tuple[frozenset[int], str, object], ...]
    reading: Reading
    misfits: tuple[str, ...] = ()  # sentences about attributes whose unit is none of their parameter


class Thresholds:
    """The thresholds by top entry, with the words by which a text names them."""

    def __init__(self, rows: Sequence[Threshold], vocabulary: Vocabulary, units: Units) -> None:
        self._rows, self._units, self._vocabulary = list(rows), units, vocabulary
        self._cases: dict[str, dict[tuple[str, str, str], list[int]]] = {}
        self._bases = [self._base(row) for row in rows]
        wordings: list[tuple[tuple[int, ...], int]] = []
        self._names: list[tuple[frozenset[int], ...]] = []
        self._words: list[tuple[tuple[int, ...], ...]] = []
        for place, row in enumerate(rows):
            spelt = {vocabulary.numbers(text) for text in (row.name.replace("_", " "), *row.also_called)}
            wordings += [(item, place) for item in sorted(spelt) if item]
            self._names.append(tuple(frozenset(item) for item in sorted(spelt) if item))
            self._words.append(tuple(vocabulary.numbers(text) for text in row.value.split("|")))
            for code in row.code.split("/"):
                top = parents(normalise(code) or code)[-1]
                slot = (normalise(code) or code, row.case or f"#{place}", row.role)
                self._cases.setdefault(top, {}).setdefault(slot, []).append(place)
        self._phrases = Phrases(wordings)

    def said(self, reading: Reading, attributes: Iterable[tuple[str, object]]) -> Said:
        """What a description and its attributes say, once for all entries."""
        named: dict[int, list[Quantity]] = {}
        if reading.quantities:
            for match in self._phrases.find(reading.places):
                for place, quantity in reading.quantities:
                    base = self._bases[match.said]
                    if base and quantity.quantity == base[1] and _apart(match.places, place) <= NEAR:
                        named.setdefault(match.said, []).append(quantity)
        given = tuple((*self._named(name), value) for name, value in attributes)
        misfits = tuple(dict.fromkeys(text for item in given if (text := self._misfit(*item))))
        return Said({key: tuple(value) for key, value in named.items()}, given, reading, misfits)

    def cases(self, top: str, said: Said) -> list[Case]:
        """The cases of an entry and of what stands below it, with what the line says of each."""
        return [
            Case(code, role, tuple(self._fact(place, said, places) for place in places))
            for (code, _, role), places in self._cases.get(top, {}).items()
        ]

    def of(self, top: str) -> list[Threshold]:
        """The thresholds of an entry, as its page shows them."""
        return [self._rows[place] for places in self._cases.get(top, {}).values() for place in places]

    def _fact(self, place: int, said: Said, together: Sequence[int]) -> Fact:
        row = self._rows[place]
        if (found := self._declared(place, said)) is not None:
            return found
        if row.operator == "is":
            return self._words_say(place, said)
        base = self._bases[place]
        values, sure = said.named.get(place, ()), True
        if not values and base and self._telling(place, base[1], together):
            values = tuple(item for _, item in said.reading.quantities if item.quantity == base[1])
            sure = base[1] == "count_axes"
        if not values or base is None:
            return Fact(row, "open")
        best = _extreme(values, row.operator)
        return Fact(row, "met" if _reaches(best.value, row, self._units) else "failed", best.text, sure)

    def _telling(self, place: int, quantity: str, together: Sequence[int]) -> bool:
        alike = [item for item in together if (base := self._bases[item]) and base[1] == quantity]
        return quantity in TELLING and alike == [place]

    def _declared(self, place: int, said: Said) -> Fact | None:
        row = self._rows[place]
        for name, unit, value in said.attributes:
            if not any(name == words or words == name for words in self._names[place]):
                continue
            if row.operator == "is":
                return self._is(row, value)
            read = attribute(value, unit or row.unit, self._units) or _plain(value, row.unit)
            base = self._bases[place]
            if read and (base is None or read[1] in (base[1], "")):
                return Fact(row, "met" if _reaches(read[0], row, self._units) else "failed", f"{value} {unit}".strip())
        return None

    def _misfit(self, name: frozenset[int], unit: str, value: object) -> str:
        """A sentence when the unit of an attribute fits none of the parameters of that name."""
        read = attribute(value, unit, self._units)
        meant = [place for place, names in enumerate(self._names) if name in names and self._rows[place].unit]
        if read is None or not meant or any((base := self._bases[item]) and base[1] == read[1] for item in meant):
            return ""
        row = self._rows[meant[0]]
        return (
            f"The value “{value} {unit}” does not fit {row.name.replace('_', ' ')}, which is measured in {row.unit}; "
            "it was not compared. Give it in that unit."
        ).replace(" ”", "”")

    def _is(self, row: Threshold, value: object) -> Fact:
        text = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        accepted = {item.strip().lower() for item in row.value.split("|")}
        meant = text.strip().lower() in accepted or any(
            item not in ("yes", "no") and item in text.lower() for item in accepted
        )
        return Fact(row, "met" if meant else "failed", text)

    def _words_say(self, place: int, said: Said) -> Fact:
        """Yes where its name stands in the text and is not denied; a listed material or kind where it stands there."""
        row, reading = self._rows[place], said.reading
        wordings = self._names[place] if row.value == "yes" else [frozenset(item) for item in self._words[place]]
        for words in wordings:
            if words and all(item in reading.places for item in words):
                at = [reading.places[item][0] for item in words]
                if max(at) - min(at) > len(words) + NEAR:
                    continue
                denied = any(item in reading.denied for item in at)
                return Fact(row, "failed" if denied else "met", " ".join(reading.words[item] for item in sorted(at)))
        return Fact(row, "open")

    def _named(self, name: str) -> tuple[frozenset[int], str]:
        """`positioning_accuracy_um` as the words of the name and the unit at its end."""
        parts = split(name.replace("_", " "))
        unit = ""
        for size in (2, 1):
            if len(parts) > size and self._units.find("/".join(parts[-size:])):
                unit, parts = "/".join(parts[-size:]), parts[:-size]
                break
        return frozenset(self._vocabulary.numbers(" ".join(parts))), unit

    def _base(self, row: Threshold) -> tuple[float, str] | None:
        return self._units.base(1.0, row.unit) if row.unit else (1.0, "")


def limit(row: Threshold, units: Units) -> tuple[float, float]:
    """The limit of a threshold in base units; `between` has two."""
    low, _, high = row.value.replace("..", "-").partition("-") if row.operator == "between" else (row.value, "", "")
    lower = _scaled(float(low), row.unit, units)
    return lower, _scaled(float(high), row.unit, units) if high else lower


def _scaled(value: float, unit: str, units: Units) -> float:
    found = units.base(value, unit) if unit else None
    return found[0] if found else value


def _reaches(value: float, row: Threshold, units: Units) -> bool:
    low, high = limit(row, units)
    if row.operator == "between":
        return low * (1 - ROUNDING) <= value <= high * (1 + ROUNDING)
    slack = abs(low) * ROUNDING
    edge = low - slack if row.operator == ">=" else low + slack if row.operator in ("<=", ">") else low
    return bool(_COMPARE[row.operator](value, edge if row.operator != "<" else low - slack))


def _extreme(values: Sequence[Quantity], operator: str) -> Quantity:
    """The value that comes nearest to being controlled: of a range its upper end for `>`, its lower one for `<`."""
    worth = min if operator.startswith("<") else max
    return worth(values, key=lambda item: item.value)


def _plain(value: object, unit: str) -> tuple[float, str] | None:
    """A number of an attribute whose threshold has no unit, or one that no list knows."""
    if isinstance(value, bool):
        return None
    try:
        return (number(value) if isinstance(value, str) else float(value), "") if not unit else None  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _apart(places: Sequence[int], place: int) -> int:
    return min(abs(item - place) for item in places)
