"""A declared name goes in, the listed names that it is like come out, each with what makes its score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.engine.match.align import LEFT, RIGHT, Met, align
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import CORE, NUMBER, Lexicon, Name, key
from policies.engine.match.score import ORGANISATION, PERSON, Amounts, Side, amounts, score
from policies.engine.match.weights import ROLE

CANDIDATES = 24
LONG, SHORT = 10, 5  # letters from which a word that no list has may be several, and that when it stands alone
MOST_PIECES = 12
HELD_WORDS, HELD_WEIGHT = 2, 1.2  # from which a listed name that stands whole within a longer one says who is meant
HELD = 0.25  # what is taken for the rest of the longer name, of what would be


@dataclass(frozen=True, slots=True)
class Found:
    """A listed name like a declared one: its place in the index, and what makes the score.

    `declared` and `listed` are the words as compared, `met` their pairs; `equal` says that they are the same name for
    the law; `held`, that the listed name stands whole within the declared one. `person` says which costs were applied.
    """

    name: int
    score: float
    declared: tuple[str, ...]
    listed: tuple[str, ...]
    met: tuple[Met, ...]
    amounts: Amounts
    person: bool
    declared_roles: tuple[int, ...] = ()
    listed_roles: tuple[int, ...] = ()
    equal: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One reading of a declared name, as an index weighs it. `key` is `Name.key`; `person` says which costs apply,
    `bare` whether its script wrote no vowels. `copies` marks the reading as of another kind than the declared one: it
    meets only names that are written word for word like it, for a wrong kind hides no copy of a name."""

    side: Side
    key: str
    bare: bool
    person: bool
    copies: bool = False


def search(index: NameIndex, name: str, *, person: bool | None, least: float, most: int = CANDIDATES) -> list[Found]:
    """The listed names with a score of at least `least`, and all equal ones; best first, each once.

    `person` is `None` when nobody said whether the name is that of a person; then it is looked up as both.
    """
    best: dict[int, Found] = {}
    for asked in readings(index, name, person=person):
        for found in _compared(index, asked, most=most, least=least):
            if (found.equal or found.score >= least) and (
                found.name not in best or (found.equal, found.score) > (best[found.name].equal, best[found.name].score)
            ):
                best[found.name] = found
    return sorted(best.values(), key=lambda found: (-found.score, found.name))


def readings(index: NameIndex, name: str, *, person: bool | None) -> Iterator[Asked]:
    """The readings in which a declared name is compared: as a person's or not, each also with joined words cut."""
    both = {kind: index.lexicon.read(name, person=kind) for kind in (True, False)}
    for kind in (True, False) if person is None else (person,):
        read, other = both[kind], both[not kind]
        for version in (read, *_pieced(index, read, person=kind)) if read.words else ():
            yield Asked(weighed(index, version), version.key, version.bare, kind)
        if person is not None and other != read and other.words:
            yield Asked(weighed(index, other), other.key, other.bare, not kind, copies=True)


def weighed(index: NameIndex, name: Name) -> Side:
    """The words of a name with their weights."""
    return Side(name.words, weigh(index, name.words, name.roles), name.roles)


def compare(asked: Asked, listed: Side, *, bare: bool, lexicon: Lexicon, name: int = -1) -> Found:
    """A reading of a declared name beside one listed name: both are weighed by the index that has the listed one, which
    says too whether its script wrote no vowels (`bare`)."""
    declared = asked.side
    met = align(
        declared.words,
        listed.words,
        declared.weights,
        listed.weights,
        lexicon=lexicon,
        person=asked.person,
        bare=LEFT if asked.bare else RIGHT if bare else 0,
    )
    differ = amounts(met, declared, listed)
    held = not asked.person and _held(met, declared, listed)
    if held:
        differ = differ._replace(extra=differ.extra * HELD)
    return Found(
        name=name,
        score=score(differ, PERSON if asked.person else ORGANISATION),
        declared=tuple(declared.words),
        listed=tuple(listed.words),
        met=tuple(met),
        amounts=differ,
        person=asked.person,
        declared_roles=tuple(declared.roles),
        listed_roles=tuple(listed.roles),
        equal=key(listed.words, listed.roles) == asked.key,
        held=held,
    )


def _compared(index: NameIndex, asked: Asked, *, most: int, least: float) -> Iterator[Found]:
    words, weights = asked.side.words, asked.side.weights
    numbers = index.equal(asked.key)
    if asked.copies:
        numbers = [number for number in numbers if tuple(index.read(number)[0]) == words]
    else:
        numbers += index.candidates(
            words, weights, person=asked.person, bare=asked.bare, most=most, least=least
        ).tolist()
    for number in dict.fromkeys(numbers):
        yield compare(asked, _listed(index, number), bare=index.is_bare(number), lexicon=index.lexicon, name=number)


def _listed(index: NameIndex, name: int) -> Side:
    """The words of a listed name; their weights need not be looked up."""
    start, end = index.arrays["name_start"][name : name + 2]
    places, roles = (index.arrays[what][start:end].tolist() for what in ("name_word", "name_role"))
    weights = [index.weights[place] * ROLE[role] for place, role in zip(places, roles, strict=True)]
    return Side([index.words[place] for place in places], weights, roles)


def weigh(index: NameIndex, words: Sequence[str], roles: Sequence[int]) -> list[float]:
    """The weight of each word in its role."""
    return [index.weight(word) * ROLE[role] for word, role in zip(words, roles, strict=True)]


def _held(met: Sequence[Met], declared: Side, listed: Side) -> bool:
    """Whether the listed name stands whole, word by word, within the declared one."""
    core = {place for place, role in enumerate(listed.roles) if role in (CORE, NUMBER)}
    same = sorted((right[0], left[0]) for left, right, _worth, how in met if how == "same" and right[0] in core)
    places = [left for _right, left in same]
    return (
        len(same) == len(core) >= HELD_WORDS
        and places == list(range(places[0], places[0] + len(places)))
        and sum(listed.weights[place] for place in core) >= HELD_WEIGHT
    )


def _pieced(index: NameIndex, read: Name, *, person: bool) -> list[Name]:
    """The name with its joined words cut, when it has any."""
    shortest = SHORT if len(read.words) <= 2 else LONG
    cut = [
        piece
        for word in read.words
        for piece in (index.pieces(word) if len(word) >= shortest and word not in index.place else [word])
    ]
    if len(cut) == len(read.words) or len(cut) > len(read.words) + MOST_PIECES:
        return []
    return [index.lexicon.read(" ".join(cut), person=person)]
