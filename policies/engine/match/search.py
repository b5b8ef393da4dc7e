"""A declared name goes in, the listed names that it is like come out, each with what makes its score."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from policies.engine.match.align import LEFT, RIGHT, Met, align
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import CORE, NUMBER, Name, key
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


def search(index: NameIndex, name: str, *, person: bool | None, least: float, most: int = CANDIDATES) -> list[Found]:
    """The listed names with a score of at least `least`, and all equal ones; best first, each once.

    `person` is `None` when nobody said whether the name is that of a person; then it is looked up as both.
    """
    best: dict[int, Found] = {}
    for found in _all(index, name, (True, False) if person is None else (person,), most, least):
        if (found.equal or found.score >= least) and (
            found.name not in best or (found.equal, found.score) > (best[found.name].equal, best[found.name].score)
        ):
            best[found.name] = found
    return sorted(best.values(), key=lambda found: (-found.score, found.name))


def _all(index: NameIndex, name: str, kinds: Iterable[bool], most: int, least: float) -> Iterator[Found]:
    for person in kinds:
        read = index.lexicon.read(name, person=person)
        for version in (read, *_pieced(index, read, person=person)):
            yield from _compared(index, version, person=person, most=most, least=least)
        other = index.lexicon.read(name, person=not person)
        if other != read:
            yield from _as_written(index, other, person=not person)


def _compared(index: NameIndex, read: Name, *, person: bool, most: int, least: float) -> Iterator[Found]:
    if not read.words:
        return
    declared = Side(read.words, weigh(index, read.words, read.roles), read.roles)
    likely = index.candidates(
        read.words, declared.weights, person=person, bare=read.bare, most=most, least=least
    ).tolist()
    yield from _laid_beside(index, read, declared, [*index.equal(read.key), *likely], person=person)


def _as_written(index: NameIndex, read: Name, *, person: bool) -> Iterator[Found]:
    """Names written word for word like the declared one, of the other kind: a wrong kind hides no copy of a name."""
    if same := [number for number in index.equal(read.key) if tuple(index.read(number)[0]) == read.words]:
        declared = Side(read.words, weigh(index, read.words, read.roles), read.roles)
        yield from _laid_beside(index, read, declared, same, person=person)


def _laid_beside(
    index: NameIndex, read: Name, declared: Side, numbers: Iterable[int], *, person: bool
) -> Iterator[Found]:
    wanted = read.key
    for number in dict.fromkeys(numbers):
        words, roles = index.read(number)
        listed = Side(words, weigh(index, words, roles), roles)
        met = align(
            read.words,
            words,
            declared.weights,
            listed.weights,
            lexicon=index.lexicon,
            person=person,
            bare=LEFT if read.bare else RIGHT if index.is_bare(number) else 0,
        )
        differ = amounts(met, declared, listed)
        held = not person and _held(met, declared, listed)
        if held:
            differ = differ._replace(extra=differ.extra * HELD)
        yield Found(
            name=number,
            score=score(differ, PERSON if person else ORGANISATION),
            declared=read.words,
            listed=tuple(words),
            met=tuple(met),
            amounts=differ,
            person=person,
            declared_roles=read.roles,
            listed_roles=tuple(roles),
            equal=key(words, roles) == wanted,
            held=held,
        )


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
