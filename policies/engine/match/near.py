"""Words of a vocabulary that are like one word, and what each is worth: the likeness of `align`, for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from policies.engine.match.align import ALIKE, MEANS, SHORT_SOUND, SOUND, TYPO, unvoiced
from policies.engine.match.sound import skeleton

Places = npt.NDArray[np.int32]
Worth = npt.NDArray[np.float32]
Same = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Near:
    """Words of the vocabulary like one word, the least alike first, and what the word itself weighs."""

    words: Places
    worth: Worth
    weight: float

    def from_worth(self, least: float) -> "Near":
        """The words that are at least so much alike."""
        keep = self.worth >= least
        return Near(self.words[keep], self.worth[keep], self.weight)


def worths(word: str, others: Sequence[str], *, sound: Same, unvoiced_as: Mapping[str, Same], means: Same) -> Worth:
    """What each of the others is worth; below `TYPO` they are not alike. The arrays say which of them have the same
    consonants, the same meaning, and, by consonants, which are those where one of both is written without vowels."""
    worth: Worth = process.cdist([word], others, scorer=OSA.normalized_similarity, score_cutoff=TYPO, dtype=np.float32)[
        0
    ]
    if word.isdigit():
        worth[worth < 1] = 0
    heard = SOUND if len(skeleton(word)) >= 3 else SHORT_SOUND if len(skeleton(word)) == 2 else -ALIKE
    worth = np.where(sound, np.maximum(worth, heard + ALIKE * np.maximum(worth, TYPO)), worth)
    for alone, same in unvoiced_as.items():
        worth = np.where(same, np.maximum(worth, unvoiced(alone)), worth)
    return np.where(means, np.maximum(worth, MEANS["translation"]), worth).astype(np.float32)
