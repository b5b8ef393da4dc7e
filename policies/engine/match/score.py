"""How alike two names are, word by word, with the pairs that make the score."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from policies.engine.match.names import skeleton

TYPO = 0.72  # similarity from which two words may be one word misspelt
SOUND = 0.9  # what two words are worth that sound alike and look alike enough
ECHO = 0.6  # similarity from which a sound counts: `zvezdny` and `zvyozdny`, not `xperi` and `saber`


@dataclass(frozen=True, slots=True)
class Pair:
    """One declared word and the listed word it met. `kind`: same, typo, sound, initial, missing, extra."""

    declared: str
    listed: str
    kind: str
    worth: float


def align(declared: Sequence[str], listed: Sequence[str], weight: Callable[[str], float]) -> tuple[float, list[Pair]]:
    """Score two names from 0 to 1: shared weight over all weight, each word used once, best pairs first."""
    options = sorted(
        ((*_alike(left, right), i, j) for i, left in enumerate(declared) for j, right in enumerate(listed)),
        key=lambda item: (-item[0], item[2], item[3]),
    )
    pairs: list[Pair] = []
    free_left, free_right = set(range(len(declared))), set(range(len(listed)))
    shared = 0.0
    for worth, kind, i, j in options:
        if worth <= 0:
            break
        if i in free_left and j in free_right:
            free_left.discard(i)
            free_right.discard(j)
            pairs.append(Pair(declared[i], listed[j], kind, worth))
            shared += worth * (weight(declared[i]) + weight(listed[j]))
    pairs += [Pair(declared[i], "", "extra", 0.0) for i in sorted(free_left)]
    pairs += [Pair("", listed[j], "missing", 0.0) for j in sorted(free_right)]
    total = sum(map(weight, declared)) + sum(map(weight, listed))
    return (shared / total if total else 0.0), pairs


def _alike(left: str, right: str) -> tuple[float, str]:
    if left == right:
        return 1.0, "same"
    if left.isdigit() or right.isdigit():
        return 0.0, ""
    if min(len(left), len(right)) == 1:
        return (0.6, "initial") if left[0] == right[0] else (0.0, "")
    if min(len(left), len(right)) < 4:
        return 0.0, ""
    similar = OSA.normalized_similarity(left, right, score_cutoff=ECHO)
    if ECHO <= similar < SOUND and len(skeleton(left)) >= 3 and skeleton(left) == skeleton(right):
        return SOUND, "sound"
    return (similar, "typo") if similar >= TYPO else (0.0, "")
