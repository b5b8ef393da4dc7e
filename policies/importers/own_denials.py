"""Denials of licences by this and other states: CSV or XLSX. `COLUMNS` says what the file holds (docs/own-lists.md)."""

from collections.abc import Iterator, Sequence

from policies.engine.classify.codes import normalise
from policies.importers import own
from policies.importers.own import Column
from policies.importers.shape import ListFile, Report, Row, only

COLUMNS = (
    Column("id", "unique in the file; the number of the denial", required=True),
    Column("member_state", "the state that denied, as alpha-2 code or English name", required=True),
    Column("date", "the day of the denial, ISO date", required=True),
    Column("item_code", "the control code that was denied", required=True),
    Column("end_user", "the end user's name", required=True),
    Column("country", "the destination, as alpha-2 code or English name"),
    Column("valid", "`no` once the denial is withdrawn or annulled; else `yes` or empty"),
    Column("note", "anything a person should read"),
)


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """The denials of the one file."""
    sheet = own.opened(only(files), COLUMNS, what="list of denials")
    seen: set[str] = set()
    for row in own.rows(sheet, COLUMNS, report):
        if not normalise(row["item_code"]):
            raise sheet.error(f"the item code {row['item_code']!r} is no control code", column="item_code")
        report.entries += 1
        yield {
            "id": own.once(row["id"], seen, sheet, column="id"),
            "member_state": own.country(row["member_state"], sheet, report, column="member_state"),
            "date": own.day(row["date"], sheet, column="date"),
            "item_code": row["item_code"],
            "end_user": row["end_user"],
            "country": own.country(row["country"], sheet, report, column="country"),
            "valid": own.one_of(row["valid"], ("yes", "no"), sheet, column="valid") != "no",
            "note": row["note"],
        }
