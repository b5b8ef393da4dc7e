"""An own control list: CSV or XLSX. `COLUMNS` says what it holds (docs/own-lists.md)."""

import re
from collections.abc import Iterator, Sequence

from policies.engine.classify.codes import normalise
from policies.importers import own
from policies.importers.own import Column
from policies.importers.shape import ListFile, Report, Row, only

FAMILIES = ("annex_i", "military", "firearm", "anti_torture", "national")
COLUMNS = (
    Column(
        "code",
        "the control code as it is declared: `2B352.e`, `ML10.c`, `10A905`, `LV-DRONE-1`",
        required=True,
    ),
    Column("heading", "what the entry controls, in words", required=True),
    Column("family", "`annex_i`, `military`, `firearm`, `anti_torture` or `national`: decides which rules apply", True),
    Column("keywords", "phrases that describe such goods, separated by `|`", required=True),
    Column("parent", "the entry above it"),
    Column("regime", "the export control regime it comes from"),
    Column("group", "A to E for dual-use entries: D is software, E is technology"),
    Column("state", "alpha-2 code of the state whose national list this is; required for the family `national`"),
    Column("annex", "`II`, `III` or `IV` of the anti-torture regulation; category `A`, `B` or `C` of firearms"),
    Column("annex_iv", "`no`, `partial` or `full`: in Annex IV of Regulation 2021/821"),
    Column("annex_iv_codes", "which sub-entries are, separated by `|`"),
    Column("annex_iv_note", "what limits that, for editors"),
    Column("section_i", "`no`, `partial` or `full`: excluded from Union general authorisations"),
    Column("section_i_codes", "which sub-entries are, separated by `|`"),
    Column("least", "values from which an annex counts the entry, as `range_km>=300`, separated by `|`"),
    Column("also", "other codes that the same goods fall under, separated by `|`"),
    Column("intangible", "`yes` where software or technology is meant"),
    Column("hs", "HS codes or their first digits, separated by `|`"),
    Column("valid_from", "first day in force, ISO date"),
    Column("valid_to", "last day in force, ISO date"),
    Column("list_version", "the edition of the list it was taken from, for editors"),
    Column("confidence", "how sure the row is, for editors"),
    Column("note", "anything a person should read"),
)
PARTS = ("no", "partial", "full")

_LEAST = re.compile(r"[a-z_0-9]+>=[0-9]+(?:\.[0-9]+)?")
_HS = re.compile(r"[0-9]{2,10}")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """The entries of the one file, in the shape of `policies/data/goods`."""
    sheet = own.opened(only(files), COLUMNS, what="own control list")
    seen: set[str] = set()
    for row in own.rows(sheet, COLUMNS, report):
        _check(row, sheet, seen)
        report.entries += 1
        yield {**row, "state": own.country(row["state"], sheet, report, column="state")}


def _check(row: own.Fields, sheet: own.Sheet, seen: set[str]) -> None:
    code = normalise(row["code"])
    if code != row["code"]:
        hint = f"write {code!r}" if code else "no declared code would ever be read so; own codes are LV-NAME-1"
        raise sheet.error(f"the code {row['code']!r} is not in the form of the lists: {hint}", column="code")
    own.once(row["code"], seen, sheet, column="code")
    own.one_of(row["family"], FAMILIES, sheet, column="family")
    if row["family"] == "national" and not row["state"]:
        raise sheet.error("state is empty; say whose national list it is", column="state")
    for name in ("annex_iv", "section_i"):
        own.one_of(row[name], PARTS, sheet, column=name)
    own.one_of(row["intangible"], ("yes", "no"), sheet, column="intangible")
    for name in ("valid_from", "valid_to"):
        own.day(row[name], sheet, column=name)
    if row["valid_from"] and row["valid_to"] and row["valid_to"] < row["valid_from"]:
        raise sheet.error("valid_to lies before valid_from", column="valid_to")
    for name, form, example in (("least", _LEAST, "range_km>=300"), ("hs", _HS, "901380")):
        if wrong := [text for text in own.split(row[name]) if not form.fullmatch(text)]:
            raise sheet.error(f"{name} {wrong[0]!r} is not as {example}", column=name)
