"""Grades, types and part numbers in a text: `T700`, `7075-T6`, `EP2C35F484`, `SS 316L`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies.engine.classify.knowledge import Designation

_PIECE = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*", re.UNICODE)
_SIGNS = re.compile(r"[\s\-/._]+")
START = 3  # characters by which patterns are filed
WORDS = 3
SHORT = 4  # characters below which a designation needs a digit
FIXED = 2  # characters that a pattern begins with at least


@dataclass(frozen=True, slots=True)
class Meant:
    """A designation that stands in a text, as written there, and from which character on."""

    row: Designation
    text: str
    at: int


class Designations:
    """Patterns by their first characters; case, spaces and hyphens do not count."""

    def __init__(self, rows: Iterable[Designation]) -> None:
        self._under: dict[str, list[tuple[re.Pattern[str], Designation]]] = {}
        for row in rows:
            if not usable(row.pattern):
                continue
            plain = _SIGNS.sub("", row.pattern).lower()
            fixed = re.split(r"[#*]", plain)[0]
            pattern = re.escape(plain).replace(r"\#", "#").replace("#", r"\d").replace(r"\*", r"\w*")
            self._under.setdefault(fixed[:START], []).append((re.compile(pattern), row))

    def find(self, text: str) -> list[Meant]:
        """Every designation in a text; of several at one place the longest pattern."""
        written = pieces(text)
        found: list[Meant] = []
        for place, (start, _, _) in enumerate(written):
            for size in range(WORDS, 0, -1):
                taken = written[place : place + size]
                if len(taken) == size and (row := self._row([plain for *_, plain in taken])):
                    found.append(Meant(row, text[start : taken[-1][1]], start))
                    break
        return found

    def _row(self, pieces: Sequence[str]) -> Designation | None:
        """The longest pattern of words written as one. What `*` stands for may end a word, not take in further ones."""
        plain = "".join(pieces)
        under = [*self._under.get(plain[:START], ()), *self._under.get(plain[:FIXED], ())]
        if not under or (len(plain) < SHORT and not any(sign.isdigit() for sign in plain)):
            return None
        least = len(plain) - len(pieces[-1])
        fitting = [
            row
            for pattern, row in under
            if pattern.fullmatch(plain) and len(_SIGNS.sub("", row.pattern).rstrip("*")) > least
        ]
        return max(fitting, key=lambda row: len(row.pattern.rstrip("*")), default=None)


def pieces(text: str) -> list[tuple[int, int, str]]:
    """The words of a text with the signs inside them: where each begins and ends, and its letters and digits alone.

    >>> pieces("SS 7075-T6")
    [(0, 2, 'ss'), (3, 10, '7075t6')]
    """
    return [(match.start(), match.end(), _SIGNS.sub("", match[0]).lower()) for match in _PIECE.finditer(text)]


def usable(pattern: str) -> bool:
    """Whether a pattern begins with enough to be looked for.

    >>> usable("T7##"), usable("T*"), usable("AB"), usable("ABC")
    (True, False, False, True)
    """
    plain = _SIGNS.sub("", pattern).lower()
    return len(re.split(r"[#*]", plain)[0]) >= FIXED and not (len(plain) < START and plain.isalpha())
