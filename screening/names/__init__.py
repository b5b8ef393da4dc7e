"""Who and where is declared, kept once and found by likeness, so that a changed list finds its shipments.

Every name, identifier, address and country that a shipment or licence declares is one `DeclaredName`, however often it
is declared. Names and addresses are folded as the matcher folds them but keep their legal forms: which words those are
is policy, and an index that outlives policies must not depend on one. `screening.names.search` looks names up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from policies.engine.match.index import forms_of
from policies.engine.match.names import LegalForms, identifier, tokens
from screening.models import DeclaredName, Licence, NameUse, NameWord, Shipment, WordForm

LONGEST_TEXT, LONGEST_WORD = 600, 100
LONGEST_QUERY = 400  # values in one lookup
SHORTEST_IDENTIFIER, FEWEST_ADDRESS_WORDS = 5, 4  # below these the matcher does not compare
FILLED_AT_ONCE = 200
WHOLE = LegalForms(())
T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Declared:
    """One `DeclaredName` to be: `words` are what it is found by, those of an address with `@` before them."""

    kind: str
    text: str
    spelled: str = ""
    words: tuple[str, ...] = ()


def keep(shipment: Shipment, payload: Mapping[str, Any]) -> None:
    """Keep what a shipment declares. What an earlier revision declared stays: it can only find too much.

    Belongs to the transaction that stores the shipment, before its audit event. Two queries when all is known already,
    six otherwise.
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
        found.add(_address(party.get("address", "")))
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


def _name(spelled: str) -> Declared | None:
    words = tokens(spelled, WHOLE)
    return Declared("name", _text(" ".join(words)), spelled[:LONGEST_TEXT], words) if words else None


def _address(spelled: str) -> Declared | None:
    words = tokens(spelled, WHOLE)
    if len(words) < FEWEST_ADDRESS_WORDS:
        return None
    return Declared("address", _text(" ".join(words)), words=tuple(f"@{word}" for word in words))


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
        once: Any = {"update_conflicts": True, "update_fields": ["kind"], "unique_fields": ["kind", "text"]}
        made = DeclaredName.objects.bulk_create(rows, **once)  # ids come back also of what another made meanwhile
        known |= {(row.kind, row.text): row.pk for row in made}
        _keep_words(new, known)
    uses = [
        NameUse(name_id=known[row.kind, row.text], **{f"{owner}_id": number})
        for number, all_of in sorted(owned.items())
        for row in sorted(all_of)
    ]
    NameUse.objects.bulk_create(uses, ignore_conflicts=True)


def _keep_words(new: Sequence[Declared], ids: Mapping[tuple[str, str], int]) -> None:
    cut = {row: sorted({word[:LONGEST_WORD] for word in row.words}) for row in new}
    NameWord.objects.bulk_create(
        NameWord(name_id=ids[row.kind, row.text], word=word) for row, words in cut.items() for word in words
    )
    complete = _with_forms({word for words in cut.values() for word in words if len(word) < LONGEST_WORD})
    pairs = {
        (form, word[:LONGEST_WORD])
        for row in new
        for word in row.words
        if word not in complete
        for form in (cut_forms(word) if row.kind == "name" else {word[:LONGEST_WORD]})
    }
    forms = [WordForm(form=form, word=word) for form, word in sorted(pairs)]
    WordForm.objects.bulk_create(forms, ignore_conflicts=True)


def _with_forms(words: set[str]) -> set[str]:
    """Those of the words whose forms are kept already: all of them are, or none."""
    rows = (WordForm.objects.filter(form__in=some, word=F("form")) for some in parts(sorted(words)))
    return {word for found in rows for word in found.values_list("word", flat=True)}


def cut_forms(word: str) -> set[str]:
    """The forms of a word as the column holds them. Words that share a form share what is left of it."""
    return {form[:LONGEST_WORD] for form in forms_of(word)}


def _ids(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for some in parts(places):
        kinds, texts = {kind for kind, _ in some}, {text for _, text in some}
        rows = DeclaredName.objects.filter(Q(kind__in=kinds), Q(text__in=texts))
        found |= {(kind, text): number for kind, text, number in rows.values_list("kind", "text", "pk")}
    return found
