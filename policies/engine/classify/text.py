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


class PhraseIndex:
    """Finds every listed phrase that stands, word after word, in a text."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Found]]] = {}
        for label, phrase in phrases:
            split = words(phrase)
            if split:
                self._by_first.setdefault(split[0], []).append((split, Found(label, phrase)))

    def find(self, split: Sequence[str]) -> list[Found]:
        """All phrases in the words of a text, in the order they stand there, each label and phrase once."""
        found: dict[Found, None] = {}
        for start, word in enumerate(split):
            for phrase, hit in self._by_first.get(word, ()):
                if tuple(split[start : start + len(phrase)]) == phrase:
                    found[hit] = None
        return list(found)

    def equals(self, split: Sequence[str]) -> bool:
        """Whether the whole text is one of the phrases."""
        return any(phrase == tuple(split) for phrase, _ in self._by_first.get(split[0], ())) if split else False


def _fold(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEP_S):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word
