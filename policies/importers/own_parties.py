"""An own list of parties, and who owns them: CSV or XLSX. `COLUMNS` says what it holds (docs/own-lists.md).

One file fills two lists: the parties, and an ownership list with one row for each owner of each party.
"""

import re
from collections.abc import Iterator, Sequence

from policies.importers import own
from policies.importers.own import Column
from policies.importers.shape import KINDS, ListFile, Report, Row, birth_date, only, party

COLUMNS = (
    Column("id", "unique in the file; stays the same from file to file", required=True),
    Column("name", "the name as listed", required=True),
    Column(
        "effect",
        "what a match means: `asset_freeze`, `dual_use_end_user`, `foreign_listing`, `arms_embargo`, or another word"
        " that the rules know",
        required=True,
    ),
    Column("kind", "`person`, `organisation`, `vessel` or `aircraft`"),
    Column("aliases", "good aliases and other spellings, in any script, separated by `|`"),
    Column("weak", "weak aliases, which alone never name the party for certain, separated by `|`"),
    Column("countries", "alpha-2 codes or English names, separated by `|`"),
    Column("addresses", "separated by `|`"),
    Column(
        "identifiers",
        "`kind:value`, separated by `|`; kinds are `registration`, `vat`, `imo`, `passport`, `tax`, `email`, `phone`,"
        " `national_id`, ...",
    ),
    Column("births", "dates of birth, ISO or as listed, separated by `|`"),
    Column("owners", "`name (country) percent`, separated by `|`; country and percent may be left out"),
    Column("programme", "the programme, regime or act of the listing; rules can read it"),
    Column("note", "anything a person should read"),
)
WHAT = "own party list"

_OWNER = re.compile(
    r"(?P<name>.*?\S)"  # up to the country or the share, whichever comes first
    r"(?:\s*\((?P<country>[^()]*)\))?"
    r"(?:\s+(?P<percent>[0-9]{1,3}(?:[.,][0-9]+)?)\s*%?)?"
)


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """The parties of the one file."""
    sheet = own.opened(only(files), COLUMNS, what=WHAT)
    seen: set[str] = set()
    for row in own.rows(sheet, COLUMNS, report):
        list(_owners(row, sheet, report))  # refused here too: neither list is taken from a file with a wrong owner
        yield party(
            report,
            id=own.once(row["id"], seen, sheet, column="id"),
            name=row["name"],
            effect=row["effect"],
            kind=own.one_of(row["kind"], KINDS, sheet, column="kind"),
            aliases=own.split(row["aliases"]),
            weak=own.split(row["weak"]),
            countries=[own.country(name, sheet, report, column="countries") for name in own.split(row["countries"])],
            addresses=own.split(row["addresses"]),
            identifiers=[_identifier(text, sheet) for text in own.split(row["identifiers"])],
            births=[birth_date(text) for text in own.split(row["births"])],
            programme=row["programme"],
            note=row["note"],
        )


def ownership(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Who owns the parties of the one file, in percent; `None` where the file names no share."""
    sheet = own.opened(only(files), COLUMNS, what=WHAT)
    for row in own.rows(sheet, COLUMNS, report):
        seen: set[str] = set()
        for owner, country, percent in _owners(row, sheet, report):
            own.once(owner, seen, sheet, column="owners")
            report.entries += 1
            yield {
                "id": f"{row['id']}: {owner}",
                "owner": owner,
                "owner_country": country,
                "owned": row["name"],
                "percent": percent,
            }


def _owners(row: own.Fields, sheet: own.Sheet, report: Report) -> Iterator[tuple[str, str, float | None]]:
    for text in own.split(row["owners"]):
        found = _OWNER.fullmatch(text)
        share = float(found["percent"].replace(",", ".")) if found and found["percent"] else None
        if found is None or (share is not None and not 0 < share <= 100):
            message = f"owner {text!r} is not `name (country) percent`, with more than 0 and at most 100 percent"
            raise sheet.error(message, column="owners")
        country = own.country(found["country"] or "", sheet, report, column="owners")
        yield found["name"], country, share


def _identifier(text: str, sheet: own.Sheet) -> tuple[str, str]:
    kind, colon, value = text.partition(":")
    if not (colon and kind.strip() and value.strip()):
        raise sheet.error(f"identifier {text!r} is not kind:value", column="identifiers")
    return kind.strip().lower(), value.strip()
