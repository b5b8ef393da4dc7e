"""Own country groups beside those of the shipped destinations: CSV or XLSX. `COLUMNS` says what it holds.

A rule reads a group by its name: `"OWN_WATCH" in shipment.destination.groups` (docs/own-lists.md).
"""

import re
from collections.abc import Iterator, Sequence

from policies.importers import own
from policies.importers.own import Column
from policies.importers.shape import ListFile, Report, Row, only

COLUMNS = (
    Column("group", "the group's name: capital letters, digits and `_`", required=True),
    Column("country", "a member, as alpha-2 code or English name", required=True),
    Column("valid_from", "first day of the membership, ISO date; empty is always"),
    Column("valid_to", "last day of the membership, ISO date; empty is always"),
    Column("note", "anything a person should read"),
)

_GROUP = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """The memberships of the one file, one a row. A country may join a group again after it left."""
    sheet = own.opened(only(files), COLUMNS, what="list of country groups")
    seen: set[str] = set()
    for row in own.rows(sheet, COLUMNS, report):
        if not _GROUP.fullmatch(row["group"]):
            message = f"the group {row['group'][:60]!r} is not in capital letters, digits and _, 40 at most"
            raise sheet.error(message, column="group")
        country = own.country(row["country"], sheet, report, column="country")
        first, last = (own.day(row[name], sheet, column=name) for name in ("valid_from", "valid_to"))
        if first and last and last < first:
            raise sheet.error("valid_to lies before valid_from", column="valid_to")
        number = " ".join(part for part in (row["group"], country, first) if part)
        own.once(number, seen, sheet, column="group")
        report.entries += 1
        yield {
            "id": number,
            "group": row["group"],
            "country": country,
            "valid_from": first,
            "valid_to": last,
            "note": row["note"],
        }
