"""The names of the lists as arrays: which words are like a declared word, and which names could be like a declared one.

Everything that a search needs lies in the bytes of the index, shared by all processes that map them; a process keeps
only the vocabulary beside it. A search is a function of the index: no order of insertion, no earlier search shows.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from policies.engine.lists import Listed
from policies.engine.match import forms
from policies.engine.match.align import ALIKE, MEANS, SHORT_SOUND, SOUND, TYPO, unvoiced
from policies.engine.match.build import Read, entry_of, key_of
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.packed import unpack
from policies.engine.match.signature import letter, shared, signature
from policies.engine.match.sound import bare_skeleton, bare_skeletons, skeleton
from policies.engine.match.weights import ROLE, of_unknown

KEPT = 20_000  # words whose neighbours a process remembers
KNOWN = 0.7  # likeness from which an unknown word counts as the listed one misspelt
PAIR = 0.8  # likeness from which two declared words may be one listed word
LONGEST_PIECE = 24  # letters of a word within joined ones
LEFT_DECLARED, LEFT_LISTED = 0.3, 0.18  # what is at least taken for a name of which nothing is met (see score.py)
SAME_LETTERS = 0.6  # share of pairs of letters from which a name is looked at whatever its words
UNREAD = 5_000  # names beyond which a word that says little is not looked up


@dataclass(frozen=True, slots=True)
class Near:
    """Words of the vocabulary like one word, the least alike first, and what the word itself weighs."""

    words: npt.NDArray[np.int32]
    worth: npt.NDArray[np.float32]
    weight: float


class NameIndex:
    """Finds names. `data` are the bytes that `build` made; raises `DamagedIndex` for any others."""

    def __init__(self, data: memoryview, lexicon: Lexicon) -> None:
        self.arrays, self.about = unpack(data)
        self.lexicon = lexicon
        take = self.arrays
        text = take["words"].tobytes().decode()
        self.words: list[str] = text.split("\n") if text else []
        self.place = {word: number for number, word in enumerate(self.words)}
        self._near = lru_cache(maxsize=KEPT)(self._find_near)
        self._weight = take["word_weight"].tolist()
        word_weight, role = take["word_weight"], np.array(ROLE, np.float32)
        heavy = word_weight[take["name_word"]] * role[take["name_role"]]
        sums = np.concatenate([np.zeros(1), np.cumsum(heavy, dtype=np.float64)])
        self._heavy = (sums[take["name_start"][1:]] - sums[take["name_start"][:-1]]).astype(np.float32)
        total = max(len(take["name_word"]), 1)
        self._rarity = (math.log(total + 1) - np.log(np.maximum(np.diff(take["post_start"]), 1))).tolist()

    @property
    def names(self) -> int:
        """How many distinct names there are."""
        return len(self.arrays["name_start"]) - 1

    @property
    def entries(self) -> int:
        return len(self.arrays["entry_start"]) - 1

    def entry(self, number: int) -> Listed:
        start, end = self.arrays["entry_start"][number : number + 2]
        return entry_of(self.arrays["entry_text"][start:end].tobytes())

    def read(self, name: int) -> tuple[list[str], list[int]]:
        """The words of a name and their roles."""
        start, end = self.arrays["name_start"][name : name + 2]
        words = self.words
        return [words[place] for place in self.arrays["name_word"][start:end]], self.arrays["name_role"][
            start:end
        ].tolist()

    def is_bare(self, name: int) -> bool:
        """Whether a name was written in a script without vowels."""
        return bool(self.arrays["name_bare"][name])

    def bearers(self, name: int) -> list[tuple[int, int]]:
        """Who bears a name: the number of each entry, and which of its names it is (0 its first, then its aliases)."""
        start, end = self.arrays["link_start"][name : name + 2]
        return list(
            zip(
                self.arrays["link_entry"][start:end].tolist(),
                self.arrays["link_place"][start:end].tolist(),
                strict=True,
            )
        )

    def keyed(self, kind: str, value: str) -> list[int]:
        """The entries with an identifier, an address or the id (`kind` is `address` or `id`)."""
        return self._at("key", "key_entry", key_of(kind, value))

    def equal(self, key: str) -> list[int]:
        """The names with these words in any order, by `Name.key`."""
        return self._at("equal", "equal_name", key_of("name", key))

    def _at(self, table: str, values: str, key: int) -> list[int]:
        keys = self.arrays[table]
        start, end = np.searchsorted(keys, key, "left"), np.searchsorted(keys, key, "right")
        found: list[int] = self.arrays[values][start:end].tolist()
        return found

    def weight(self, word: str) -> float:
        """What a word says about who is meant; of an unknown one, what the listed word says that it misspells."""
        place = self.place.get(word)
        return self._weight[place] if place is not None else self._near(word, False, False).weight

    def readings(self) -> Mapping[int, Read]:
        """Names read already, for `build`."""
        names = [(*map(tuple, self.read(name)), self.is_bare(name)) for name in range(self.names)]
        owners = np.repeat(np.arange(self.names), np.diff(self.arrays["link_start"])).tolist()
        return {hash: names[name] for hash, name in zip(self.arrays["link_hash"].tolist(), owners, strict=True)}

    def candidates(
        self,
        words: Sequence[str],
        heavy: Sequence[float],
        *,
        person: bool,
        bare: bool = False,
        most: int,
        least: float = 0.0,
    ) -> npt.NDArray[np.int64]:
        """The names that are most likely like the words, at most `most`, the likeliest first.

        Left out are those that can hardly reach a score of `least`: they share too few words, and too few letters.
        """
        asked = max(sum(heavy), 1e-6)
        found: list[npt.NDArray[np.int32]] = []
        met = np.zeros(self.names, np.float32)
        read = 0
        for word, weight in sorted(zip(words, heavy, strict=True), key=lambda item: (-item[1], item[0])):
            if found and weight < 0.5 and read > UNREAD:
                continue
            names, worth = self._holders(self._near(word, person, bare))
            if len(names):
                once = np.zeros(self.names, np.float32)
                once[names] = worth * np.float32(max(weight, 0.02))  # the best comes last and stays
                met[names] += once[names]
                found.append(names)
                read += len(names)
        for left in range(len(words) - 1):
            near = self._near_pair(words[left], words[left + 1], person, bare)
            if len(near.words):
                names, worth = self._holders(near)
                once = np.zeros(self.names, np.float32)
                once[names] = worth * np.float32(heavy[left] + heavy[left + 1])
                met[names] = np.maximum(met[names], once[names])
                found.append(names)
        if not found:
            return np.zeros(0, np.int64)
        names = np.concatenate(found)
        return self._likeliest(names, met, asked, words, most, least)

    def pieces(self, word: str) -> list[str]:
        """A word cut into words of the vocabulary, the commonest cut; the word alone when there is none.

        >>> from policies.engine.match.build import build
        >>> parties = [Listed("l", "1", "Abu Bakar Basyir", "review")]
        >>> NameIndex(memoryview(build(parties, Lexicon())), Lexicon()).pieces("abubakarbasyir")
        ['abu', 'bakar', 'basyir']
        """
        size = len(word)
        cost, cut = [0.0] + [math.inf] * size, [0] * (size + 1)
        for end in range(1, size + 1):
            for start in range(max(0, end - LONGEST_PIECE), end):
                place = self.place.get(word[start:end])
                if place is None or cost[start] == math.inf:
                    continue
                price = cost[start] + self._rarity[place] + (6.0 if end - start == 1 else 0.0)
                if price < cost[end]:
                    cost[end], cut[end] = price, start
        if cost[size] == math.inf:
            return [word]
        found, end = [], size
        while end:
            found.append(word[cut[end] : end])
            end = cut[end]
        return found[::-1]

    def _near_pair(self, left: str, right: str, person: bool, bare: bool) -> Near:
        """Words like two that stand together; like enough only where one of the two is no word of the lists."""
        both = left + right
        if left in self.place and right in self.place:
            known = [self.place[both]] if both in self.place else []
            return Near(np.array(known, np.int32), np.ones(len(known), np.float32), 0.0)
        near = self._near(both, person, bare)
        keep = near.worth >= PAIR
        return Near(near.words[keep], near.worth[keep], near.weight)

    def _holders(self, near: Near) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The names that hold the words, those of the least alike word first."""
        starts = self.arrays["post_start"]
        first, sizes = starts[near.words], starts[near.words + 1] - starts[near.words]
        total = int(sizes.sum())
        offsets = np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = np.repeat(first, sizes) + np.arange(total, dtype=np.int32) - offsets.astype(np.int32)
        return self.arrays["post_name"][places], np.repeat(near.worth, sizes)

    def _likeliest(
        self,
        names: npt.NDArray[np.int32],
        met: npt.NDArray[np.float32],
        asked: float,
        words: Sequence[str],
        most: int,
        least: float,
    ) -> npt.NDArray[np.int64]:
        rough = 2 * met[names] / np.float32(asked) + met[names] / np.maximum(self._heavy[names], 1e-6)
        many = most * 30
        if len(names) > many:
            names = names[np.argpartition(-rough, many)[:many]]
        names = np.unique(names)
        shape = shared(signature(words), self.arrays["name_sign"][names])
        covered = np.minimum(met[names] / np.float32(asked), 1), np.minimum(met[names] / self._heavy[names], 1)
        rank = 2 * covered[0] + covered[1] + 2 * shape
        may = 1 - LEFT_DECLARED * (1 - covered[0]) - LEFT_LISTED * (1 - covered[1])
        rank = np.where((may >= least) | (shape >= SAME_LETTERS), rank, -1)
        for initial in (word for word in words if len(word) == 1):
            rank += (self.arrays["name_first"][names] & np.uint32(letter(initial)) != 0) / np.float32(len(words))
        order = np.lexsort((names, -rank))[:most]
        return names[order[rank[order] >= 0]].astype(np.int64)

    def _find_near(self, word: str, person: bool, bare: bool) -> Near:
        hashes = forms.of_word(word)
        sound, means = forms.number(skeleton(word)), forms.number(self.lexicon.meaning(word, person=person))
        if len(word) > 1 and not word.isdigit():
            hashes += [sound ^ forms.SOUND, means ^ (forms.PERSONAL if person else forms.MEANING)]
            hashes.append(forms.number(bare_skeleton(word)) ^ forms.WRITTEN_BARE)
            hashes += [forms.number(one) ^ forms.BARE for one in bare_skeletons(word)] if bare else []
        else:
            hashes = [hashes[0], means ^ (forms.PERSONAL if person else forms.MEANING)]
        table = self.arrays["form"]
        asked = np.array(hashes, np.uint32)
        first, last = np.searchsorted(table, asked, "left"), np.searchsorted(table, asked, "right")
        spans = [self.arrays["form_word"][start:end] for start, end in zip(first, last, strict=True) if end > start]
        if not spans:
            return Near(np.zeros(0, np.int32), np.zeros(0, np.float32), of_unknown(word))
        places = np.unique(np.concatenate(spans))
        worth = self._worths(word, places, sound, means, person=person, bare=bare)
        order = np.argsort(worth, kind="stable")
        order = order[worth[order] >= TYPO]
        places, worth = places[order], worth[order]
        known = bool(len(places)) and worth[-1] >= KNOWN
        return Near(places, worth, self._weight[places[-1]] if known else of_unknown(word))

    def _with_form(self, form: int) -> npt.NDArray[np.int32]:
        start, end = (np.searchsorted(self.arrays["form"], np.uint32(form), side) for side in ("left", "right"))
        found: npt.NDArray[np.int32] = self.arrays["form_word"][start:end]
        return found

    def _worths(
        self, word: str, places: npt.NDArray[np.int32], sound: int, means: int, *, person: bool, bare: bool
    ) -> npt.NDArray[np.float32]:
        words = [self.words[place] for place in places.tolist()]
        worth: npt.NDArray[np.float32] = process.cdist(
            [word], words, scorer=OSA.normalized_similarity, score_cutoff=TYPO, dtype=np.float32
        )[0]
        if word.isdigit():
            worth[worth < 1] = 0
        heard = SOUND if len(skeleton(word)) >= 3 else SHORT_SOUND if len(skeleton(word)) == 2 else -ALIKE
        same = self.arrays["word_sound"][places] == np.uint32(sound)
        worth = np.where(same, np.maximum(worth, heard + ALIKE * np.maximum(worth, TYPO)), worth)
        if bare:
            for alone in bare_skeletons(word):
                same = self.arrays["word_bare"][places] == np.uint32(forms.number(alone))
                worth = np.where(same, np.maximum(worth, unvoiced(alone)), worth)
        alone = bare_skeleton(word)
        same = np.isin(places, self._with_form(forms.number(alone) ^ forms.WRITTEN_BARE))
        worth = np.where(same, np.maximum(worth, unvoiced(alone)), worth)
        same = self.arrays["word_means"][int(person)][places] == np.uint32(means)
        return np.where(same, np.maximum(worth, MEANS["translation"]), worth).astype(np.float32)
