"""All codes of the goods lists as trees: list, group, entry, sub-entry, with the substances under their codes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from policies.engine.classify.codes import ONE_KIND, normalise, parents
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.search import natural
from policies.engine.lists import Authorisation, Chemical, Entry

NAMED = 3  # substances or wordings by which a code without a row of its own is named
KINDS = {code: one for one in ("AMMO", "PART") for same in ONE_KIND if one in same for code in same if code != one}


@dataclass(frozen=True, slots=True)
class Node:
    """A code and what stands below it. `entry` is missing where only substances or thresholds name the code."""

    code: str
    heading: str
    entry: Entry | None = None
    below: "tuple[Node, ...]" = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of a list that belong together: a category and group of Annex I, a category of firearms, an annex."""

    key: str
    category: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One goods list."""

    list: str
    family: str
    entries: int
    groups: tuple[Group, ...]


class Tree:
    """Which code stands below which. Made once per policy; answers without changing."""

    def __init__(self, goods: GoodsIndex, authorisations: Iterable[Authorisation] = ()) -> None:
        self._goods = goods
        self._substances: dict[str, list[Chemical]] = defaultdict(list)
        for item in goods.substances:
            if item.code:
                self._substances[item.code].append(item)
        self._shown = {entry.code for entry in goods.entries} | self._substances.keys()
        self._all = self._shown | set(_measured(goods)) | set(_named(goods, authorisations))
        self._below = {False: self._children(self._shown), True: self._children(self._all)}

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """The lists in the order of the policy, each with its groups."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for code in sorted({entry.code for entry in self._goods.entries}, key=natural):
            entry = self._goods.editions(code)[-1]
            found[entry.list].append(entry)
        order = dict.fromkeys(entry.list for entry in self._goods.entries)
        return tuple(self._branch(name, found[name]) for name in sorted(order, key=_rank))

    def known(self, code: str) -> bool:
        """Whether a row, a substance, a threshold or a wording names the code itself."""
        return code in self._all

    def above(self, code: str) -> list[Node]:
        """The codes above one, the highest first."""
        over = [item for item in (*parents(code)[1:], *([KINDS[code]] if code in KINDS else ())) if item in self._shown]
        return [self._node(item, deep=False) for item in reversed(over)]

    def below(self, code: str) -> list[Node]:
        """The codes right below one, those without a row of their own too."""
        return [self._node(item, deep=False) for item in self._below[True].get(code, ())]

    def substances(self, code: str) -> list[Chemical]:
        """The substances at a code and below it, in the order of their codes."""
        held = [item for item in self._substances if code in parents(item)]
        return [item for name in sorted(held, key=natural) for item in self._substances[name]]

    def heading(self, code: str) -> str:
        """What a code is called: its row's heading, else its substances, else wordings that name goods of it."""
        if rows := self._goods.editions(code):
            return rows[-1].heading
        names = [item.name for item in self._substances.get(code, ())]
        names = names or [
            term.term
            for says in ("is", "often")
            for term in self._goods.knowledge.terms
            if term.code == code and term.says == says and term.language == "en"
        ]
        more = f" (+{len(names) - NAMED})" if len(names) > NAMED else ""
        return ", ".join(names[:NAMED]) + more

    def _branch(self, name: str, entries: Sequence[Entry]) -> Branch:
        codes = {entry.code for entry in entries}
        groups: dict[tuple[str, str], list[Node]] = defaultdict(list)
        for entry in entries:
            if not any(item.code in codes for item in self.above(entry.code)):
                groups[_group(entry)].append(self._node(entry.code, deep=True))
        made = tuple(Group(key, category, tuple(nodes)) for (category, key), nodes in groups.items())
        return Branch(name, entries[0].family, len(entries), made)

    def _node(self, code: str, *, deep: bool) -> Node:
        below = tuple(self._node(item, deep=True) for item in self._below[False].get(code, ())) if deep else ()
        rows = self._goods.editions(code)
        return Node(code, self.heading(code), rows[-1] if rows else None, below)

    def _children(self, codes: set[str]) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code in sorted(codes, key=natural):
            over = next((item for item in parents(code)[1:] if item in codes), KINDS.get(code, ""))
            if over in codes:
                found[over].append(code)
        return {code: tuple(below) for code, below in found.items()}


def known_code(text: str, goods: GoodsIndex) -> str:
    """A code as anybody writes it, in the one form that the lists use; empty when it is no code at all."""
    plain = text.strip().upper()
    own = next((entry.code for entry in goods.entries if entry.code.upper() == plain), "")
    return own or normalise(text)


def _measured(goods: GoodsIndex) -> Iterator[str]:
    """Codes that thresholds or annexes name, though they have no row of their own."""
    for threshold in goods.knowledge.thresholds:
        yield from filter(None, map(normalise, threshold.code.split("/")))
    for entry in goods.entries:
        yield from (*entry.annex_iv_codes, *entry.section_i_codes)


def _named(goods: GoodsIndex, authorisations: Iterable[Authorisation]) -> Iterator[str]:
    yield from (term.code for term in goods.knowledge.terms)
    for item in authorisations:
        yield from (code for code in (*item.include, *item.exclude) if normalise(code) == code)


def _group(entry: Entry) -> tuple[str, str]:
    """Category and group; a firearm is grouped by the letter of its category, an anti-torture item by its annex."""
    category = entry.code[0] if entry.family == "annex_i" else ""
    own = {"anti_torture": entry.annex, "firearm": entry.annex, "national": entry.state}
    return category, own.get(entry.family, entry.group)


def _rank(name: str) -> tuple[int, str]:
    usual = ("goods/annex_i", "goods/military", "goods/firearms", "goods/anti_torture", "goods/national")
    return (usual.index(name) if name in usual else len(usual), name)
