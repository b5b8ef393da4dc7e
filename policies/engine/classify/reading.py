"""A description as the classifier reads it: words, what it names and what for, what it denies, its numbers."""

import html
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies.engine.classify.quantities import Quantity, Units
from policies.engine.classify.vocabulary import Vocabulary
from policies.engine.classify.words import WORD, split

LONGEST = 8_000  # characters of a description that are read; a note says so
WORDS = 600
_TAG = re.compile(r"<[^<>]{0,300}>")
_FOR = ("for", "fits", "suits", "compatible", "suitable")
_WITH = ("with", "including", "incl")
_DENIES = ("without", "not", "no", "non", "never", "except", "excluding", "excl")
DENIED = 3  # words that a denial reaches


@dataclass(frozen=True, slots=True)
class Reading:
    """`found` are the numbers of each word, `places` the positions of each number; `purpose` is where `for ...` begins.

    `beside` is where `with ...` begins, `denied` are the positions that a `without` or `not` takes back. `quantities`
    are paired with the position of their word.
    """

    words: tuple[str, ...]
    found: tuple[frozenset[int], ...]
    places: Mapping[int, Sequence[int]]
    purpose: int
    beside: int
    denied: frozenset[int]
    quantities: tuple[tuple[int, Quantity], ...]
    cut: bool = False

    def share(self, places: Sequence[int]) -> float:
        """How much words at these positions say of the goods themselves: all, or less where they say what for."""
        first = min(places)
        if any(place in self.denied for place in places):
            return 0.0
        if first > self.purpose:
            return 0.45
        return 0.75 if first > self.beside else 1.0


class Reader:
    """Reads descriptions with one vocabulary and one list of units."""

    def __init__(self, vocabulary: Vocabulary, units: Units) -> None:
        self.vocabulary, self.units = vocabulary, units
        self._for = {vocabulary.number(word) for word in _FOR}
        self._with = {vocabulary.number(word) for word in _WITH}
        self._denies = {vocabulary.number(word) for word in _DENIES}

    def read(self, text: str) -> Reading:
        """Read a description of any length; markup is taken away, what is too long is cut."""
        plain = html.unescape(_TAG.sub(" ", text[: LONGEST * 2]))
        kept = plain[:LONGEST]
        words = split(kept)
        found = self.vocabulary.read(words[:WORDS])
        return Reading(
            words=tuple(words[:WORDS]),
            found=tuple(frozenset(numbers) for numbers in found),
            places=_places(found),
            purpose=self._first(found, self._for),
            beside=self._first(found, self._with),
            denied=frozenset(self._denied(found)),
            quantities=tuple(_placed(kept, self.units.read(kept))),
            cut=len(text) > LONGEST or len(words) > WORDS,
        )

    def _first(self, found: Sequence[set[int]], numbers: set[int]) -> int:
        return next((place for place, here in enumerate(found) if place and here & numbers), len(found))

    def _denied(self, found: Sequence[set[int]]) -> list[int]:
        starts = [place for place, here in enumerate(found) if here & self._denies]
        return [place for start in starts for place in range(start + 1, start + 1 + DENIED)]


def _places(found: Sequence[set[int]]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, numbers in enumerate(found):
        for number in numbers:
            places.setdefault(number, []).append(place)
    return places


def _placed(text: str, quantities: Sequence[Quantity]) -> list[tuple[int, Quantity]]:
    """Each quantity with the position of the word at which it begins."""
    starts = [match.start() for match in WORD.finditer(text)]
    return [(max(bisect_right(starts, item.at) - 1, 0), item) for item in quantities]
