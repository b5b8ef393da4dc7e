"""Earlier classifications of like goods, looked up for all lines of a shipment at once.

Part and CAS numbers count within one organisation only: another one's may mean anything. Descriptions are compared
whoever wrote them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import Case, Q, When

from policies.engine.classify import precedents as engine
from policies.engine.classify.book import Book
from policies.engine.classify.index import GoodsIndex
from screening.models import KeyKind, Organisation, Precedent, PrecedentKey
from screening.precedents.validity import Judge

MOST = 5  # precedents of one line
LIKE = 0.55  # likeness from which a description is worth a look
COMPARED = 12  # descriptions compared with one line: those that share most of its rare words
ENDED = MOST  # the same of those that count no more, which take no place of those that do
KEYS_READ = (
    20_000  # rows of the look-up that one page reads at most: of numbers first, then what stands, then the newest
)


class Goods(Protocol):
    """What is asked of a line."""

    @property
    def number(self) -> int: ...
    @property
    def description(self) -> str: ...
    @property
    def cas_number(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A precedent for a line: what both have in common, how alike the descriptions are, and why it counts no more.

    `same` are the shared part and CAS numbers of the same organisation, `words` those that both descriptions have.
    """

    precedent: Precedent
    same: tuple[str, ...]
    words: tuple[str, ...]
    likeness: float
    ended: str

    @property
    def valid(self) -> bool:
        return not self.ended


def find(line: Goods, *, organisation: Organisation, goods: GoodsIndex, on: date) -> list[Found]:
    """The precedents of one line, as `find_all` finds them."""
    return find_all([line], organisation=organisation, goods=goods, on=on)[line.number]


def find_all(
    lines: Sequence[Goods], *, organisation: Organisation, goods: GoodsIndex, on: date, own: bool = False
) -> dict[int, list[Found]]:
    """For each line by its number at most `MOST`: of the same part first, what was withdrawn last. Two queries.

    `own` leaves out whatever other organisations described.
    """
    book, judge = goods.book, Judge(goods, on=on)
    read = {line.number: engine.words(book, line.description) for line in lines}
    asked = {line.number: _keys(line, read[line.number], book) for line in lines}
    under = _looked_up({key for keys in asked.values() for key in keys}, organisation, judge, own=own)
    shared = {number: _shared(keys, under) for number, keys in asked.items()}
    wanted = {pk for found in shared.values() for pk in found}
    rows = Precedent.objects.select_related("by", "organisation", "case__shipment").in_bulk(wanted)
    words = {pk: engine.words(book, row.description) for pk, row in rows.items()}
    compared = {
        number: [_found(rows[pk], same, read[number], words[pk], judge) for pk, same in found.items()]
        for number, found in shared.items()
    }
    return {number: _best(found) for number, found in compared.items()}


def _keys(line: Goods, words: Iterable[engine.Word], book: Book) -> set[tuple[str, str]]:
    keys = {(str(KeyKind.PART), part) for part in engine.part_numbers(line.description, book=book)}
    keys |= {(str(KeyKind.WORD), word) for word in engine.keys_of(words)}
    return keys | ({(str(KeyKind.CAS), line.cas_number)} if line.cas_number else set())


@dataclass(frozen=True, slots=True)
class _Under:
    """The precedents under each key, and for each of them its entry and digest; nothing for one that has ended."""

    key: Mapping[tuple[str, str], list[int]]
    entry: Mapping[int, tuple[str, str] | None]
    judge: Judge

    def first(self, ranked: Sequence[int]) -> list[int]:
        """As many as are compared. Those that count no more take no place of those that do."""
        if len(ranked) <= COMPARED:
            return list(ranked)
        valid = [pk for pk in ranked if self._valid(pk)]
        counted = set(valid)
        return valid[:COMPARED] + [pk for pk in ranked if pk not in counted][:ENDED]

    def _valid(self, pk: int) -> bool:
        entry = self.entry[pk]
        return entry is not None and not self.judge.changed(*entry)


def _looked_up(keys: Iterable[tuple[str, str]], organisation: Organisation, judge: Judge, *, own: bool) -> _Under:
    """The precedents under each key, part and CAS numbers those of the organisation alone; one query."""
    of_kind: dict[str, list[str]] = defaultdict(list)
    for kind, value in sorted(keys):
        of_kind[kind].append(value)
    asked = Q(kind=KeyKind.WORD, value__in=of_kind[KeyKind.WORD])
    for kind in (KeyKind.PART, KeyKind.CAS):
        asked |= Q(kind=kind, value__in=of_kind[kind], precedent__organisation=organisation)
    if own:
        asked &= Q(precedent__organisation=organisation)
    under: dict[tuple[str, str], list[int]] = defaultdict(list)
    entry: dict[int, tuple[str, str] | None] = {}
    ended = Case(When(judge.standing("precedent__"), then=0), default=1)
    rows = PrecedentKey.objects.filter(asked).annotate(ended=ended)
    rows = rows.order_by("kind", "ended", "-precedent_id")  # words come last
    told = ("ended", "precedent__code", "precedent__considered", "precedent__entry_digest")
    for kind, value, pk, *state in rows.values_list("kind", "value", "precedent_id", *told)[:KEYS_READ]:
        under[kind, value].append(pk)
        entry[pk] = None if state[0] else (state[1] or state[2], state[3])
    return _Under(under, entry, judge)


def _shared(keys: Iterable[tuple[str, str]], under: _Under) -> dict[int, tuple[str, ...]]:
    """The precedents to compare with a line, each with the part and CAS numbers that both have."""
    same: dict[int, list[str]] = defaultdict(list)
    words: Counter[int] = Counter()
    for kind, value in sorted(keys):
        for precedent in under.key.get((kind, value), ()):
            if kind == KeyKind.WORD:
                words[precedent] += 1
            else:
                same[precedent].append(value)
    newest = under.first(sorted(same, reverse=True))
    alike = under.first(sorted(words, key=lambda pk: (-words[pk], -pk)))
    return {pk: tuple(same.get(pk, ())) for pk in dict.fromkeys((*newest, *alike))}


def _found(
    precedent: Precedent, same: tuple[str, ...], left: Sequence[engine.Word], right: Sequence[engine.Word], judge: Judge
) -> Found:
    words = tuple(dict.fromkeys(word.text for word in engine.common(left, right)))
    return Found(precedent, same, words, round(engine.alike(left, right), 3), judge.ended(precedent))


def _best(found: Iterable[Found]) -> list[Found]:
    """What was withdrawn comes last, so that it crowds out nothing that stands or stood until its entry changed."""
    kept = [item for item in found if item.same or item.likeness >= LIKE]
    return sorted(kept, key=_rank)[:MOST]


def _rank(item: Found) -> tuple[bool, bool, bool, float, int]:
    row = item.precedent
    return (row.withdrawn_at is not None, not item.same, not item.valid, -item.likeness, -row.pk)
