"""What else a party and a list entry agree or disagree on: country, birth, address, identifiers, kind.

A name says who may be meant; this raises or lowers it. What contradicts does so only where both sides say something.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.engine.facts import Party
from policies.engine.lists import Listed
from policies.engine.match.fold import identifier, split

COUNTRY_SAME, COUNTRY_DIFFERS = 0.03, -0.05
BIRTH_SAME, YEAR_SAME, YEAR_NEAR, BIRTH_DIFFERS = 0.08, 0.03, 0.0, -0.2
NEAR_YEARS = 2  # lists state years of birth as they were estimated
ADDRESS_SAME, ADDRESS_SHARE, FEWEST_SHARED = 0.04, 0.6, 3
IDENTIFIER_DIFFERS = -0.05
KIND_DIFFERS = -0.09
UNIQUE = ("registration", "vat", "imo", "tax")  # a party has one of these; it may have several passports and phones
ORGANISED = ("organisation", "vessel", "aircraft")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_DAY = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)-(\d\d)-(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing beside the name: what was compared, both values, whether they agree, what it adds to the score."""

    what: str
    declared: str
    listed: str
    agrees: bool
    points: float


def signs(party: Party, entry: Listed) -> list[Sign]:
    """Everything that both sides say something about."""
    return [
        *_country(party, entry),
        *_birth(party, entry),
        *_address(party, entry),
        *_identifiers(party, entry),
    ] + list(_kind(party, entry))


def most(entry: Listed) -> float:
    """The most that what stands beside a name can add to the score of an entry."""
    country, birth, address = map(bool, (entry.countries, any(map(_YEAR.search, entry.births)), entry.addresses))
    return country * COUNTRY_SAME + birth * BIRTH_SAME + address * ADDRESS_SAME


def is_person(party: Party) -> bool | None:
    """Whether a party is a person; `None` when it does not say what it is."""
    return party.type == "person" if party.type else None


def _country(party: Party, entry: Listed) -> Iterator[Sign]:
    if party.country and entry.countries:
        agrees = party.country in entry.countries
        points = COUNTRY_SAME if agrees else COUNTRY_DIFFERS
        yield Sign("country", party.country, ", ".join(entry.countries), agrees, points)


def _birth(party: Party, entry: Listed) -> Iterator[Sign]:
    """The best agreement of the declared date with any listed one; lists often know a year only, or several."""
    ours = _YEAR.search(party.date_of_birth)
    if not ours or not any(map(_YEAR.search, entry.births)):
        return
    year, day = int(ours[0]), _DAY.search(party.date_of_birth)
    best = BIRTH_DIFFERS
    for listed in entry.births:
        found = _DAY.search(listed)
        if day and found:
            best = max(best, BIRTH_SAME if day[0] == found[0] else YEAR_NEAR if day[1] == found[1] else BIRTH_DIFFERS)
        for other in _YEAR.findall(listed) if not (day and found) else ():
            best = max(best, YEAR_SAME if int(other) == year else BIRTH_DIFFERS)
            best = max(best, YEAR_NEAR if abs(int(other) - year) <= NEAR_YEARS else BIRTH_DIFFERS)
    yield Sign("birth", party.date_of_birth, "; ".join(entry.births), best >= YEAR_NEAR, best)


def _address(party: Party, entry: Listed) -> Iterator[Sign]:
    ours = set(split(party.address))
    for listed in entry.addresses:
        theirs = set(split(listed))
        shared = len(ours & theirs)
        if shared >= FEWEST_SHARED and shared >= ADDRESS_SHARE * min(len(ours), len(theirs)):
            yield Sign("address", party.address, listed, True, ADDRESS_SAME)
            return


def _identifiers(party: Party, entry: Listed) -> Iterator[Sign]:
    """Unique identifiers that differ. Equal ones are a match of their own."""
    for kind, value in party.identifiers:
        theirs = [other for name, other in entry.identifiers if name == kind]
        if kind in UNIQUE and theirs and identifier(value) not in map(identifier, theirs):
            yield Sign(kind, value, ", ".join(theirs), False, IDENTIFIER_DIFFERS)


def _kind(party: Party, entry: Listed) -> Iterator[Sign]:
    person = is_person(party)
    if (
        person is not None
        and entry.kind
        and (entry.kind == "person") != person
        and entry.kind in ("person", *ORGANISED)
    ):
        yield Sign("kind", party.type, entry.kind, False, KIND_DIFFERS)
