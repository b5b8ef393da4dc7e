"""What a line says of the measurable facts that decide about an entry: met, failed, or not said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.engine.classify.codes import normalise, parents
from policies.engine.classify.knowledge import Threshold
from policies.engine.classify.limits import extreme, reaches
from policies.engine.classify.phrases import Phrases
from policies.engine.classify.quantities import Quantity, Units, attribute, finite, number
from policies.engine.classify.reading import Reading
from policies.engine.classify.vocabulary import Vocabulary
from policies.engine.classify.words import split

State = Literal["met", "failed", "open"]
NEAR = 5  # words between the name of a parameter and its value
TELLING = {  # quantities whose unit says what is measured
    *("count_axes", "data_rate", "information", "count_pixels", "activity", "mass_of_an_ion", "count_qubits"),
    *(
        "adjusted_peak_performance",
        "total_processing_performance",
        "unbalance",
        "magnetic_noise",
        "angular_random_walk",
    ),
}
SURE = "count_axes"  # a telling unit that stands for one parameter alone


@dataclass(frozen=True, slots=True)
class Fact:
    """One threshold and what the line says of it. `sure` is false for a value that only its unit points at."""

    threshold: Threshold
    state: State
    text: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """The facts of a code that must hold together. `begun` where a part is met and another not said."""

    code: str
    role: str
    facts: tuple[Fact, ...]
    state: State
    begun: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says that can be measured: facts by the number of their threshold, and what was not compared."""

    facts: Mapping[int, Fact]
    misfits: tuple[str, ...] = ()  # sentences about attributes whose unit is none of their parameter


