"""A score as a sum that can be shown: what each part of two names, and what stands beside them, adds or takes away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policies.engine.match.corroborate import Sign
from policies.engine.match.lexicon import FORM, TITLE
from policies.engine.match.score import ORGANISATION, PERSON, Amounts
from policies.engine.match.search import Found
from policies.engine.match.weights import ROLE

SILENT = {FORM: "form", TITLE: "title"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Declared words and the listed words that they met, and what their difference takes away (0 or less).

    `kind`: same, typo, spelling, sound, transliteration, variant, nickname, translation, abbreviation, number, initial,
    joined, split; extra and missing for words that met nothing, form and title for such words that say nothing.
    """

    declared: str
    listed: str
    kind: str
    points: float


@dataclass(frozen=True, slots=True)
class Points:
    """`base` and everything else add up to `total`. `pairs` are those of the names, `rest` is by name: little to go on,
    words left over on both sides, limits of the scale, and the signs beside the names."""

    base: float
    pairs: tuple[Pair, ...] = ()
    rest: tuple[tuple[str, float], ...] = ()

    @property
    def total(self) -> float:
        return self.base + sum(pair.points for pair in self.pairs) + sum(points for _name, points in self.rest)

    def beside(self, signs: Sequence[Sign], *, most: float) -> "Points":
        """With the signs, within 0 and `most`."""
        richer = replace(self, rest=(*self.rest, *((sign.what, sign.points) for sign in signs if sign.points)))
        total = richer.total
        over = min(total, most) - total if total > 0 else -total
        return replace(richer, rest=(*richer.rest, ("limit", over))) if over else richer


def stated(score: float) -> Points:
    """Points of what no names were compared for."""
    return Points(score)


def of_found(found: Found) -> Points:
    """What the names alone are worth, each loss given to the words that cause it."""
    costs = PERSON if found.person else ORGANISATION
    loss = Amounts(*(-amount * cost for amount, cost in zip(found.amounts, costs, strict=True)))
    shares = _shares(found)
    spelled = loss.misspelt + loss.letters + loss.worst
    sounds = sum(how == "sound" for *_places, how in found.met) or 1
    initials = sum(how == "initial" for *_places, how in found.met) or 1
    pairs = [
        Pair(
            _text(found.declared, left),
            _text(found.listed, right),
            how,
            shares[number] * spelled
            + (loss.sound / sounds if how == "sound" else 0.0)
            + (loss.initial / initials if how == "initial" else 0.0),
        )
        for number, (left, right, _worth, how) in enumerate(found.met)
    ]
    pairs.sort(key=lambda pair: _place(pair, found.declared))
    pairs += _left_over(found, loss)
    rest = [("little", loss.few_words + loss.few_letters), ("both", loss.both)]
    given = sum(pair.points for pair in pairs) + sum(points for _name, points in rest)
    if abs(wanted := found.score - 1.0 - given) > 1e-9:
        rest.append(("limit", wanted))
    return Points(1.0, tuple(pairs), tuple((name, points) for name, points in rest if points))


def _shares(found: Found) -> list[float]:
    """Which share of what is misspelt each pair has."""
    wrong = [
        (1 - worth) * max(len(_text(found.declared, left)), len(_text(found.listed, right)))
        if how != "initial"
        else 0.0
        for left, right, worth, how in found.met
    ]
    total = sum(wrong)
    return [one / total if total else 1 / len(wrong) for one in wrong]


def _left_over(found: Found, loss: Amounts) -> list[Pair]:
    left = {place for pair in found.met for place in pair[0]}
    right = {place for pair in found.met for place in pair[1]}
    extra = [place for place in range(len(found.declared)) if place not in left]
    missing = [place for place in range(len(found.listed)) if place not in right]
    ours, theirs = found.declared_roles, found.listed_roles
    pairs = [
        Pair(found.declared[place], "", SILENT.get(ours[place], "extra"), loss.extra * share)
        for place, share in zip(extra, _by_role(ours, extra), strict=True)
    ]
    pairs += [
        Pair("", found.listed[place], SILENT.get(theirs[place], "missing"), (loss.missing + loss.omitted) * share)
        for place, share in zip(missing, _by_role(theirs, missing), strict=True)
    ]
    numbers = [pair for pair in pairs if (pair.declared or pair.listed).isdigit()]
    return [
        replace(pair, points=pair.points + loss.number / len(numbers)) if pair in numbers else pair for pair in pairs
    ]


def _by_role(roles: Sequence[int], places: Sequence[int]) -> list[float]:
    """The share of each word in what words of these roles take away together."""
    total = sum(ROLE[roles[place]] for place in places)
    return [ROLE[roles[place]] / total for place in places]


def _text(words: Sequence[str], places: Sequence[int]) -> str:
    return " ".join(words[place] for place in places)


def _place(pair: Pair, declared: Sequence[str]) -> int:
    first = pair.declared.split(" ", 1)[0]
    return declared.index(first) if first in declared else len(declared)
