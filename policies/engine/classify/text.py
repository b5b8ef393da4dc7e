"""Descriptions as words: one way of splitting and folding text, and an index that finds listed phrases in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

_WORD = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)?")
_KEEP_S = ("ss", "us", "is", "gas", "lens", "axis", "chassis")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that stands in a text: what it is filed under, and its words as the list writes them."""

    label: str
    phrase: str


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Lower-case words in Latin letters, plurals folded: `Ball Bearings, Ø12` and `ball bearing` meet.

    >>> words("Dilution Refrigerators 10 mK")
    ('dilution', 'refrigerator', '10', 'mk')
    """
    return tuple(_fold(word) for word in _WORD.findall(anyascii(text).lower()))


@dataclass(frozen=True, slots=True)
class Span:
    """Where a phrase stands in a text: words `start` to `end`, the latter not included."""

    start: int
    end: int
    found: Found


class PhraseIndex:
    """Finds listed phrases that stand, word after word, in a text. Of two that overlap the longer one counts."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Found]]] = {}
        for label, phrase in phrases:
            split = words(phrase)
            if split:
                self._by_first.setdefault(split[0], []).append((split, Found(label, phrase)))

    def find(self, split: Sequence[str]) -> list[Found]:
        """The phrases in the words of a text, in the order they stand there, each label and phrase once."""
        return list(dict.fromkeys(span.found for span in self.spans(split)))

    def spans(self, split: Sequence[str]) -> list[Span]:
        """The phrases with their places. `ring laser gyro mirror` hides the `ring laser gyro` within it."""
        if self._by_first.keys().isdisjoint(split):
            return []
        found = [
            Span(start, start + len(phrase), hit)
            for start, word in enumerate(split)
            for phrase, hit in self._by_first.get(word, ())
            if tuple(split[start : start + len(phrase)]) == phrase
        ]
        return [span for span in found if not any(_hides(other, span) for other in found)]

    def equals(self, split: Sequence[str]) -> bool:
        """Whether the whole text is one of the phrases."""
        return any(phrase == tuple(split) for phrase, _ in self._by_first.get(split[0], ())) if split else False


def unmasked(spans: Iterable[Span], masks: Sequence[Span]) -> list[Span]:
    """The spans that no mask takes back: one that contains them, or stands directly before them.

    `not for military use` takes back its own `military`; `non-military army` would take back `army`.
    """
    return [
        span
        for span in spans
        if not any((mask.start <= span.start and span.end <= mask.end) or mask.end == span.start for mask in masks)
    ]


def _hides(longer: Span, shorter: Span) -> bool:
    wider = longer.end - longer.start > shorter.end - shorter.start
    return wider and longer.start <= shorter.start and shorter.end <= longer.end


def _fold(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEP_S):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word
