"""What earlier classifications are found and compared by: part numbers, rare words, and the state of a list entry.

Nothing here knows who classified what; keys and digests are plain texts that can be stored and compared anywhere.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from policies.engine.classify.book import Book
from policies.engine.classify.codes import parents
from policies.engine.classify.designations import pieces
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.reading import LONGEST
from policies.engine.classify.similar import UNKNOWN
from policies.engine.classify.vocabulary import like_substance
from policies.engine.classify.words import keys as spellings

SHORTEST = 4  # letters and digits of a part number
KEYS = 6  # words of a description that it can be found by
SPELT = 3  # keys of one word: itself and what it may mean
# What makes an entry another one for those who classify. Search words, HS codes and labels of editions do not.
_TELLING = (
    *("code", "heading", "family", "regime", "group", "state", "annex", "annex_iv", "annex_iv_codes"),
    *("section_i", "section_i_codes", "least", "also", "intangible", "valid_from", "valid_to"),
)
_QUANTITY = re.compile(r"\d+[^\W\d_]+|[^\W\d_]\d+")  # 40GHz, 5axis, M8
_STANDARD = re.compile(r"(?:iso|iec|din|en|astm|aisi|ansi|mil|ip|usb|rs|cat|rev|hs|un|cas|ver)\d+[a-z]?")
_CODE = re.compile(r"(?:ml\d{1,2}|\d{1,2}[a-e]\d{3})(?:[a-z]\d*)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, every key it may have, and how rare it is."""

    text: str
    keys: frozenset[str]
    weight: float


def entry_digest(goods: GoodsIndex, code: str) -> str:
    """SHA-256 (hex) over the rows of a code, of all above and below it, with their thresholds and substances.

    Another when one of them changes, for a whole entry is what stands below it. Empty when no list ever held the code.
    """
    if not code or not goods.known(code):
        return ""
    labels = (*parents(code), "10A9xx") if code.startswith("10A9") else parents(code)
    rows: list[Any] = [goods.point(code)]
    for label in labels:
        rows += _rows(goods, label)
    for label in goods.below(code):
        rows += [label, goods.point(label), *_rows(goods, label)]
    return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()


def _rows(goods: GoodsIndex, label: str) -> list[Any]:
    """What the lists say under exactly this code."""
    entries = [[getattr(entry, name) for name in _TELLING] for entry in goods.editions(label)]
    substances = sorted(repr(sorted(asdict(item).items())) for item in goods.by_code(label))
    return [*entries, *substances, *sorted(map(repr, goods.limits(label)))]


def part_numbers(text: str, *, book: Book | None = None) -> tuple[str, ...]:
    """What looks like a part or type number, without signs and case; with a book also the designations it knows.

    >>> part_numbers("Valve KX-4410/B, 40GHz, ISO9001, EP2C35F484, code 5A002.a.1")
    ('kx4410b', 'ep2c35f484')
    """
    read = text[:LONGEST]
    found = [plain for _start, _end, plain in pieces(read) if _is_part(plain)]
    if book is not None:
        found += [_plain(meant.text) for meant in book.designations.find(read)]
    return tuple(dict.fromkeys(found))


def words(book: Book, text: str) -> tuple[Word, ...]:
    """The words that tell what a description is of, in its order; a word in another language has the English keys.

    The unit of a number tells nothing of what is measured.
    """
    reading = book.reader.read(text)
    rarest = max(book.similar.weight.values(), default=1.0)
    found = []
    for place, (word, numbers) in enumerate(zip(reading.words, reading.found, strict=True)):
        measures = place and reading.words[place - 1][0].isdigit() and book.units.find(word)
        if len(word) < 3 or word[0].isdigit() or measures:
            continue
        known = {book.vocabulary.spelling(number): book.similar.weight.get(number) for number in numbers}
        weighed = max((weight for weight in known.values() if weight is not None), default=UNKNOWN * rarest)
        weight = weighed * reading.share((place,))
        if weight > 0:
            found.append(Word(word, _keys(word, known), weight))
    return tuple(found)


def keys(book: Book, text: str) -> tuple[str, ...]:
    """Stable keys (`e:centrifug`) of the rarest words of a description, by which like descriptions are looked up."""
    return keys_of(words(book, text))


def keys_of(found: Iterable[Word]) -> tuple[str, ...]:
    """The keys of the rarest of these words."""
    rarest = sorted(found, key=lambda word: (-word.weight, word.text))
    kept: dict[str, frozenset[str]] = {}
    for word in rarest:
        kept.setdefault(word.text, word.keys)
    chosen = list(kept.values())[:KEYS]
    return tuple(dict.fromkeys(key for one in chosen for key in sorted(one)[:SPELT]))


def likeness(book: Book, left: str, right: str) -> float:
    """How alike two descriptions are, 0 to 1: the share of the weight of their words that both have."""
    return alike(words(book, left), words(book, right))


def alike(left: Sequence[Word], right: Sequence[Word]) -> float:
    """The same of descriptions that were read before."""
    every = sum(word.weight for word in left) + sum(word.weight for word in right)
    both = sum(word.weight for word in (*common(left, right), *common(right, left)))
    return both / every if every else 0.0


def common(left: Sequence[Word], right: Sequence[Word]) -> list[Word]:
    """The words of the left that the right has too, in whatever language."""
    held = {key for word in right for key in word.keys}
    return [word for word in left if word.keys & held]


def _keys(word: str, known: Iterable[str]) -> frozenset[str]:
    """What a word may be. A substance is what it is called: `triethylamin`, read as two words, is no other amine."""
    own, read = frozenset(spellings(word)), frozenset(known)
    return own if not read or (like_substance(word) and not own & read) else read


def _is_part(plain: str) -> bool:
    mixed = any(sign.isdigit() for sign in plain) and any(sign.isalpha() for sign in plain)
    usual = (_QUANTITY, _STANDARD, _CODE)
    return mixed and len(plain) >= SHORTEST and not any(pattern.fullmatch(plain) for pattern in usual)


def _plain(text: str) -> str:
    return "".join(plain for _start, _end, plain in pieces(text))
