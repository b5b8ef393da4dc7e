"""Long descriptions by their parts: what is listed must not drown among boxes, manuals and paint.

A part is what stands between commas, semicolons or lines. The whole is ranked as well, as the parts of one article
(its material, its size) belong together; of an entry the better of both counts.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from policies.engine.classify.book import top
from policies.engine.classify.candidate import Candidate
from policies.engine.classify.words import split

LONG = 24  # words from which a description is looked at in parts too
FEWEST = 2  # words of a part
MOST = 4  # parts
_BETWEEN = re.compile(r"[;\n\r•|]+|,(?!\d)|\.\s+|\s[-–—]\s|\s\+\s")


def parts(description: str, words: int, places: Collection[int]) -> list[str]:
    """The parts of a long description in which any of the words at these places stand; none for a short one.

    >>> parts("pump, seal kit", 3, {0})
    []
    """
    if words <= LONG or not places:
        return []
    found, begin = [], 0
    for part in _BETWEEN.split(description):
        end = begin + len(split(part))
        if end - begin >= FEWEST and any(begin <= place < end for place in places):
            found.append(part.strip())
        begin = end
    return found[:MOST]


def best(ranked: Iterable[Sequence[Candidate]]) -> tuple[Candidate, ...]:
    """The candidates of the whole, and of its parts where they settle an entry: each once, where its chance is best."""
    held: dict[str, Candidate] = {}
    for number, candidates in enumerate(ranked):
        for item in candidates:
            name = top(item.entry.code)
            known = held.get(name)
            if known is None or (number and item.decided and item.score > known.score):
                held[name] = item
    return tuple(sorted(held.values(), key=lambda item: (-item.score, item.code)))
