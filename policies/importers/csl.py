"""The US Consolidated Screening List (trade.gov): thirteen lists in one, as CSV and as JSON with the same fields.

Both formats come here as `Record`s, so that a list is the same edition whichever of its files was read. The list that
an entry stands on is kept in `programme`. https://www.trade.gov/consolidated-screening-list
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from policies.importers.countries import CODES
from policies.importers.shape import Report, Row, birth_date, name_id, party

# A listing of the United States is no law in the Union: it asks for review.
EFFECT = "foreign_listing"
KINDS = {"": "", "individual": "person", "entity": "organisation", "vessel": "vessel", "aircraft": "aircraft"}

_LIST = re.compile(r"\(([A-Z][A-Z-]*)(?: List)?\)")
_SUCCESSORS = re.compile(r",? and (?:any successor|its sub-?units).*$", re.IGNORECASE)
_ALSO = re.compile(r"[,;]?\s*[(\[]?\b(?:a\.?k\.?a\.?|also known as)\s+(.+?)[)\]]?$", re.IGNORECASE)
_IMO = re.compile(r"^IMO\s*(?=\d{7}$)")
# What a document or number of an entry is called -> the kind a declared party gives it under. First match counts.
_KINDS = [
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("passport", r"passport|travel document"),
        ("imo", r"^vessel registration identification$"),
        ("mmsi", r"^mmsi$"),
        ("email", r"e-?mail"),
        ("phone", r"phone|fax number"),
        ("website", r"^website$"),
        ("swift", r"^swift/bic$"),
        ("lei", r"^legal entity (?:number|identifier)"),
        ("duns", r"^d-u-n-s"),
        ("isin", r"^isin$"),
        ("wallet", r"^digital currency address"),
        ("tail_number", r"tail number|mode s transponder"),
        ("serial_number", r"manufacturer's serial|construction number|aircraft serial"),
        ("tax", r"\btax\b|v\.a\.t|fiscal code|^r\.?f\.?c\.?$|^(?:nit|ruc|rif) #|^rtn$|c\.u\.i\.t|fein"),
        ("national_id", r"national (?:id|foreign id)|^cedula|c\.u\.r\.p|^d\.n\.i|personal id|identi(?:fication|dad)"),
        ("national_id", r"kenyan id|citizen's card|^ssn$|tazkira|electoral|birth certificate|driver's|residency"),
        (
            "registration",
            r"regist|company number|commercial|trade licen[cs]e|matricula|folio|chamber of commerce|c\.r\.",
        ),
        ("registration", r"business number|enterprise number|social credit|government gazette|^le number$|\bbik\b"),
        ("other", r"(?:no\.|number|id|#|code)$"),
    )
]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of either format. `addresses` end with the country; `ids` are (what it is, number)."""

    number: str
    source: str
    name: str
    type: str = ""
    programmes: tuple[str, ...] = ()
    alt_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    flag: str = ""
    call_sign: str = ""
    note: str = ""


def entries(records: Iterable[Record], report: Report) -> Iterator[Row]:
    """One entry for each number of a list, or for each name where a list gives no numbers."""
    merged: dict[str, list[Record]] = {}
    for record in records:
        merged.setdefault(_id(record), []).append(record)
    for number, same in merged.items():
        yield _entry(number, same, report)


def abbreviation(source: str) -> str:
    """The short name of one of the lists.

    >>> abbreviation("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department")
    'NS-MBS'
    """
    found = _LIST.search(source)
    return found[1] if found else source.split(" - ")[0]


def _id(record: Record) -> str:
    """Stable from day to day: the publisher's own ids of lists without numbers change with their content."""
    list_ = abbreviation(record.source)
    return f"{list_}-{record.number}" if record.number else name_id(list_, record.name)


def _entry(number: str, same: list[Record], report: Report) -> Row:
    first = same[0]
    name, aliases = _names(first.name)
    kind = KINDS.get(first.type.casefold())
    if kind is None:
        report.notes.append(f"{number}: unknown type {first.type!r}")
    addresses = [address for record in same for address in record.addresses]
    countries = [record.flag for record in same] + [country for record in same for country in record.countries]
    return party(
        report,
        id=number,
        name=name,
        effect=EFFECT,
        kind=kind or "",
        aliases=[*aliases, *(alias for record in same for alias in record.alt_names)],
        countries=[*(report.country(country) for country in countries), *map(_country, addresses)],
        addresses=[address for address in addresses if address not in CODES],
        identifiers=[found for record in same for found in _identifiers(record)],
        births=[birth_date(birth) for record in same for birth in record.births],
        programme="; ".join(dict.fromkeys([first.source, *(item for record in same for item in record.programmes)])),
        note="; ".join(dict.fromkeys(record.note for record in same if record.note)),
    )


def _names(text: str) -> tuple[str, list[str]]:
    """The name proper and what stands beside it (`X (a.k.a. Y; Z)`, `X and any successor`); the whole is an alias."""
    name = _SUCCESSORS.sub("", text)
    if (found := _ALSO.search(name)) and found.start():
        name, also = name[: found.start()].strip(), found[1].split("; ")
    else:
        also = []
    return (name, [*also, text]) if name != text else (text, [])


def _country(address: str) -> str:
    """The country that ends an address, if it is a code: publishers write `..., Damascus, SY`, or `SY` alone."""
    last = address.rsplit(",", 1)[-1].strip()
    return last if last in CODES else ""


def _identifiers(record: Record) -> Iterator[tuple[str, str]]:
    if record.call_sign:
        yield "call_sign", record.call_sign
    for what, value in record.ids:
        imo = _IMO.sub("", value)
        if imo != value:
            yield "imo", imo
        elif kind := _kind(what):
            yield kind, value


@lru_cache(maxsize=1024)
def _kind(what: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(what)), "")
