"""OpenSanctions `targets.simple.csv`: one record a target, several values of a field separated by `;`.

Weak aliases are not told from good ones in this format; the FollowTheMoney one tells them.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from policies.importers import opensanctions
from policies.importers.shape import ListFile, Report, Row, birth_date, only, party
from policies.importers.tables import Table, listed_in

COLUMNS = ("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers", "dataset")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Entries of the one file. Its date is the last day on which the publisher saw any of them."""
    table = Table(only(files), required=COLUMNS, what="OpenSanctions targets.simple.csv")
    seen: set[str] = set()
    latest = ""
    for row in table:
        report.read[row["schema"]] += 1
        if row["id"] in seen:
            raise table.error(f"the id {row['id']!r} stands twice; the file is damaged, download it again", column="id")
        if not row["id"] or not row["name"]:
            report.skip(f"{table.lines.file.name}, line {table.lines.number}: no {'name' if row['id'] else 'id'}")
            continue
        seen.add(row["id"])
        latest = max(latest, row.get("last_seen", "")[:10])
        yield _entry(row, report)
    report.as_of = _day(latest)


def _entry(row: dict[str, str], report: Report) -> Row:
    kind = opensanctions.KINDS.get(row["schema"])
    if kind is None:
        report.notes.append(f"{row['id']}: unknown schema {row['schema']!r}")
    reach = [("phone", "phones"), ("email", "emails")]
    return party(
        report,
        id=row["id"],
        name=row["name"],
        effect=opensanctions.effect(listed_in(row["dataset"])),
        kind=kind or "",
        aliases=listed_in(row["aliases"]),
        countries=[report.country(code.upper()) for code in listed_in(row["countries"])],
        addresses=listed_in(row["addresses"]),
        identifiers=[
            *(
                found
                for value in listed_in(row["identifiers"])
                for found in opensanctions.identifiers(value, kind or "")
            ),
            *((kind, value) for kind, column in reach for value in listed_in(row.get(column, ""))),
        ],
        births=[birth_date(value) for value in listed_in(row["birth_date"])],
        programme="; ".join([*listed_in(row.get("program_ids", "")), *listed_in(row["dataset"])]),
        note="; ".join(listed_in(row.get("sanctions", ""))),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
