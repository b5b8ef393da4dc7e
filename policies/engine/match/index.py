"""The names of the lists as arrays: which of them could be like a declared one.

Everything that a search needs lies in the bytes of the index, shared by all processes that map them; a process keeps
only the vocabulary beside it. A search is a function of the index: no order of insertion, no earlier search shows.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from policies.engine.lists import Listed
from policies.engine.match.build import Read, entry_of, key_of
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.near import Near
from policies.engine.match.packed import unpack
from policies.engine.match.signature import letter, shared, signature
from policies.engine.match.vocabulary import Vocabulary
from policies.engine.match.weights import ROLE

LEFT = (0.3, 0.18)  # what is at least taken for a declared, and a listed, name of which nothing is met (see score.py)
SAME_LETTERS = 0.6  # share of pairs of letters from which a name is looked at whatever its words
UNREAD = 5_000  # names beyond which a word that says little is not looked up


class NameIndex(Vocabulary):
    """Finds names. `data` are the bytes that `build` made; raises `DamagedIndex` for any others."""

    def __init__(self, data: memoryview, lexicon: Lexicon) -> None:
        take, self.about = unpack(data)
        super().__init__(take, lexicon)
        heavy = take["word_weight"][take["name_word"]] * np.array(ROLE, np.float32)[take["name_role"]]
        sums = np.concatenate([np.zeros(1), np.cumsum(heavy, dtype=np.float64)])
        self._heavy = (sums[take["name_start"][1:]] - sums[take["name_start"][:-1]]).astype(np.float32)

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

    def readings(self) -> Mapping[int, Read]:
        """Names read already, for `build`."""
        names: list[Read] = []
        for name in range(self.names):
            words, roles = self.read(name)
            names.append((tuple(words), tuple(roles), self.is_bare(name)))
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
        names, met = self.met(words, heavy, person=person, bare=bare)
        if len(names) > most * 30:
            rough = 2 * met[names] / np.float32(asked) + met[names] / np.maximum(self._heavy[names], 1e-6)
            names = names[np.argpartition(-rough, most * 30)[: most * 30]]
        names, rank = self.ranked(names, met, asked, words, least=least)
        order = np.lexsort((names, -rank))[:most]
        return names[order[rank[order] >= 0]].astype(np.int64)

    def met(
        self, words: Sequence[str], heavy: Sequence[float], *, person: bool | None, bare: bool
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The names that hold words like these, some of them twice, and for all names how much weight they hold.

        `person` is `None` for words that may be those of a person or not."""
        found: list[npt.NDArray[np.int32]] = [np.zeros(0, np.int32)]
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
            near = self.near_joined(words[first:last], person, bare)
            if len(near.words):
                names, worth = self.holders(near)
                once = np.zeros(self.names, np.float32)
                once[names] = worth * np.float32(sum(heavy[first:last]))
                met[names] = np.maximum(met[names], once[names])
                found.append(names)
        return np.concatenate(found), met

    def holders(self, near: Near) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """The names that hold the words, those of the least alike word first."""
        starts = self.arrays["post_start"]
        first, sizes = starts[near.words], starts[near.words + 1] - starts[near.words]
        total = int(sizes.sum())
        offsets = np.repeat(np.cumsum(sizes) - sizes, sizes)
        places = np.repeat(first, sizes) + np.arange(total, dtype=np.int32) - offsets.astype(np.int32)
        return self.arrays["post_name"][places], np.repeat(near.worth, sizes)

    def ranked(
        self,
        names: npt.NDArray[np.int32],
        met: npt.NDArray[np.float32],
        asked: float,
        words: Sequence[str],
        *,
        least: float = 0.0,
        left: tuple[float, float] = LEFT,
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
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


def _spans(words: int) -> list[tuple[int, int]]:
    """The stretches of a name that may be one word elsewhere: neighbours, and the whole of a name of three or more."""
    return [*((first, first + 2) for first in range(words - 1)), *([(0, words)] if words > 2 else [])]
