"""How much a word says about who is meant, from 0 to 1, and how much of that its role leaves."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from policies.engine.match.lexicon import CAREFUL, CORE, FORM, NUMBER, PARTICLE, PATRONYMIC, STOP, TITLE, Lexicon

RARE, EVERYWHERE = (
    12,
    7_000,
)  # entries that may hold a word which still counts fully, and that hold one that says little
LEAST = 0.12
STEPS = 20  # weights move in steps, so that an entry more or less leaves most scores as they are
UNKNOWN = (0.0, 0.3, 0.6, 0.85, 1.0)  # of a word that no list has, by its letters: short ones say less
BY_ROLE = {CORE: 1.0, TITLE: 0.02, CAREFUL: 0.5, PARTICLE: 0.2, FORM: 0.03, STOP: 0.05, NUMBER: 1.0, PATRONYMIC: 0.5}
ROLE = [BY_ROLE[role] for role in range(len(BY_ROLE))]


def of_unknown(word: str) -> float:
    """The weight of a word that is on no list."""
    return UNKNOWN[min(len(word), len(UNKNOWN) - 1)]


def weights(words: Sequence[str], entries: npt.NDArray[np.int32], lexicon: Lexicon) -> npt.NDArray[np.float32]:
    """The weight of each word of a vocabulary, from the number of entries that hold it."""
    spread = math.log(EVERYWHERE / RARE)
    share = np.clip(1 - np.log(np.maximum(entries, RARE) / RARE) / spread, LEAST, 1.0)
    most = np.array([lexicon.most(word) for word in words])
    found: npt.NDArray[np.float32] = np.minimum(np.ceil(share * STEPS) / STEPS, most).astype(np.float32)
    return found
