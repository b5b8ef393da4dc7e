"""The OFAC lists (SDN and consolidated non-SDN) as CSV: primary names, alternate names, addresses, comments.

Four files without header row, told apart by their number of columns, joined by the entry number. `-0- ` means empty; a
whole file ends with 0x1A. Remarks longer than 1,000 characters go on in the comments file, in the middle of a word.
https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from policies.importers.recognise import instead
from policies.importers.shape import Lines, ListFile, ListFileError, Report, Row, birth_date, party, records

# A listing of the United States is no law in the Union: it asks for review.
EFFECT = "foreign_listing"
ENCODING = "cp1252"  # what earlier files of this publisher were written in
PARTS = {12: "primary names", 5: "alternate names", 6: "addresses", 2: "comments"}
COLUMNS = {part: columns for columns, part in PARTS.items()}
KINDS = {"": "organisation", "individual": "person", "vessel": "vessel", "aircraft": "aircraft"}

_ALSO_KNOWN = re.compile(r"\b[afn]\.k\.a\.,? '(.+?)'(?=\s*[;.)(]|\s*$)", re.DOTALL)
_BIRTH = re.compile(r"(?:alt\. )?DOB (.+)")
_NATION = re.compile(r"(?:alt\. )?(?:nationality|citizen) (.+)")
_LINKED = "Linked To: "
_NUMBER = r"([^;()\s][^;()]*?)(?= \(| issued| expires|$)"
_IDENTIFIERS = [
    (kind, re.compile(rf"(?:alt\. )?{pattern} {_NUMBER}"))
    for kind, pattern in (
        ("imo", r"(?:(?:Vessel Registration Identification|Identification Number|Company Number) IMO|IMO)"),
        ("mmsi", r"MMSI"),
        ("passport", r"(?:Diplomatic |Stateless Person )?Passport"),
        ("tax", r"(?:Tax ID No\.|R\.F\.C\.|NIT #|RUC #|RTN|RIF #|C\.U\.I\.T\.|V\.A\.T\. Number|Fiscal Code)"),
        ("registration", r"(?:(?:Business |UK |US )?(?:Registration|Company) (?:Number|ID)|Business Number)"),
        ("registration", r"(?:C\.R\. No\.|Commercial Registry Number|Unified Social Credit Code \(USCC\)|RUC)"),
        ("registration", r"(?:Trade License No\.|Matricula Mercantil No|Folio Mercantil No\.|Economic Register Number"
                         r" \(CBLS\)|Chamber of Commerce Number|Enterprise Number|Central Registration System Number)"),
        ("national_id", r"(?:National ID No\.|Cedula No\.|C\.U\.R\.P\.|D\.N\.I\.|Identification Number)"),
        ("swift", r"SWIFT/BIC"),
        ("lei", r"Legal Entity Number"),
        ("duns", r"D-U-N-S Number"),
        ("email", r"Email Address"),
        ("phone", r"Phone Number"),
        ("tail_number", r"(?:Aircraft Tail Number|Aircraft Mode S Transponder Code)"),
        ("serial_number", r"(?:Aircraft Manufacturer's Serial Number \(MSN\)|Aircraft Construction Number \(.+?\))"),
    )
]  # fmt: skip


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the primary file joined with the other parts. Ids without a primary row are reported as orphans."""
    parts = _parts(files)
    names = _gather(parts, "alternate names", report)
    places = _gather(parts, "addresses", report)
    comments = _gather(parts, "comments", report)
    seen: set[str] = set()
    lines = Lines(parts["primary names"], fallback=ENCODING)
    for record in _records(lines, "primary names", report):
        number = record[0]
        if number in seen:
            raise lines.error(f"entry {number} stands twice; the file is damaged, download it again", column=1)
        if not record[1]:
            report.skip(f"{lines.file.name}, line {lines.number}: entry {number} has no name")
            continue
        seen.add(number)
        yield _entry(record, names.get(number, []), places.get(number, []), comments.get(number, []), report)
    for part, found in (("alternate names", names), ("addresses", places), ("comments", comments)):
        if lost := [number for number, rows in found.items() if number not in seen for _ in rows]:
            report.orphans[part] = lost


def _parts(files: Sequence[ListFile]) -> dict[str, ListFile]:
    """The files by what they hold, told by the width of the first record."""
    found: dict[str, ListFile] = {}
    for file in files:
        lines = Lines(file, fallback=ENCODING)
        first = next(csv.reader([next(iter(lines), "")]), [""])
        part = PARTS.get(len(first))
        if part is None or not first[0].strip().isdecimal():
            known = ", ".join(f"{name} {columns}" for columns, name in PARTS.items())
            raise lines.error(
                f"{len(first)} columns, the first {first[0][:40]!r}: no OFAC file (columns: {known}){instead(file)}",
                column=1,
            )
        if part in found:
            raise ListFileError(
                f"{found[part].name} holds the {part} already; give one file of each part", file=file.name
            )
        found[part] = file
    if "primary names" not in found:
        name = files[0].name if files else "(no file)"
        raise ListFileError(
            "no file with primary names (12 columns) was given; it is the one that holds the list", file=name
        )
    return found


