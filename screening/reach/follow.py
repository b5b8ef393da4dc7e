"""From the rows of a list that differ to what they can affect: names, identifiers, addresses, countries, directions.

Each kind of list has its follower; a kind without one reaches everything. What only people read is followed nowhere,
as `screening.differences` counts no words.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.engine.match.corroborate import most
from policies.engine.match.lexicon import PERSON
from policies.engine.read import listed
from screening.names import Declared, addressed, identified

Row = Mapping[str, Any]
Pair = tuple[Row, Row]  # a row before and after; empty where there is none

NOT_SCREENED = {"reference", "principles", "reasons"}  # lists that no finding depends on
COUNTRY = {"destinations": "code", "embargoes": "target", "country_groups": "country", "denials": "country"}
WORDS_OF_RULE = {"title", "note", "remedy", "examples", "principles"}
WORDS_OF_PARTY = {"note"}
NAMES_OF_PARTY = {"name", "aliases", "weak"}  # anything else of an entry may raise or lower the score of all its names


@dataclass(frozen=True, slots=True, order=True)
class Listing:
    """A name of a row, on `side` 0 in the snapshot before and 1 in the one after. `person` says how it is read, `more`
    what may raise its score, `equal` that only equal names count."""

    side: int
    text: str
    person: bool = False
    more: float = 0.0
    equal: bool = False


@dataclass
class Found:
    """What the changed rows name. `owners` are ids and names whose holdings may count otherwise now, `owned` the names
    of what they hold. `dismissed` is given, not found: the ids of entries whose matches officers dismissed.
    """

    dismissed: frozenset[str] = frozenset()
    everything: str = ""
    names: set[Listing] = field(default_factory=set)
    owners: set[str] = field(default_factory=set)
    owned: set[str] = field(default_factory=set)
    exact: set[Declared] = field(default_factory=set)
    directions: set[str] = field(default_factory=set)


def follow(kind: str, pairs: Iterable[Pair], found: Found) -> None:
    """Add what the differing rows of one list can affect."""
    for pair in pairs:
        fields = {name for name in {**pair[0], **pair[1]} if pair[0].get(name) != pair[1].get(name)}
        FOLLOWERS.get(kind, _everything)(pair, fields, found)
        if code := {row[COUNTRY[kind]] for row in pair if row.get(COUNTRY.get(kind, ""))}:
            found.exact |= {Declared("country", str(item)) for item in code}


def below(owners: Iterable[str], stakes: Iterable[Row], fold: Callable[[str], str]) -> set[str]:
    """Names of everything that the owners (ids or names) hold, directly or through what they hold."""
    held: dict[str, set[str]] = defaultdict(set)
    for row in stakes:
        for owner in (str(row["owner"]), fold(str(row["owner"]))):
            held[owner].add(row["owned"])
    waiting = [name for owner in owners for name in (owner, fold(owner))]
    seen: set[str] = set()
    while waiting:
        if (owner := waiting.pop()) not in seen:
            seen.add(owner)
            waiting += [fold(name) for name in held.get(owner, ())]
    return {name for owner in seen for name in held.get(owner, ())}


def _everything(pair: Pair, fields: set[str], found: Found) -> None:
    found.everything = "A list that every shipment is judged by has changed."


def _party(pair: Pair, fields: set[str], found: Found) -> None:
    """What differs of an entry; all of it when anything but its names does, it is new or gone, or was dismissed."""
    if fields <= WORDS_OF_PARTY:
        return
    dismissed = any(row and str(row["id"]) in found.dismissed for row in pair)
    partly = fields <= NAMES_OF_PARTY | WORDS_OF_PARTY and all(pair) and not dismissed
    names = tuple(set(_names(row)) for row in pair)
    for side, row in enumerate(pair):
        entry = listed("", row) if row else None
        for text, _weak in names[side] - (names[1 - side] if partly else set()):
            found.names.add(Listing(side, text, bool(entry and entry.kind == PERSON), most(entry) if entry else 0.0))
        found.owners |= {text for text, _weak in names[side]}
    found.owners |= {str(row["id"]) for row in pair if row}
    if not partly:
        found.exact |= {declared for row in pair for declared in _marks(row)}


def _names(row: Row) -> Iterable[tuple[str, bool]]:
    return [
        *([(row["name"], False)] if row else []),
        *((alias, False) for alias in row.get("aliases", ())),
        *((alias, True) for alias in row.get("weak", ())),
    ]


def _marks(row: Row) -> list[Declared]:
    """The identifiers and addresses of an entry that are long enough to meet another."""
    found = [identified(str(kind), str(value)) for kind, value in row.get("identifiers", ())]
    found += [addressed(str(address)) for address in row.get("addresses", ())]
    return [declared for declared in found if declared]


def _stake(pair: Pair, fields: set[str], found: Found) -> None:
    changed = {str(row["owned"]) for row in pair if row}
    found.owned |= changed
    found.owners |= changed


def _denial(pair: Pair, fields: set[str], found: Found) -> None:
    """Shipments to who was denied, and all to the country: an item may be the same. See `follow` for the country."""
    found.names |= {Listing(side, row["end_user"], equal=True) for side, row in enumerate(pair) if row.get("end_user")}
    if any(row and not row.get("country") for row in pair):
        found.everything = "A denial that names no country has changed."


def _rule(pair: Pair, fields: set[str], found: Found) -> None:
    """A rule reaches the directions that it names; one that names none reaches everything."""
    if fields <= WORDS_OF_RULE:
        return
    if any(row and not row.get("directions") for row in pair):
        found.everything = "A rule that counts in every direction has changed."
    found.directions |= {direction for row in pair for direction in row.get("directions", ())}


def _country(pair: Pair, fields: set[str], found: Found) -> None:
    """`follow` adds the country itself."""


FOLLOWERS: dict[str, Callable[[Pair, set[str], Found], None]] = {
    "parties": _party,
    "ownership": _stake,
    "denials": _denial,
    "rules": _rule,
    **dict.fromkeys(("destinations", "embargoes", "country_groups"), _country),
}
