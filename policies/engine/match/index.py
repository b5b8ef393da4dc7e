"""The names of the lists as arrays: which words are like a declared word, and which names could be like a declared one.

Everything that a search needs lies in the bytes of the index, shared by all processes that map them; a process keeps
only the vocabulary beside it. A search is a function of the index: no order of insertion, no earlier search shows.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from policies.engine.lists import Listed
from policies.engine.match import forms
from policies.engine.match.align import TYPO
from policies.engine.match.build import Read, entry_of, key_of
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.near import Near, Places, Worth, worths
from policies.engine.match.packed import unpack
from policies.engine.match.signature import letter, shared, signature
from policies.engine.match.sound import bare_skeleton, bare_skeletons, skeleton
from policies.engine.match.weights import ROLE, of_unknown

KEPT = 20_000  # words whose neighbours a process remembers
KNOWN = 0.7  # likeness from which an unknown word counts as the listed one misspelt
PAIR = 0.8  # likeness from which two declared words may be one listed word
LONGEST_PIECE = 24  # letters of a word within joined ones
LEFT = (0.3, 0.18)  # what is at least taken for a declared, and a listed, name of which nothing is met (see score.py)
SAME_LETTERS = 0.6  # share of pairs of letters from which a name is looked at whatever its words
UNREAD = 5_000  # names beyond which a word that says little is not looked up

Words = Sequence[str]
Weights = Sequence[float]


class NameIndex:
    """Finds names. `data` are the bytes that `build` made; raises `DamagedIndex` for any others."""

    def __init__(self, data: memoryview, lexicon: Lexicon) -> None:
        self.arrays, self.about = unpack(data)
        self.lexicon = lexicon
        take = self.arrays
        text = take["words"].tobytes().decode()
        self.words: list[str] = text.split("\n") if text else []
        self.place = {word: number for number, word in enumerate(self.words)}
        self.near = lru_cache(maxsize=KEPT)(self._find_near)
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
        roles: list[int] = self.arrays["name_role"][start:end].tolist()
        return [self.words[place] for place in self.arrays["name_word"][start:end]], roles

    def is_bare(self, name: int) -> bool:
        """Whether a name was written in a script without vowels."""
        return bool(self.arrays["name_bare"][name])

    def bearers(self, name: int) -> list[tuple[int, int]]:
        """Who bears a name: the number of each entry, and which of its names it is (0 its first, then its aliases)."""
        start, end = self.arrays["link_start"][name : name + 2]
        entries, places = (self.arrays[of][start:end].tolist() for of in ("link_entry", "link_place"))
        return list(zip(entries, places, strict=True))

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
        return self._weight[place] if place is not None else self.near(word, False, False).weight

    def readings(self) -> Mapping[int, Read]:
        """Names read already, for `build`."""
        read = map(self.read, range(self.names))
        names = [(tuple(words), tuple(roles), self.is_bare(name)) for name, (words, roles) in enumerate(read)]
        owners = np.repeat(np.arange(self.names), np.diff(self.arrays["link_start"])).tolist()
        return {hash: names[name] for hash, name in zip(self.arrays["link_hash"].tolist(), owners, strict=True)}

    def candidates(
        self, words: Words, heavy: Weights, *, person: bool, bare: bool = False, most: int, least: float = 0.0
    ) -> npt.NDArray[np.int64]:
        """The names that are most likely like the words, at most `most`, the likeliest first.

        Left out are those that can hardly reach a score of `least`: they share too few words, and too few letters.
        """
        asked = max(sum(heavy), 1e-6)
        names, met = self.met(words, heavy, person=person, bare=bare)
        if len(names) > most * 30:
            rough = 2 * met[names] / np.float32(asked) + met[names] / np.maximum(self._heavy[names], 1e-6)
            names = names[np.argpartition(-rough, most * 30)[: most * 30]]
        names, rank = self.ranked(names, met, asked, words, least)
        order = np.lexsort((names, -rank))[:most]
        return names[order[rank[order] >= 0]].astype(np.int64)

    def met(self, words: Words, heavy: Weights, *, person: bool | None, bare: bool) -> tuple[Places, Worth]:
        """The names that hold words like these, some twice, and for all names how much weight they hold. `person` is
        `None` for words that may be those of a person or not."""
        found: list[Places] = [np.zeros(0, np.int32)]
        met = np.zeros(self.names, np.float32)
        read = 0
        for word, weight in sorted(zip(words, heavy, strict=True), key=lambda item: (-item[1], item[0])):
            if read > UNREAD and weight < 0.5:
                continue
            names, worth = self.holders(self.near(word, person, bare))
            if len(names):
                once = np.zeros(self.names, np.float32)
                once[names] = worth * np.float32(max(weight, 0.02))  # the best comes last and stays
                met[names] += once[names]
                found.append(names)
                read += len(names)
        for first, last in _spans(len(words)):
            near = self._near_joined(words[first:last], person, bare)
            if len(near.words):
                names, worth = self.holders(near)
                once = np.zeros(self.names, np.float32)
                once[names] = worth * np.float32(sum(heavy[first:last]))
                met[names] = np.maximum(met[names], once[names])
                found.append(names)
        return np.concatenate(found), met

    def pieces(self, word: str, *, known: bool = False) -> list[str]:
        """A word cut into words of the vocabulary, the commonest cut; the word alone when there is none. A word that is
        `known` is cut as well.

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
                if place is None or cost[start] == math.inf or (known and end - start == size):
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

    def _near_joined(self, parts: Sequence[str], person: bool | None, bare: bool) -> Near:
        """Words like several that stand together; like enough only where one of them is no word of the lists."""
        both = "".join(parts)
        if all(part in self.place for part in parts):
            known = [self.place[both]] if both in self.place else []
            return Near(np.array(known, np.int32), np.ones(len(known), np.float32), 0.0)
        return self.near(both, person, bare).from_worth(PAIR)

    def holders(self, near: Near) -> tuple[Places, Worth]:
        """The names that hold the words, those of the least alike word first."""
        starts = self.arrays["post_start"]
        first, sizes = starts[near.words], starts[near.words + 1] - starts[near.words]
        total = int(sizes.sum())
        offsets = np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = np.repeat(first, sizes) + np.arange(total, dtype=np.int32) - offsets.astype(np.int32)
        return self.arrays["post_name"][places], np.repeat(near.worth, sizes)

    def ranked(
        self, names: Places, met: Worth, asked: float, words: Words, least: float, left: tuple[float, float] = LEFT
    ) -> tuple[Places, Worth]:
        """The names, each once, and how likely each is like the words: by what both have in common and look like.
        Below 0 are those that can hardly reach a score of `least`."""
        names = np.unique(names)
        shape = shared(signature(words), self.arrays["name_sign"][names])
        covered = np.minimum(met[names] / np.float32(asked), 1), np.minimum(met[names] / self._heavy[names], 1)
        rank = 2 * covered[0] + covered[1] + 2 * shape
        may = 1 - left[0] * (1 - covered[0]) - left[1] * (1 - covered[1])
        rank = np.where((may >= least) | (shape >= SAME_LETTERS), rank, -1)
        for initial in (word for word in words if len(word) == 1):
            rank += (self.arrays["name_first"][names] & np.uint32(letter(initial)) != 0) / np.float32(len(words))
        return names, rank

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
        return Near(places, worth, self._weight[places[-1]] if known else of_unknown(word))

    def _with_form(self, form: int) -> Places:
        table, asked = self.arrays["form"], np.uint32(form)
        return self.arrays["form_word"][np.searchsorted(table, asked, "left") : np.searchsorted(table, asked, "right")]

    def _worths(self, word: str, places: Places, means: Mapping[bool, int], *, bare: bool) -> Worth:
        others, take = [self.words[place] for place in places.tolist()], self.arrays
        alone = bare_skeleton(word)
        same = {alone: np.isin(places, self._with_form(forms.number(alone) ^ forms.WRITTEN_BARE))}
        for one in bare_skeletons(word) if bare else ():
            same[one] = same.get(one, False) | (take["word_bare"][places] == np.uint32(forms.number(one)))
        meant = [take["word_means"][int(kind)][places] == np.uint32(number) for kind, number in means.items()]
        heard = take["word_sound"][places] == np.uint32(forms.number(skeleton(word)))
        return worths(word, others, sound=heard, unvoiced_as=same, means=np.logical_or.reduce(meant))


def _spans(words: int) -> list[tuple[int, int]]:
    """The stretches of a name that may be one word elsewhere: neighbours, and the whole of a name of three or more."""
    return [*((first, first + 2) for first in range(words - 1)), *([(0, words)] if words > 2 else [])]