class Thresholds:
    """The thresholds by top entry, with the words by which a text names them."""

    def __init__(self, rows: Sequence[Threshold], vocabulary: Vocabulary, units: Units) -> None:
        self._rows, self._units, self._vocabulary = list(rows), units, vocabulary
        self._bases = [units.base(1.0, row.unit) if row.unit else (1.0, "") for row in rows]
        self._open = [Fact(row, "open") for row in rows]
        self._names = [frozenset(map(frozenset, filter(None, _spelt(row, vocabulary)))) for row in rows]
        self._cases: dict[str, dict[tuple[str, str, str], list[int]]] = {}
        for place, row in enumerate(rows):
            for code in row.code.split("/"):
                slot = (normalise(code) or code, row.case or f"#{place}", row.role)
                self._cases.setdefault(parents(slot[0])[-1], {}).setdefault(slot, []).append(place)
        self._untold = {top: [self._case(*slot, {}) for slot in slots.items()] for top, slots in self._cases.items()}
        self._places = {top: {place for held in slots.values() for place in held} for top, slots in self._cases.items()}
        self._phrases = Phrases(pair for place in range(len(rows)) for pair in self._wordings(place))
        self._having: dict[int, list[int]] = {}
        for place, names in enumerate(self._names):
            for word in {word for name in names for word in name}:
                self._having.setdefault(word, []).append(place)
        self._called: dict[frozenset[int], list[int]] = {}
        for place, names in enumerate(self._names):
            for called in names:
                self._called.setdefault(called, []).append(place)
        self._about: dict[Threshold, frozenset[int]] = {}
        self._telling = self._alone()

    def said(self, reading: Reading, attributes: Iterable[tuple[str, object]]) -> Said:
        """What a description and its attributes say, once for all entries. An attribute counts before the text."""
        facts: dict[int, Fact] = {}
        for kind in {quantity.quantity for _, quantity in reading.quantities} & TELLING:
            values = [quantity for _, quantity in reading.quantities if quantity.quantity == kind]
            facts |= {place: self._compared(place, values, sure=kind == SURE) for place in self._telling[kind]}
        facts |= self._of_text(reading)
        misfits = []
        for name, value in attributes:
            words, unit = self._named(name)
            facts |= self._declared(words, unit, value)
            misfits.append(self._misfit(words, unit, value))
        return Said(facts, tuple(dict.fromkeys(filter(None, misfits))))

    def cases(self, top: str, said: Said) -> list[Case]:
        """The cases of an entry and of what stands below it, with what the line says of each."""
        if top not in self._cases or self._places[top].isdisjoint(said.facts):
            return self._untold.get(top, [])
        return [self._case(*slot, said.facts) for slot in self._cases[top].items()]

    def about(self, row: Threshold) -> frozenset[int]:
        """The words of a threshold's question and note; kept, as the same ones are asked for again and again."""
        if row not in self._about:
            self._about[row] = frozenset(self._vocabulary.known(f"{row.question} {row.note}"))
        return self._about[row]

    def knows(self, name: str) -> bool:
        """Whether an attribute of this name answers any threshold."""
        words, _ = self._named(name)
        return bool(self._answered(words))

    def of(self, top: str) -> list[Threshold]:
        """The thresholds of an entry, as its page shows them."""
        return [self._rows[place] for places in self._cases.get(top, {}).values() for place in places]

    def _case(self, slot: tuple[str, str, str], places: Sequence[int], facts: Mapping[int, Fact]) -> Case:
        held = tuple(facts.get(place) or self._open[place] for place in places)
        states = {fact.state for fact in held}
        state: State = "failed" if "failed" in states else "met" if states == {"met"} else "open"
        return Case(slot[0], slot[2], held, state, begun=state == "open" and "met" in states)

    def _of_text(self, reading: Reading) -> dict[int, Fact]:
        """Named numbers with a fitting unit nearby, and words that say yes or name a listed material or kind."""
        found: dict[int, Fact] = {}
        named: dict[int, list[Quantity]] = {}
        for match in self._phrases.find(reading.places):
            row, base = self._rows[match.said], self._bases[match.said]
            if row.operator == "is":
                if max(match.places) - min(match.places) <= len(match.places) + NEAR:
                    denied = any(place in reading.denied for place in match.places)
                    text = " ".join(reading.words[place] for place in match.places)
                    if not denied or match.said not in found:
                        found[match.said] = Fact(row, "failed" if denied else "met", text)
                continue
            for place, quantity in reading.quantities:
                if base and quantity.quantity == base[1] and _apart(match.places, place) <= NEAR:
                    named.setdefault(match.said, []).append(quantity)
        return found | {place: self._compared(place, values, sure=True) for place, values in named.items()}

    def _compared(self, place: int, values: Sequence[Quantity], *, sure: bool) -> Fact:
        row = self._rows[place]
        best = extreme(values, row.operator)
        return Fact(row, "met" if reaches(best.value, row, self._units) else "failed", best.text, sure)

    def _declared(self, words: frozenset[int], unit: str, value: object) -> dict[int, Fact]:
        """The thresholds that an attribute of these words answers."""
        found = {}
        for place in self._answered(words):
            row, base = self._rows[place], self._bases[place]
            if row.operator == "is":
                found[place] = self._is(row, value)
                continue
            read = attribute(value, unit or row.unit, self._units) or _plain(value, row.unit, known=base is not None)
            if read and (base is None or read[1] in (base[1], "")):
                state: State = "met" if reaches(read[0], row, self._units) else "failed"
                found[place] = Fact(row, state, f"{value} {unit}".strip())
        return found

    def _answered(self, words: frozenset[int]) -> list[int]:
        """The thresholds that go by these words, or by several of them."""
        near = sorted({place for number in words for place in self._having.get(number, ())})
        return [
            place
            for place in near
            if any(name == words or (len(name) > 1 and name <= words) for name in self._names[place])
        ]

    def _wordings(self, place: int) -> Iterable[tuple[tuple[int, ...], int]]:
        row = self._rows[place]
        if row.operator == "is" and row.value != "yes":
            return [(numbers, place) for word in row.value.split("|") if (numbers := self._vocabulary.numbers(word))]
        return [(numbers, place) for numbers in sorted(_spelt(row, self._vocabulary)) if numbers]

    def _alone(self) -> dict[str, list[int]]:
        """By telling unit the thresholds that are the only ones of that unit in their case.

        `5 axes` stands for those that are called so, not for rotary axes or those of a table.
        """
        found: dict[str, list[int]] = {kind: [] for kind in TELLING}
        counted = {frozenset(self._vocabulary.numbers(text)) for text in ("axes", "number of axes")}
        for slots in self._cases.values():
            for places in slots.values():
                kinds = [base[1] if (base := self._bases[place]) else "" for place in places]
                for place, kind in zip(places, kinds, strict=True):
                    alone = kind in TELLING and kinds.count(kind) == 1 and self._rows[place].operator != "is"
                    if alone and (kind != SURE or self._names[place] & counted):
                        found[kind].append(place)
        return found

    def _misfit(self, name: frozenset[int], unit: str, value: object) -> str:
        """A sentence when the unit of an attribute fits none of the parameters of that name."""
        read = attribute(value, unit, self._units)
        meant = [place for place in self._called.get(name, ()) if self._rows[place].unit]
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

    def _named(self, name: str) -> tuple[frozenset[int], str]:
        """`positioning_accuracy_um` as the words of the name and the unit at its end; `rotary_axes` is all name."""
        parts = split(name.replace("_", " "))
        whole = frozenset(self._vocabulary.known(" ".join(parts)))
        if whole in self._called:
            return whole, ""
        unit = ""
        for size in (2, 1):
            if len(parts) > size and self._units.find("/".join(parts[-size:])):
                unit, parts = "/".join(parts[-size:]), parts[:-size]
                break
        return frozenset(self._vocabulary.known(" ".join(parts))), unit


def _spelt(row: Threshold, vocabulary: Vocabulary) -> set[tuple[int, ...]]:
    return {vocabulary.numbers(text) for text in (row.name.replace("_", " "), *row.also_called)}


def _plain(value: object, unit: str, *, known: bool) -> tuple[float, str] | None:
    """A number of an attribute whose threshold has no unit, or one that no list knows and that the value repeats."""
    if isinstance(value, bool) or (unit and known):
        return None
    try:
        plain = finite(number(value.strip().removesuffix(unit)) if isinstance(value, str) else value)
    except ValueError:
        return None
    return None if plain is None else (plain, "")


def _apart(places: Sequence[int], place: int) -> int:
    return min(abs(item - place) for item in places)
