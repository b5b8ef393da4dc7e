"""From a listed name to the declared ones that it could be, over an index of declared names.

The search from a declared name looks at its likeliest listed ones, joins its words, and cuts its joined ones by the
words of the lists. Going the other way every name that is likely enough counts, a listed word may be several declared
ones, and a declared word may hold a listed one.
"""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from policies.engine.match.align import INITIAL
from policies.engine.match.index import LEFT, NameIndex
from policies.engine.match.vocabulary import PAIR

SHORTEST_PART, SHORTEST_WHOLE = 4, 6  # letters of a listed word within a declared one, and of such a declared one
SURE = 4  # letters from which a half that is as it was written lets the other be misspelt
OTHERWISE = 0.05  # how much the score that a name can reach may differ for being weighed by other names
UNVOICED = 0.5  # of the rank, what a name has less that is written without vowels

Names = npt.NDArray[np.int32]


class LongWords:
    """The words of a vocabulary that may be several written as one, to be searched for a part of them."""

    def __init__(self, words: Sequence[str]) -> None:
        self._places = [place for place, word in enumerate(words) if len(word) >= SHORTEST_WHOLE]
        self._text = "\n".join(words[place] for place in self._places)
        sizes = [len(words[place]) + 1 for place in self._places]
        self._starts = np.cumsum([0, *sizes[:-1]]).tolist() if sizes else []

    def holding(self, part: str) -> list[int]:
        """The places of the words that hold a part.

        >>> LongWords(["ivanpetrov", "petr", "petrovich"]).holding("petrov")
        [0, 2]
        """
        found: dict[int, None] = {}
        at = self._text.find(part) if len(part) >= SHORTEST_PART else -1
        while at >= 0:
            found[self._places[bisect_right(self._starts, at) - 1]] = None
            at = self._text.find(part, at + 1)
        return list(found)


def likely(
    index: NameIndex,
    words: Sequence[str],
    heavy: Sequence[float],
    *,
    bare: bool = False,
    least: float,
    score: float = 0.0,
) -> list[int]:
    """All names with a rank of at least `least` (of 5), however many: what `NameIndex.candidates` orders by. An initial
    counts for a word that it begins."""
    names, met = index.met(words, heavy, person=None, bare=bare)
    for word, weight in zip(words, heavy, strict=True):
        if len(word) > 1 and (place := index.place.get(word[0])) is not None:
            met[holding(index, place)] += np.float32(INITIAL * weight)
    names, rank = index.ranked(names, met, max(sum(heavy), 1e-6), words, least=score - OTHERWISE, left=LEFT[::-1])
    unvoiced = index.arrays["name_bare"][names] * np.float32(UNVOICED)
    found: list[int] = names[rank >= least - unvoiced].tolist()
    return found


def holding(index: NameIndex, word: int) -> list[int]:
    """The names that hold a word of the vocabulary."""
    start, end = index.arrays["post_start"][word : word + 2]
    found: list[int] = index.arrays["post_name"][start:end].tolist()
    return found


def halves(index: NameIndex, word: str, *, bare: bool = False) -> list[int]:
    """The names that hold both halves of a word, wherever it is cut: one as it is, the other nearly so.

    >>> from policies.engine.lists import Listed
    >>> from policies.engine.match.watch import Lexicon, of_parties
    >>> halves(of_parties([Listed("", "1", "Petro Chem", "")], Lexicon()), "petrochem")
    [0]
    """
    found: list[Names] = []
    for cut in range(1, len(word)):
        parts = (word[:cut], word[cut:])
        known = [part in index.place for part in parts]
        if all(known) or any(sure and len(part) >= SURE for sure, part in zip(known, parts, strict=True)):
            left, right = (index.near(part, None, bare).from_worth(PAIR) for part in parts)
            if len(left.words) and len(right.words):
                found.append(np.intersect1d(index.holders(left)[0], index.holders(right)[0]))
    return np.unique(np.concatenate(found)).tolist() if found else []
