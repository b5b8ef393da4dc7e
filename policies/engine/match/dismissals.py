"""Which hits an officer has dismissed earlier: for the same party and the same entry, and while neither has changed.

Identity is stricter here than in the matcher: names are folded in case, spacing and punctuation only, never across
scripts or legal forms. A party that merely sounds like a dismissed one is another party.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from policies.engine.facts import Dismissal, Party
from policies.engine.lists import Listed
from policies.engine.match.hits import Hit
from policies.engine.subjects import Setting

# How a party met an entry, weakest first: a dismissal covers what is as strong or weaker on the same ladder. A match
# that stands on none is never covered.
LADDERS = (("similar", "shared", "identifier", "equal"), ("part_owned", "owned"))
SECOND_PERSON = frozenset({"identifier", "equal", "owned"})  # these may lift a prohibition
EXPLAINS = frozenset({"note"})  # of an entry, what nothing depends on
LONGEST = 36_500  # days
_SAYS = frozenset("LMNS")  # letters, their marks, digits and symbols


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A hit and the dismissal that covers it; `until` is the last day on which it does."""

    hit: Hit
    dismissal: Dismissal
    until: date


def party_digest(party: Party) -> str:
    """SHA-256 (hex) of who a party is, in whatever role: names, country, birth, address, identifiers, owners."""
    return _digest(
        {
            "names": sorted({fold(name) for name in (party.name, *party.aliases)} - {""}),
            "country": party.country,
            "date_of_birth": party.date_of_birth,
            "address": fold(party.address),
            "identifiers": sorted([kind, fold(value)] for kind, value in party.identifiers),
            "owners": sorted([fold(owner.name), owner.country, str(owner.percent)] for owner in party.owners),
        }
    )


def entry_digest(entry: Listed, *, percent: float | None = None, chain: Sequence[str] = ()) -> str:
    """SHA-256 (hex) of what a list says of an entry, in any order; of a stake also the share and by whom.

    What is empty is left out, so that a field which lists get later changes no digest before it is filled.
    """
    said = {field.name: getattr(entry, field.name) for field in fields(entry) if field.name not in EXPLAINS}
    said |= {"percent": percent, "chain": chain}
    return _digest({name: _ordered(value) for name, value in said.items() if value not in ("", (), [], None)})


def digest_of(hit: Hit) -> str:
    """The digest of the entry as a hit met it."""
    return entry_digest(hit.entry, percent=hit.percent, chain=hit.chain)


def needs_second(match: str) -> bool:
    """Whether the dismissal of such a match counts only after a second person confirmed it."""
    return match in SECOND_PERSON or not any(match in ladder for ladder in LADDERS)


def split(
    party: Party, hits: Iterable[Hit], dismissals: Sequence[Dismissal], *, on: date | None, setting: Setting
) -> tuple[tuple[Hit, ...], tuple[Dismissed, ...]]:
    """The hits that stand, and those that a dismissal covers. `on` is the day of the screening."""
    hits = tuple(hits)
    if not hits or not dismissals or on is None or not setting.dismissals_count:
        return hits, ()
    who = party_digest(party)
    valid = [item for item in dismissals if item.party == who and _counts(item, on, setting)]
    covering = {place: item for place, hit in enumerate(hits) if (item := _covering(hit, valid))}
    standing = tuple(hit for place, hit in enumerate(hits) if place not in covering)
    return standing, tuple(Dismissed(hits[place], item, until(item, setting)) for place, item in covering.items())


def until(dismissal: Dismissal, setting: Setting) -> date:
    """The last day on which a dismissal counts under a policy."""
    last = dismissal.on + timedelta(days=min(max(int(setting.dismissal_days), 0), LONGEST))
    return min(last, dismissal.expires) if dismissal.expires else last


def fold(text: str) -> str:
    """Text without case, spacing and punctuation; script, diacritics and legal forms stay.

    >>> fold("Zvezdny  ORDNANCE-Works, J.S.C.") == fold("zvezdny ordnance works j s c")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(sign if unicodedata.category(sign)[0] in _SAYS else " " for sign in plain).split())


def _counts(dismissal: Dismissal, on: date, setting: Setting) -> bool:
    if needs_second(dismissal.match) and not dismissal.confirmed:
        return False
    return dismissal.on <= on <= until(dismissal, setting)


def _covering(hit: Hit, valid: Sequence[Dismissal]) -> Dismissal | None:
    """The newest dismissal that covers a hit."""
    digest = digest_of(hit) if valid else ""
    found = [
        item
        for item in valid
        if (item.list, item.entry, item.entry_digest) == (hit.entry.list, hit.entry.id, digest)
        and _reaches(item.match, hit.match)
    ]
    return max(found, key=lambda item: (item.on, item.number), default=None)


def _reaches(given: str, met: str) -> bool:
    return any(given in ladder and met in ladder and ladder.index(met) <= ladder.index(given) for ladder in LADDERS)


def _ordered(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple) else value


def _digest(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()
