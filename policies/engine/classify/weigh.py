"""What speaks for an entry, in amounts, and what each amount is worth: a sum that a person can follow.

A score is the chance that the entry is right, from the sum of amounts times worth. The worth of each kind was fitted
on the tuning half of the labelled lines (`bench/classify_fit.py`); the test half is only measured.
"""

import math
from typing import NamedTuple


class Amounts(NamedTuple):
    """The amounts, most between 0 and 1. The comment of each is what the finding calls it."""

    named: float = 0.0  # a wording that names goods of the entry alone
    usual: float = 0.0  # a usual wording for such goods, of which simpler ones are free
    possible: float = 0.0  # a wider wording
    further: float = 0.0  # further wordings beside the best
    whole: float = 0.0  # the share of the description that a wording of its own makes up
    similar: float = 0.0  # words in common with the entry
    met: float = 0.0  # a parameter beyond its threshold
    likely_met: float = 0.0  # ... that only its unit points at, or a part of several
    untold: float = 0.0  # the entry begins at a threshold of which nothing is said, and no wording names it alone
    failed: float = 0.0  # a parameter on the other side of its threshold
    released: float = 0.0  # a condition that frees the goods
    hs: float = 0.0  # the HS code is correlated
    hs_heading: float = 0.0  # its first four digits are
    hs_against: float = 0.0  # it is of another chapter than all that are
    chemical: float = 0.0  # the CAS number, or the name of a listed substance
    grade: float = 0.0  # a grade, type or part number of such goods
    grade_against: float = 0.0  # one that is known to stay below
    ordinary: float = 0.0  # the description names ordinary goods
    civil: float = 0.0  # words of civil use
    below: float = 0.0  # words for staying below thresholds
    software: float = 0.0  # software or technology for goods that fit
    only_software: float = 0.0  # the description is of software, the entry of goods
    no_software: float = 0.0  # the entry is of software, nothing in the description is


WORTH = Amounts(
    named=4.74,
    usual=3.77,
    possible=0.19,
    further=2.71,
    whole=0.61,
    similar=3.40,
    met=1.55,
    likely_met=1.70,
    untold=-1.48,
    failed=-1.74,
    released=-1.05,
    hs=1.61,
    hs_heading=1.78,
    hs_against=-1.62,
    chemical=5.25,
    grade=1.00,
    grade_against=-2.47,
    ordinary=-1.94,
    civil=-1.70,
    below=-4.01,
    software=6.63,
    only_software=-3.00,
    no_software=-0.82,
)
SETTLES = 0.6
GRADE = 0.75
KIND = 0.5  # what a wording of the kind of goods counts at least, so that a threshold reached can settle it
BASE = -4.91


def score(amounts: Amounts) -> float:
    """The chance (0 to 1) that the entry is right."""
    return chance_of(total(amounts))


def chance_of(points: float) -> float:
    """A sum of points, base included, as a chance from 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(min(points, 30.0), -30.0)))


def decided(amounts: Amounts) -> bool:
    """Whether something settles that goods are of an entry, and not only of its kind.

    A usual wording settles it only where the entry has no threshold, or one is reached: a frequency converter of which
    no frequency is told is asked about, and contradicts nothing.
    """
    if amounts.no_software:
        return False
    if max(amounts.named, amounts.chemical) >= SETTLES:
        return not amounts.released and (amounts.failed < 1.0 or bool(amounts.met))
    if amounts.software >= SETTLES or amounts.grade >= GRADE:
        return True
    kind_named = max(amounts.usual, amounts.possible) >= KIND
    if kind_named and (amounts.met or amounts.likely_met):
        return not amounts.failed
    open_or_below = amounts.untold or amounts.failed or amounts.released or amounts.below or amounts.grade_against
    return amounts.usual >= SETTLES and not open_or_below


def total(amounts: Amounts) -> float:
    """The sum of what speaks for and against, with the base: 0 is a chance of one half."""
    return BASE + sum(amount * worth for amount, worth in zip(amounts, WORTH, strict=True))


def parts(amounts: Amounts) -> dict[str, float]:
    """What each kind adds or takes away, those that are nothing left out."""
    return {
        name: amount * worth
        for name, amount, worth in zip(Amounts._fields, amounts, WORTH, strict=True)
        if abs(amount * worth) >= 0.05
    }
