"""Who and where is declared, kept once and found by likeness, so that a changed list finds its shipments.

Every name, identifier, address and country that a shipment or licence declares is one `DeclaredName`, however often it
is declared. A name is kept under its spelling, which every lexicon goes by, and as it was first written: what its words
mean is policy, and what outlives policies must not depend on one. `screening.names.search` looks names up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from policies.engine.match.build import SHORTEST_IDENTIFIER, address_key
from policies.engine.match.fold import identifier, split
from policies.engine.match.lexicon import spelling
from screening.models import DeclaredName, Licence, NameUse, Shipment

FOLDING = 2  # raise it when what is kept of a name changes, and empty the tables by a migration: a pass fills them
LONGEST_TEXT = 600
LONGEST_QUERY = 400  # values in one lookup
FILLED_AT_ONCE = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Declared:
    """One `DeclaredName` to be."""

    kind: str
    text: str
    spelled: str = ""


def keep(shipment: Shipment, payload: Mapping[str, Any]) -> None:
    """Keep what a shipment declares. What an earlier revision declared stays: it can only find too much.

    Belongs to the transaction that stores the shipment, before its audit event. Two queries when all is known already,
    four otherwise.
    """
    _keep({shipment.pk: of_payload(payload)}, "shipment")


def keep_licence(licence: Licence) -> None:
    """Keep the parties and the destination of a licence."""
    _keep({licence.pk: of_licence(licence)}, "licence")


def fill(*, after: int = 0) -> int | None:
    """Index the next shipments, by id, that nothing is kept of; where to go on, or `None` at the end."""
    unknown = ~Exists(NameUse.objects.filter(shipment=OuterRef("pk")))
    rows = Shipment.objects.filter(unknown, pk__gt=after, current__isnull=False).order_by("pk")
    found = dict(rows.values_list("pk", "current__payload")[:FILLED_AT_ONCE])
    with transaction.atomic():
        _keep({shipment: of_payload(payload) for shipment, payload in found.items()}, "shipment")
    return max(found) if len(found) == FILLED_AT_ONCE else None


def fill_licences() -> None:
    """Index the licences that nothing is kept of."""
    unknown = Licence.objects.filter(~Exists(NameUse.objects.filter(licence=OuterRef("pk"))))
    for rows in parts(list(unknown), FILLED_AT_ONCE):
        with transaction.atomic():
            _keep({licence.pk: of_licence(licence) for licence in rows}, "licence")


def of_payload(payload: Mapping[str, Any]) -> set[Declared]:
    """Everything that a list could meet in a cleaned payload."""
    codes = [payload.get(field, "") for field in ("origin", "destination", "final_destination")]
    codes += payload.get("transit_countries", [])
    found: set[Declared | None] = set()
    for party in payload.get("parties", []):
        codes.append(party.get("country", ""))
        owners = [owner.get("name", "") for owner in party.get("owners", [])]
        found |= {_name(text) for text in (party.get("name", ""), *party.get("aliases", []), *owners)}
        found |= {identified(kind, value) for kind, value in party.get("identifiers", {}).items()}
        found.add(addressed(party.get("address", "")))
    found |= {Declared("country", code) for code in codes if code}
    return {declared for declared in found if declared}


def of_licence(licence: Licence) -> set[Declared]:
    found = {_name(licence.exporter), _name(licence.end_user), Declared("country", licence.destination)}
    return {declared for declared in found if declared}


def identified(kind: str, value: str) -> Declared | None:
    """An identifier as it is kept and looked up; nothing for one that is too short to say who is meant."""
    folded = identifier(value)
    return Declared("identifier", _text(f"{kind} {folded}")) if len(folded) >= SHORTEST_IDENTIFIER else None


def parts(items: Iterable[T], size: int = LONGEST_QUERY) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    listed = list(items)
    return (listed[start : start + size] for start in range(0, len(listed), size))


def addressed(address: str) -> Declared | None:
    """An address as it is kept and looked up; nothing for one that is too short to say where."""
    folded = address_key(address)
    return Declared("address", _text(folded)) if folded else None


def _name(spelled: str) -> Declared | None:
    return Declared("name", _text(spelling(spelled)), spelled[:LONGEST_TEXT]) if split(spelled) else None


def _text(folded: str) -> str:
    """Folded text as the column holds it: a text that is too long (some scripts grow) under its digest."""
    return folded if len(folded) <= LONGEST_TEXT else f"sha256 {sha256(folded.encode()).hexdigest()}"


def _keep(owned: Mapping[int, set[Declared]], owner: str) -> None:
    """Rows go in sorted, so that two transactions that keep the same names wait for each other, never crosswise."""
    places = {(declared.kind, declared.text): declared for all_of in owned.values() for declared in all_of}
    known = _ids(places)
    new = [places[place] for place in sorted(places.keys() - known.keys())]
    if new:
        rows = [DeclaredName(kind=row.kind, text=row.text, spelled=row.spelled) for row in new]
        DeclaredName.objects.bulk_create(rows, ignore_conflicts=True)  # an update would lock what others refer to
        known |= _ids((row.kind, row.text) for row in new)  # also of what another made meanwhile
    uses = [
        NameUse(name_id=known[row.kind, row.text], **{f"{owner}_id": number})
        for number, all_of in sorted(owned.items())
        for row in sorted(all_of)
    ]
    NameUse.objects.bulk_create(uses, ignore_conflicts=True)


def _ids(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for some in parts(places):
        kinds, texts = {kind for kind, _ in some}, {text for _, text in some}
        rows = DeclaredName.objects.filter(Q(kind__in=kinds), Q(text__in=texts))
        found |= {(kind, text): number for kind, text, number in rows.values_list("kind", "text", "pk")}
    return found