def _gather(parts: dict[str, ListFile], part: str, report: Report) -> dict[str, list[list[str]]]:
    """The records of a part by entry number; nothing when the part was not given."""
    found: dict[str, list[list[str]]] = {}
    if part in parts:
        for record in _records(Lines(parts[part], fallback=ENCODING), part, report):
            found.setdefault(record[0], []).append(record)
    return found


def _records(lines: Lines, part: str, report: Report) -> Iterator[list[str]]:
    for record in records(lines, columns=COLUMNS[part]):
        report.read[part] += 1
        fields = ["" if value.strip() == "-0-" else value.strip() for value in record]
        if not fields[0].isdecimal():
            raise lines.error(f"expected an entry number, found {fields[0][:40]!r}", column=1)
        yield fields
    if not lines.ended_by_mark:
        report.doubts.append(f"{lines.file.name}: no end mark (0x1A) after line {lines.number}, it may be cut off")
    if lines.foreign:
        report.notes.append(f"{lines.file.name}: {lines.foreign} lines are not UTF-8 and were read as {ENCODING}")


def _entry(
    record: list[str], names: list[list[str]], places: list[list[str]], comments: list[list[str]], report: Report
) -> Row:
    number, name, type_, programme, title, call_sign, vessel_type, _, _, flag, owner, remarks = record
    remarks += "".join(comment[1] for comment in comments)
    clauses = [clause.strip().rstrip(".") for clause in remarks.split(";")]
    known = KINDS.get(type_.casefold())
    if known is None:
        report.notes.append(f"entry {number}: unknown type {type_!r}")
    nations = [found[1] for clause in clauses if (found := _NATION.fullmatch(clause))]
    return party(
        report,
        id=number,
        name=name,
        effect=EFFECT,
        kind=known or "",
        aliases=[row[3] for row in names],
        weak=_ALSO_KNOWN.findall(remarks),
        countries=[report.country(country) for country in (flag, *nations, *(row[4] for row in places))],
        addresses=[", ".join(part for part in (*row[2:5], row[5]) if part) for row in places],
        identifiers=[*identifiers(clauses), *([("call_sign", call_sign)] if call_sign else [])],
        births=[birth_date(found[1]) for clause in clauses if (found := _BIRTH.fullmatch(clause))],
        programme=programmes(programme.strip("[]").split("] [")),
        note=note(title, vessel_type, owner, linked=linked_to(remarks)),
    )


# What the XML forms of the same lists share with the CSV: an entry reads the same in each.


def identifiers(clauses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Kind and value of each clause that names one: `Passport A12 (Iran) expires 2014`, `MMSI 572469210`."""
    for clause in clauses:
        for kind, pattern in _IDENTIFIERS:
            if found := pattern.match(clause):
                yield kind, found[1].rstrip(".")
                break


def linked_to(remarks: str) -> list[str]:
    """Whom the remarks link an entry to; as clauses of the CSV or in parentheses.

    >>> linked_to("Gender Male; Linked To: CORPS (IRGC)-FORCE; Linked To: NAVIGATION S.A..")
    ['linked to CORPS (IRGC)-FORCE', 'linked to NAVIGATION S.A.']
    """
    found = []
    for part in remarks.split(_LINKED)[1:]:
        who, clause_ends, _ = part.partition(";")
        who = who.strip(" (") if clause_ends else who.strip(" (").removesuffix(".")
        found.append(who.removesuffix(")") if who.count(")") > who.count("(") else who)
    return [f"linked to {who}" for who in found]


def programmes(codes: Iterable[str]) -> str:
    """Sanctions programmes, each once, in one order."""
    return "; ".join(sorted({code.strip() for code in codes} - {""}))


def note(title: str, vessel_type: str, owner: str, *, linked: Iterable[str]) -> str:
    """What a person reads beside the name: title or vessel, owner, and whom the entry is linked to."""
    parts = (title, vessel_type, owner and f"vessel owner {owner}", *sorted(set(linked)))
    return "; ".join(part for part in parts if part)


def address(lines: Iterable[str], city: str, state: str, postal_code: str, country: str) -> str:
    """An address as the CSV writes it: `13106 Warren Ave. Suite 4, Dearborn, MI 48126, United States`."""
    town = f"{', '.join(part for part in (city, state) if part)} {postal_code}".strip()
    return ", ".join(part for part in (*lines, town, country) if part)
