"""The words of an index: which of them are like a word, what a word weighs, and how joined words are cut."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from policies.engine.match import forms
from policies.engine.match.align import TYPO
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.near import Near, worths
from policies.engine.match.packed import Array
from policies.engine.match.sound import bare_skeleton, bare_skeletons, skeleton
from policies.engine.match.weights import of_unknown

KEPT = 20_000  # words whose neighbours a process remembers
KNOWN = 0.7  # likeness from which an unknown word counts as the listed one misspelt
PAIR = 0.8  # likeness from which declared words that stand together may be one listed word
LONGEST_PIECE = 24  # letters of a word within joined ones
ALONE = 6.0  # what a single letter costs when joined words are cut; it is hardly ever a word


class Vocabulary:
    """The words of an index, in the order of their places. `arrays` are those that `build` made."""

    def __init__(self, arrays: Mapping[str, Array], lexicon: Lexicon) -> None:
        self.arrays, self.lexicon = arrays, lexicon
        text = arrays["words"].tobytes().decode()
        self.words: list[str] = text.split("\n") if text else []
        self.place = {word: number for number, word in enumerate(self.words)}
        self.near = lru_cache(maxsize=KEPT)(self._find_near)
        self.weights: list[float] = arrays["word_weight"].tolist()
        total = max(len(arrays["name_word"]), 1)
        self._rarity = (math.log(total + 1) - np.log(np.maximum(np.diff(arrays["post_start"]), 1))).tolist()

    def weight(self, word: str) -> float:
        """What a word says about who is meant; of an unknown one, what the listed word says that it misspells."""
        place = self.place.get(word)
        return self.weights[place] if place is not None else self.near(word, False, False).weight

    def near_joined(self, parts: Sequence[str], person: bool | None, bare: bool) -> Near:
        """Words like several that stand together; like enough only where one of them is no word of the lists."""
        both = "".join(parts)
        if all(part in self.place for part in parts):
            known = [self.place[both]] if both in self.place else []
            return Near(np.array(known, np.int32), np.ones(len(known), np.float32), 0.0)
        return self.near(both, person, bare).from_worth(PAIR)

    def pieces(self, word: str, *, known: bool = False) -> list[str]:
        """A word cut into words of the vocabulary, the commonest cut; the word alone when there is none. A word that is
        `known` is cut as well.

        >>> from policies.engine.lists import Listed
        >>> from policies.engine.match.build import build
        >>> from policies.engine.match.index import NameIndex
        >>> parties = [Listed("l", "1", "Abu Bakar Basyir", "review")]
        >>> NameIndex(memoryview(build(parties, Lexicon())), Lexicon()).pieces("abubakarbasyir")
        ['abu', 'bakar', 'basyir']
        """
        size = len(word)
        cost, cut = [0.0] + [math.inf] * size, [0] * (size + 1)
        for end in range(1, size + 1):
            for start in range(max(0, end - LONGEST_PIECE), end):
                place = self.place.get(word[start:end])
                if place is None or cost[start] == math.inf or (known and end - start == size):
                    continue
                price = cost[start] + self._rarity[place] + (ALONE if end - start == 1 else 0.0)
                if price < cost[end]:
                    cost[end], cut[end] = price, start
        if cost[size] == math.inf:
            return [word]
        found, end = [], size
        while end:
            found.append(word[cut[end] : end])
            end = cut[end]
        return found[::-1]

    def _find_near(self, word: str, person: bool | None, bare: bool) -> Near:
        hashes = forms.of_word(word)
        kinds = (False, True) if person is None else (person,)
        means = {kind: forms.number(self.lexicon.meaning(word, person=kind)) for kind in kinds}
        if len(word) > 1 and not word.isdigit():
            hashes.append(forms.number(skeleton(word)) ^ forms.SOUND)
            hashes.append(forms.number(bare_skeleton(word)) ^ forms.WRITTEN_BARE)
            hashes += [forms.number(one) ^ forms.BARE for one in bare_skeletons(word)] if bare else []
        else:
            hashes = hashes[:1]
        hashes += [number ^ (forms.PERSONAL if kind else forms.MEANING) for kind, number in means.items()]
        table = self.arrays["form"]
        asked = np.array(hashes, np.uint32)
        first, last = np.searchsorted(table, asked, "left"), np.searchsorted(table, asked, "right")
        spans = [self.arrays["form_word"][start:end] for start, end in zip(first, last, strict=True) if end > start]
        if not spans:
            return Near(np.zeros(0, np.int32), np.zeros(0, np.float32), of_unknown(word))
        places = np.unique(np.concatenate(spans))
        worth = self._worths(word, places, means, bare=bare)
        order = np.argsort(worth, kind="stable")
        order = order[worth[order] >= TYPO]
        places, worth = places[order], worth[order]
        known = bool(len(places)) and worth[-1] >= KNOWN
        return Near(places, worth, self.weights[places[-1]] if known else of_unknown(word))

    def _with_form(self, form: int) -> npt.NDArray[np.int32]:
        start, end = (np.searchsorted(self.arrays["form"], np.uint32(form), side) for side in ("left", "right"))
        found: npt.NDArray[np.int32] = self.arrays["form_word"][start:end]
        return found

    def _worths(
        self, word: str, places: npt.NDArray[np.int32], means: Mapping[bool, int], *, bare: bool
    ) -> npt.NDArray[np.float32]:
        others, take = [self.words[place] for place in places.tolist()], self.arrays
        alone = bare_skeleton(word)
        same = {alone: np.isin(places, self._with_form(forms.number(alone) ^ forms.WRITTEN_BARE))}
        for one in bare_skeletons(word) if bare else ():
            same[one] = same.get(one, False) | (take["word_bare"][places] == np.uint32(forms.number(one)))
        meant = [take["word_means"][int(kind)][places] == np.uint32(number) for kind, number in means.items()]
        heard = take["word_sound"][places] == np.uint32(forms.number(skeleton(word)))
        return worths(word, others, sound=heard, unvoiced_as=same, means=np.logical_or.reduce(meant))
