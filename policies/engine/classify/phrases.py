"""Wordings of the lists, found in a description: all words near each other, in whatever order they stand."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

GAP = 3  # further words that may stand among those of a wording
FAR = 0.5  # what a match counts whose words stand wider apart
TURNED = 0.92  # ... whose words are near but in another order, or with others between
LOOSE = 14  # words within which a wider match still counts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A wording that stands in the text: what it says, at which words, and how well (0 to 1) they stand together."""

    said: T
    places: tuple[int, ...]
    quality: float

    def within(self, other: "Match[Any]") -> bool:
        """Whether a longer wording holds all of this one's words."""
        return len(other.places) > len(self.places) and set(self.places) <= set(other.places)


class Phrases(Generic[T]):
    """Wordings by their words. A wording is kept under its rarest word and looked at only where that word stands.

    `figures` are words that are numbers: a wording that holds one (`3 axes`) must stand as it is.
    """

    def __init__(self, rows: Iterable[tuple[tuple[int, ...], T]], *, figures: Container[int] = ()) -> None:
        self._figures = figures
        said: dict[tuple[int, ...], list[T]] = {}
        for numbers, what in rows:
            if numbers:
                said.setdefault(numbers, []).append(what)
        often = Counter(number for numbers in said for number in set(numbers))
        self._under: dict[int, list[tuple[tuple[int, ...], tuple[T, ...]]]] = {}
        for numbers, whats in said.items():
            rarest = numbers[0] if len(numbers) == 1 else min(numbers, key=lambda number: (often[number], number))
            self._under.setdefault(rarest, []).append((numbers, tuple(whats)))

    def find(self, places: Mapping[int, Sequence[int]]) -> list[Match[T]]:
        """Every wording whose words all stand in a text; `places` maps a word to the positions it has there."""
        found: list[Match[T]] = []
        for number, here in places.items():
            for numbers, whats in self._under.get(number, ()):
                if len(numbers) == 1:
                    found.extend(Match(what, (here[0],), 1.0) for what in whats)
                elif all(item in places for item in numbers) and (at := _nearest(numbers, number, places)):
                    quality = _quality(at)
                    if quality == 1.0 or (quality and not any(item in self._figures for item in numbers)):
                        found.extend(Match(what, tuple(sorted(set(at))), quality) for what in whats)
        return found


def _nearest(numbers: Sequence[int], rarest: int, places: Mapping[int, Sequence[int]]) -> list[int]:
    """The positions of a wording's words that stand closest together around its rarest word."""
    best: list[int] = []
    for anchor in places[rarest][:4]:
        at = [
            anchor if number == rarest else min(places[number], key=lambda place: abs(place - anchor))
            for number in numbers
        ]
        if not best or max(at) - min(at) < max(best) - min(best):
            best = at
    return best


def _quality(at: Sequence[int]) -> float:
    wide = max(at) - min(at) + 1
    if wide > LOOSE:
        return 0.0
    if wide > len(at) + GAP:
        return FAR
    return 1.0 if list(at) == sorted(at) and wide == len(set(at)) else TURNED
