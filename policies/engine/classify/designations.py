"""Grades, types and part numbers in a text: `T700`, `7075-T6`, `EP2C35F484`, `SS 316L`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policies.engine.classify.knowledge import Designation

_PIECE = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*", re.UNICODE)
_SIGNS = re.compile(r"[\s\-/._]+")
START = 3  # characters by which patterns are filed
WORDS = 3
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
        pieces = [(match.start(), match[0]) for match in _PIECE.finditer(text)]
        found: dict[int, Meant] = {}
        for place in range(len(pieces)):
            for size in range(WORDS, 0, -1):
                taken = pieces[place : place + size]
                if len(taken) == size and (row := self._row([piece for _, piece in taken])):
                    end = taken[-1][0] + len(taken[-1][1])
                    found.setdefault(pieces[place][0], Meant(row, text[pieces[place][0] : end], pieces[place][0]))
                    break
        return list(found.values())

    def _row(self, pieces: Sequence[str]) -> Designation | None:
        """The longest pattern of words written as one. What `*` stands for may end a word, not take in further ones."""
        plain, before = (_SIGNS.sub("", "".join(part)).lower() for part in (pieces, pieces[:-1]))
        if not any(sign.isdigit() for sign in plain) and len(plain) < 4:
            return None
        fitting = [
            row
            for size in range(2, START + 1)
            for pattern, row in self._under.get(plain[:size], ())
            if pattern.fullmatch(plain) and len(_SIGNS.sub("", row.pattern).rstrip("*")) > len(before)
        ]
        return max(fitting, key=lambda row: len(row.pattern.rstrip("*")), default=None)


def usable(pattern: str) -> bool:
    """Whether a pattern begins with enough to be looked for.

    >>> usable("T7##"), usable("T*"), usable("AB"), usable("ABC")
    (True, False, False, True)
    """
    plain = _SIGNS.sub("", pattern).lower()
    return len(re.split(r"[#*]", plain)[0]) >= FIXED and not (len(plain) < START and plain.isalpha())
