"""The policy: rules, lists and thresholds of one snapshot, frozen, with the hash that names it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from policies.engine.browse.tree import Tree
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.knowledge import Knowledge
from policies.engine.classify.search import EntrySearch
from policies.engine.classify.text import PhraseIndex
from policies.engine.language import Batch, Program, compile_batch
from policies.engine.lists import (
    Authorisation,
    Chemical,
    Denial,
    Destination,
    Entry,
    Listed,
    Ownership,
    Reason,
    in_force,
)
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.watch import Watch, of_parties
from policies.engine.subjects import Setting

STAGES = ("flag", "rule", "closing")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. All clauses must hold; they are the explanation. Flags run before rules, closing rules after them."""

    id: str
    title: str
    scope: str
    clauses: tuple[Program, ...]
    effect: str
    reason: str = ""
    stage: str = "rule"
    weight: float = 0.0
    category: str = ""
    legal_basis: str = ""
    principles: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    remedy: str = ""
    note: str = ""
    examples: Mapping[str, Any] = field(default_factory=dict)

    def in_force(self, on: date | None) -> bool:
        """Whether the rule is law on that day; an unknown day keeps every rule in force (fail closed)."""
        return in_force(self.valid_from, self.valid_to, on)


class Batches:
    """The rules that apply to a direction, by stage and scope, each set compiled when it is first asked for."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._made: dict[tuple[str, str, str], tuple[tuple[Rule, ...], Batch]] = {}

    def of(self, stage: str, scope: str, direction: str) -> tuple[tuple[Rule, ...], Batch]:
        """The rules, in order, whatever their dates, and their batch."""
        slot = (stage, scope, direction)
        if slot not in self._made:
            rules = tuple(
                rule
                for rule in self._rules
                if (rule.stage, rule.scope) == (stage, scope) and (not rule.directions or direction in rule.directions)
            )
            batch = compile_batch([rule.clauses for rule in rules], scope=scope, stage=stage)
            self._made[slot] = (rules, batch)
        return self._made[slot]


@dataclass(frozen=True)
class Policy:
    """Everything that judges a shipment. Immutable; `hash` names the snapshot it was built from."""

    hash: str = ""
    entries: tuple[Entry, ...] = ()
    chemicals: tuple[Chemical, ...] = ()
    agents: tuple[Chemical, ...] = ()
    destinations: Mapping[str, Destination] = field(default_factory=dict)
    authorisations: Mapping[str, Authorisation] = field(default_factory=dict)
    knowledge: Knowledge = field(default_factory=Knowledge)
    pointers: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)
    hs_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parties: tuple[Listed, ...] = ()
    index: NameIndex | None = None  # of the party lists, when it was made before; `parties` are then those added
    ownership: tuple[Ownership, ...] = ()
    denials: tuple[Denial, ...] = ()
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    principles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    setting: Setting = Setting()

    @cached_property
    def goods(self) -> GoodsIndex:
        """The goods lists, indexed for the classifier."""
        return GoodsIndex(
            self.entries,
            self.chemicals,
            agents=self.agents,
            known=self.knowledge,
            pointers=self.pointers,
        )

    @cached_property
    def entry_search(self) -> EntrySearch:
        """The goods lists, indexed for people who look for an entry."""
        return EntrySearch(self.goods)

    @cached_property
    def entry_tree(self) -> Tree:
        """Which code of the goods lists stands below which."""
        return Tree(self.goods, self.authorisations.values())

    @cached_property
    def watch(self) -> Watch:
        """The party lists, indexed for the matcher."""
        index = self.index or of_parties(self.parties, self.lexicon)
        near_certain = self.setting.match_near_certain
        return Watch([index], self.lexicon, ownership=self.ownership, near_certain=near_certain)

    @cached_property
    def term_index(self) -> Mapping[str, PhraseIndex]:
        """The term lists by name, each searchable. A list that the pack lacks is empty."""
        index = {name: PhraseIndex((name, term) for term in terms) for name, terms in self.terms.items()}
        return defaultdict(lambda: PhraseIndex(()), index)

    @cached_property
    def batches(self) -> "Batches":
        """The rules of a stage, scope and direction, compiled together."""
        return Batches(self.rules)

    def with_lists(
        self,
        *,
        parties: tuple[Listed, ...] = (),
        ownership: tuple[Ownership, ...] = (),
        denials: tuple[Denial, ...] = (),
    ) -> "Policy":
        """The same policy with further list rows, for rule examples and screening from a file. Its hash says so."""
        if not (parties or ownership or denials):
            return self
        richer = replace(self, hash=f"{self.hash}+rows", parties=self.parties + parties, denials=self.denials + denials)
        vars(richer).update(  # the goods lists, rules and indexed names are the same: keep what was made of them
            goods=self.goods,
            term_index=self.term_index,
            batches=self.batches,
            watch=self.watch.with_more(parties, ownership),
        )
        return richer
