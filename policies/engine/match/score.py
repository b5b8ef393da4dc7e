"""What likeness is worth: a score from 0 to 1 that names its parts.

A name that agrees wholly starts at 1. Every difference takes away, in proportion to how much the words concerned say
about who is meant; how little two names agree on in all takes away as well, so that Li Wei is worth less than a rare
name. What is taken are amounts times costs, so a score is a sum that can be shown. The costs were fitted, apart for
people and for organisations, on names with errors made by us and on innocent names (`bench/match.py`), so that one
threshold raises about as many false alerts for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from policies.engine.match.align import Met
from policies.engine.match.lexicon import NUMBER

MOST_NUMBERS = 2


class Amounts(NamedTuple):
    """How two names differ; as costs, what one of each takes away.

    `misspelt` is the share of the letters met that are wrong, `letters` how many are wrong, `worst` the share of the
    worst word, `sound` how many words are alike by sound alone, `initial` how many are initials, which counts more
    when little else agrees. `extra` is the share
    of the declared name that met nothing, `missing` that of the listed one, or `omitted` where
    nothing else differs, `both` the share that does so on both
    sides, `number` how many numbers differ. `few_words` and `few_letters` grow when little agrees in all.
    """

    misspelt: float = 0.0
    letters: float = 0.0
    worst: float = 0.0
    sound: float = 0.0
    initial: float = 0.0
    extra: float = 0.0
    missing: float = 0.0
    omitted: float = 0.0
    both: float = 0.0
    number: float = 0.0
    few_words: float = 0.0
    few_letters: float = 0.0


PERSON = Amounts(
    misspelt=0.26,
    letters=0.015,
    worst=0.271,
    sound=0.043,
    initial=0.017,
    extra=0.434,
    missing=0.347,
    omitted=0.217,
    both=0.087,
    number=0.059,
    few_words=0.076,
    few_letters=0.347,
)
ORGANISATION = Amounts(
    misspelt=0.08,
    letters=0.011,
    worst=0.115,
    sound=0.06,
    initial=0.02,
    extra=0.377,
    missing=0.275,
    omitted=0.18,
    both=0.06,
    number=0.031,
    few_words=0.072,
    few_letters=0.724,
)


@dataclass(frozen=True, slots=True)
class Side:
    """The words of one of two names, the weight of each, and its role."""

    words: Sequence[str]
    weights: Sequence[float]
    roles: Sequence[int]


def amounts(met: Sequence[Met], declared: Side, listed: Side) -> Amounts:
    """How two aligned names differ."""
    letters = wrong = agreed = known = worst = 0.0
    sound = initial = 0
    free_left, free_right = set(range(len(declared.words))), set(range(len(listed.words)))
    for left, right, worth, how in met:
        free_left.difference_update(left)
        free_right.difference_update(right)
        if how == "initial":
            initial += 1
            continue
        weight = (_total(declared.weights, left) + _total(listed.weights, right)) / 2
        counted = min(weight, 1.0)
        size = counted * max(_letters(declared.words, left), _letters(listed.words, right))
        letters += size
        wrong += (1 - worth) * size
        agreed += worth * size
        known += max(0.0, 2 * worth - 1) * weight
        worst = max(worst, counted * (1 - worth))
        sound += how == "sound"
    extra, missing = sum(declared.weights[at] for at in free_left), sum(listed.weights[at] for at in free_right)
    asked, held = sum(declared.weights) or 1.0, sum(listed.weights) or 1.0
    numbers = sum(declared.roles[at] == NUMBER for at in free_left) + sum(
        listed.roles[at] == NUMBER for at in free_right
    )
    only = not extra and not wrong and not initial and bool(met)
    return Amounts(
        misspelt=wrong / letters if letters else 1.0,
        letters=wrong,
        worst=worst,
        sound=sound,
        initial=initial / (0.5 + known),
        extra=extra / asked,
        missing=0.0 if only else missing / held,
        omitted=missing / held if only else 0.0,
        both=min(extra, missing) / max(asked, held),
        number=min(numbers, MOST_NUMBERS),
        few_words=1 / (0.5 + known),
        few_letters=1 / (2 + agreed),
    )


def _total(weights: Sequence[float], places: Sequence[int]) -> float:
    return weights[places[0]] if len(places) == 1 else sum(weights[place] for place in places)


def _letters(words: Sequence[str], places: Sequence[int]) -> int:
    return len(words[places[0]]) if len(places) == 1 else sum(len(words[place]) for place in places)


def score(found: Amounts, costs: Amounts) -> float:
    """The score of a name alone.

    >>> score(Amounts(extra=0.5), Amounts(extra=0.3))
    0.85
    """
    return max(1.0 - sum(amount * cost for amount, cost in zip(found, costs, strict=True)), 0.0)
