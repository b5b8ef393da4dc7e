"""Names against listed names, with the words that the shipped pack knows and without a database."""

from functools import cache
from typing import Any

from policies import pack
from policies.engine import read
from policies.engine.facts import Party
from policies.engine.lists import Listed, Ownership
from policies.engine.match.build import build
from policies.engine.match.hits import Hit
from policies.engine.match.index import NameIndex
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.watch import Watch, of_parties
from policies.engine.policy import Policy


@cache
def shipped() -> Policy:
    """The shipped rule pack and lists, read once per process."""
    return read.build(pack.editions(), hash="shipped")


def lexicon() -> Lexicon:
    return shipped().lexicon


def review() -> float:
    """The shipped score from which a person looks."""
    return shipped().setting.match_review


def person(name: str, entry: str = "P1", **more: Any) -> Listed:
    return Listed("parties/test", entry, name, "asset_freeze", **{"kind": "person", **more})


def company(name: str, entry: str = "O1", **more: Any) -> Listed:
    return person(name, entry, **{"kind": "organisation", **more})


def index_of(*entries: Listed) -> NameIndex:
    return NameIndex(memoryview(build(entries, lexicon())), lexicon())


def watch(*entries: Listed, ownership: tuple[Ownership, ...] = ()) -> Watch:
    near_certain = shipped().setting.match_near_certain
    return Watch([of_parties(entries, lexicon())], lexicon(), ownership=ownership, near_certain=near_certain)


def meets(name: str, *entries: Listed, ownership: tuple[Ownership, ...] = (), **party: Any) -> list[Hit]:
    """What a party met that says of itself the kind of the first entry, at the shipped review score."""
    kind = entries[0].kind if entries else ""
    declared = Party(role="consignee", name=name, **{"type": kind, **party})
    return watch(*entries, ownership=ownership).hits(declared, review=review())


def only(name: str, *entries: Listed, **party: Any) -> Hit:
    """The one hit of a name."""
    (hit,) = meets(name, *entries, **party)
    return hit
