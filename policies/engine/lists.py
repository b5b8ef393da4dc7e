"""The shapes of list rows: control entries, chemicals, destinations, authorisations, listed parties, denials.

Frozen and plain. `read_lists.py` makes them from the rows of an edition; classifier, matcher and rules use them.
"""

from dataclasses import dataclass
from datetime import date

from policies.engine.subjects import Embargo

EFFECTS = ("clear", "review", "licence_required", "prohibited")


@dataclass(frozen=True, slots=True)
class Entry:
    """One control-list entry. `family`: annex_i, military, firearm, anti_torture, national.

    `least` names the parameters from whose values on an annex counts the entry (500 kg / 300 km launch class).
    """

    list: str
    code: str
    heading: str
    family: str
    parent: str = ""
    regime: str = ""
    group: str = ""
    state: str = ""
    annex: str = ""
    annex_iv: str = "no"
    annex_iv_codes: tuple[str, ...] = ()
    section_i: str = "no"
    section_i_codes: tuple[str, ...] = ()
    least: tuple[tuple[str, float], ...] = ()
    also: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    intangible: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: str = ""
    note: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Chemical:
    """A chemical of a list. Thresholds are percent by weight; `None` means listed at every concentration."""

    code: str
    name: str
    cas: str = ""
    hs: str = ""
    schedule: str = ""
    regime: str = ""
    threshold_party: float | None = None
    threshold_non_party: float | None = None
    exempts: str = ""
    role: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """A country's place in a group of an own list, on the days in which it counts; both days are included."""

    group: str
    country: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """A country. `groups` are those of the destinations list, `memberships` those that own lists add."""

    code: str
    name: str
    groups: tuple[str, ...]
    cwc_party: bool
    embargo: Embargo
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A general authorisation. Codes include what stands below them; `*` is all of Annex I."""

    id: str
    title: str
    legal_basis: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    included_groups: tuple[str, ...] = ()
    section_i: bool = False
    reexport_area: tuple[str, ...] = ()
    reminders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a party list. `weak` are low-quality aliases; `effect` says what a match means."""

    list: str
    id: str
    name: str
    effect: str
    kind: str = ""
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    births: tuple[str, ...] = ()
    programme: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ownership:
    """`owner` (an id or a name of a party list) holds `percent` of `owned`; `None` where its list gives no figure."""

    owner: str
    owned: str
    percent: float | None


@dataclass(frozen=True, slots=True)
class Denial:
    id: str
    member_state: str
    date: date
    item_code: str
    end_user: str
    country: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    floor: str
    basis: str


def in_force(valid_from: date | None, valid_to: date | None, on: date | None) -> bool:
    """Whether a row with these inclusive dates is law on a day; `None` is open, an unknown day counts as in force."""
    if on is None:
        return True
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def groups_of(destination: Destination, on: date | None) -> list[str]:
    """Every group that a country is in on a day; on an unknown day, every group it ever was in."""
    added = [item.group for item in destination.memberships if in_force(item.valid_from, item.valid_to, on)]
    return list(dict.fromkeys([*destination.groups, *added]))
