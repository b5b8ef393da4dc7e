"""All words of the lists, numbered; and a text read into those numbers: translated, respelt, joined and mended.

Whatever language a word is written in, it also stands for its English words, so that one set of English terms finds
goods in four languages.
"""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from policies.engine.classify.knowledge import Gloss
from policies.engine.classify.words import key, keys, split

MENDED = 6  # letters from which a word that nobody knows is taken for a misspelt one
PHRASE = 4  # words that a glossary row may have at most
# In names of substances one letter makes another substance; they are never mended.
_SUBSTANCE = re.compile(
    r"(ide|ite|ate|ane|ene|yne|ol|yl|one|ine?)$|amin|ethyl|propyl|butyl|phenyl|chlor|fluor|brom|phosph|sul[fp]|nitr|oxi"
)
UNIT = 3  # letters of a word after a figure that is its unit
LONGEST = 40  # letters up to which an unknown word is looked at closely
COMPOUND = 9  # letters from which an unknown word may be two known ones joined
PART = 4
UNKNOWN = -1


class Vocabulary:
    """Numbers for words. Build it with all rows before a text is read: a word that comes later is not mended to."""

    def __init__(self, glossary: Iterable[Gloss] = ()) -> None:
        self._ids: dict[str, int] = {}
        self._spellings: tuple[str, ...] = ()
        self._means: dict[tuple[str, ...], list[int]] = {}
        self._begins: set[tuple[str, ...]] = set()
        self._spelt: dict[str, dict[str, str]] = {}
        self._same: dict[str, str] = {}
        self.figures: set[int] = set()  # numbers of words that are figures
        self._numbered: dict[tuple[str, str], int] = {}
        rows = sorted(glossary, key=lambda row: (row.term, row.language, row.means))
        for row in rows:
            self._respell(row)
        for row in rows:
            self._translate(row)

    def __len__(self) -> int:
        return len(self._ids)

    def number(self, word: str, language: str = "en") -> int:
        """The number of a word of a list, new where the word is."""
        slot = (word, language)
        if (known := self._numbered.get(slot)) is not None:
            return known
        found = key(word, language)
        found = self._same.get(found, found)
        if found not in self._ids:
            self._ids[found] = len(self._ids)
            if found[2:3].isdigit():
                self.figures.add(self._ids[found])
            if len(found) - 2 >= MENDED and not found[2:3].isdigit():
                self._spelt.setdefault(found[:3], {})[found] = found
        self._numbered[slot] = self._ids[found]
        return self._ids[found]

    def numbers(self, text: str, language: str = "en") -> tuple[int, ...]:
        """The numbers of the words of a term."""
        return tuple(self.number(word, language) for word in split(text))

    def known(self, text: str, language: str = "en") -> tuple[int, ...]:
        """The numbers of a text's words as a term has them, `UNKNOWN` for one of no list. Adds nothing."""
        spelt = (key(word, language) for word in split(text))
        return tuple(self._ids.get(self._same.get(item, item), UNKNOWN) for item in spelt)

    def spelling(self, number: int) -> str:
        """The key of a number (`e:pump`). Numbers differ from one vocabulary to the next, keys do not."""
        if len(self._spellings) != len(self._ids):
            self._spellings = tuple(self._ids)
        return self._spellings[number]

    def read(self, words: Sequence[str]) -> list[set[int]]:
        """For every word of a text what it may be: itself, its translation, a joined or mended spelling."""
        spelt = [[self._same.get(item, item) for item in keys(word)] for word in words]
        found = [{self._ids[item] for item in items if item in self._ids} for items in spelt]
        known = [bool(numbers) for numbers in found]
        self._glossed(words, spelt, found)
        for place, word in enumerate(words):
            if place + 1 < len(words) and (joined := self._joined(word, words[place + 1])):
                found[place].add(joined)
            if not found[place] and not known[place] and len(word) <= LONGEST:
                mended = set() if like_substance(word) else self._mended(spelt[place])
                found[place] |= mended or self._compound(word)
        return found

    def _glossed(self, words: Sequence[str], spelt: Sequence[Sequence[str]], found: list[set[int]]) -> None:
        """Add what words and phrases of the glossary mean.

        A word that English has too is read as Latvian or German only where the text has words that English has not:
        a water tank is no `tanks`. A short word after a figure is a unit (`200 mg`) and no abbreviation.
        """
        by_space = [{item[0]: item for item in items} for items in spelt]
        english = [items.get("e") in self._ids for items in by_space]
        foreign = any(
            not known and (not word.isascii() or (items.get("l", ""),) in self._means)
            for word, items, known in zip(words, by_space, english, strict=True)
        )
        for start, first in enumerate(by_space):
            if start and words[start - 1][-1:].isdigit() and len(words[start]) <= UNIT:
                continue
            for space, begun in first.items():
                if space == "l" and english[start] and not foreign:
                    continue
                self._follow(start, space, begun, by_space, found)

    def _follow(
        self, start: int, space: str, begun: str, by_space: Sequence[dict[str, str]], found: list[set[int]]
    ) -> None:
        phrase: tuple[str, ...] = (begun,)
        for end in range(start + 1, min(start + PHRASE, len(by_space)) + 1):
            if phrase in self._means:
                found[start].update(self._means[phrase])
            if phrase not in self._begins or end == len(by_space) or space not in by_space[end]:
                break
            phrase += (by_space[end][space],)

    def _respell(self, row: Gloss) -> None:
        """One English word for another (fiber, fibre) is the same word everywhere, in lists too."""
        term, means = split(row.term), split(row.means)
        if row.language == "en" and len(term) == len(means) == 1 and term != means:
            left, right = key(term[0], "en"), key(means[0], "en")
            if left != right and self._same.get(right) != left:
                self._same.setdefault(left, self._same.get(right, right))

    def _translate(self, row: Gloss) -> None:
        phrase = tuple(key(word, row.language) for word in split(row.term))
        if phrase and len(phrase) <= PHRASE:
            self._begins.update(phrase[:size] for size in range(1, len(phrase)))
            known = self._means.setdefault(phrase, [])
            known += [number for number in self.numbers(row.means) if number not in known]

    def _joined(self, left: str, right: str) -> int | None:
        return next((self._ids[item] for item in keys(left + right) if item in self._ids), None)

    def _mended(self, spelt: Sequence[str]) -> set[int]:
        """The one known word that is a letter away (two letters for long ones)."""
        for item in spelt:
            if len(item) - 2 < MENDED:
                continue
            most = 1 if len(item) - 2 < 9 else 2
            near = process.extractOne(
                item, self._spelt.get(item[:3], {}), scorer=DamerauLevenshtein.distance, score_cutoff=most
            )
            if near:
                return {self._ids[near[2]]}
        return set()

    def _compound(self, word: str) -> set[int]:
        """The two known words that a long unknown one is made of, as German writes them."""
        if len(word) < COMPOUND:
            return set()
        for cut in range(len(word) - PART, PART - 1, -1):
            left, right = self._known(word[:cut]), self._known(word[cut:])
            if left and right:
                return left | right
        return set()

    def _known(self, word: str) -> set[int]:
        found = {self._ids[item] for item in keys(word) if item in self._ids}
        for space in "lre":
            phrase = tuple(item for item in keys(word) if item.startswith(space))
            found.update(self._means.get(phrase, ()))
        return found


def like_substance(word: str) -> bool:
    """Whether a word is built as names of substances are.

    >>> like_substance("triethylamin"), like_substance("pump")
    (True, False)
    """
    return bool(_SUBSTANCE.search(word))
