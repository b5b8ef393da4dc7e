"""Numbers with units as invoices write them: `5 axes`, `1.2 um`, `40GHz`, `1 200 000 Hz`, `1.200,5 mm`.

A separator is read as what it can only be; where it could be both (`1,200`), as the list of units is English and the
decimal sign of the same text says. Both readings of a doubtful number are never kept: a threshold needs one value.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from policies.engine.classify.knowledge import Unit

_NUMBER = r"\d{1,3}(?:[ \u00a0'](?=\d{3}(?!\d))\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*"
# A number does not begin within another one; behind two dots it is the end of a range.
_FREE = r"(?<![\w,])(?<![^.]\.)(?<!^\.)"
_WITH_UNIT = re.compile(rf"{_FREE}([-+±<>≤≥~]?\s?)({_NUMBER})([\s-]?)([^\s\d.,;:()\[\]]\S*)?", re.UNICODE)
_RANGE = re.compile(rf"({_NUMBER})\s?(?:-|–|\.\.\.?|to|bis|līdz|до)\s?(?={_NUMBER})")
_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_SUPERSCRIPT = str.maketrans({"²": "2", "³": "3", "¹": "1", "⁻": "-", "⁰": "0", "µ": "μ", "×": "x"})
LARGEST = 1e300
MOST = 40  # numbers that are read of one description


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in the base of its quantity, where it stands in the text (character offset), and as written."""

    value: float
    quantity: str
    at: int
    text: str


class Units:
    """The spellings of units, the exact case first."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._exact: dict[str, Unit] = {}
        self._folded: dict[str, Unit] = {}
        for unit in units:
            spelling = unit.spelling.translate(_SUPERSCRIPT)
            self._exact.setdefault(spelling, unit)
            if not unit.exact_case:
                self._folded.setdefault(spelling.casefold(), unit)

    def find(self, spelling: str) -> Unit | None:
        """The unit of a spelling; one whose case matters only in that case."""
        plain = spelling.translate(_SUPERSCRIPT)
        return self._exact.get(plain) or self._folded.get(plain.casefold())

    def base(self, value: float, spelling: str) -> tuple[float, str] | None:
        """A value in the base of its quantity, and the quantity; nothing for an unknown unit."""
        unit = self.find(spelling)
        return (value * unit.factor + unit.offset, unit.quantity) if unit else None

    def read(self, text: str) -> list[Quantity]:
        """The numbers of a text that have a unit, in the order they stand. Both ends of `1-40 GHz` have its unit."""
        plain = unicodedata.normalize("NFC", text).translate(_SUPERSCRIPT)
        european = bool(re.search(r"\d\.\d{3},\d", plain)) or bool(re.search(r"(?<!\d)\d+,\d{1,2}(?!\d)", plain))
        found: list[Quantity] = []
        for match in _WITH_UNIT.finditer(plain):
            if len(found) >= MOST:
                break
            unit = self._of(match[4] or "", plain[match.end() :])
            if unit is None:
                continue
            value = number(match[2], european=european)
            found.append(_quantity(value, unit, match.start(2), match[0].strip()))
            if start := _starts(plain, match.start(2)):
                found.append(_quantity(number(start[1], european=european), unit, start.start(1), match[0].strip()))
        return found

    def _of(self, word: str, rest: str) -> Unit | None:
        """The longest spelling at the start of what follows a number, also one of two words (`Gbit / s`, `g rms`)."""
        word = word.rstrip("/-")
        following = rest.split(maxsplit=1)[0].rstrip(".,;:)") if rest[:1] == " " and rest.split() else ""
        if following and word and (unit := self.find(f"{word} {following}")):
            return unit
        for end in range(len(word), 0, -1):
            whole = end == len(word) or not (word[end].isalpha() and word[end - 1].isalpha())
            if whole and (unit := self.find(word[:end])):
                return unit
        return None


def number(text: str, *, european: bool = False) -> float:
    """A number as written, thousands separators in both styles.

    >>> number("1,200"), number("1.200,5"), number("1 200.5"), number("0,8"), number("1,200", european=True)
    (1200.0, 1200.5, 1200.5, 0.8, 1.2)
    """
    plain = re.sub(r"[\s\u00a0']", "", text)
    if "," in plain and "." in plain:
        decimal = max(plain.rfind(","), plain.rfind("."))
        return float(re.sub(r"[.,]", "", plain[:decimal]) + "." + plain[decimal + 1 :])
    thousands = _THOUSANDS.fullmatch(plain)
    if thousands and not plain.startswith("0"):
        several = plain.count(thousands[1]) > 1
        if several or (thousands[1] == "," and not european):
            return float(plain.replace(thousands[1], ""))
    if plain.count(",") + plain.count(".") > 1:
        return float(re.sub(r"[.,]", "", plain))
    return float(plain.replace(",", "."))


def attribute(value: object, unit: str, units: Units) -> tuple[float, str] | None:
    """A declared attribute in base units: a number in `unit`, or text with a unit of its own; nothing otherwise."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        if read := units.read(value):
            return read[0].value, read[0].quantity
        try:
            value = number(value.strip())
        except ValueError:
            return None
    plain = finite(value)
    return units.base(plain, unit) if unit and plain is not None else None


def finite(value: object) -> float | None:
    """A number that can be compared; nothing for what is none, is not finite or has hundreds of digits."""
    if not isinstance(value, (int, float)) or abs(value) > LARGEST:
        return None
    return None if math.isnan(value) else float(value)


def _starts(text: str, at: int) -> re.Match[str] | None:
    """The lower end of a range whose upper end stands at `at`."""
    begin = max(0, at - 24)
    return next((match for match in _RANGE.finditer(text, begin, at + 1) if match.end() == at), None)


def _quantity(value: float, unit: Unit, at: int, text: str) -> Quantity:
    return Quantity(value * unit.factor + unit.offset, unit.quantity, at, text)
