"""Labelled lines of goods: read from CSV, and what counts as the right entry."""

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from policies.engine.classify.book import top
from policies.engine.classify.codes import normalise
from policies.engine.facts import Line

LARGEST = 10_000_000  # characters of a description
LABELLED = Path(__file__).resolve().parents[1] / "tests" / "labelled"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A line and the codes that an expert accepts for it; none for ordinary goods."""

    id: str
    line: Line
    expected: tuple[str, ...]


def halves(which: str) -> list[Labelled]:
    """The project's own labelled lines: the tuning half, the test half, or both."""
    return [
        line
        for half in ("tuning", "test")
        if which in (half, "both")
        for line in read_lines(LABELLED / f"goods_{half}.csv")
    ]


def read_lines(path: Path) -> list[Labelled]:
    """Labelled lines of a file. Ends the program with a sentence when a column is missing."""
    usual = csv.field_size_limit(LARGEST)  # of the whole process: list files are refused by the usual one
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    finally:
        csv.field_size_limit(usual)
    names = {name.strip().lower().replace(" ", "_"): name for name in (rows[0] if rows else ())}
    expected = next((names[name] for name in ("expected", "expected_codes", "codes", "code") if name in names), "")
    if "description" not in names or not expected:
        sys.exit(f"{path}: needs the columns description, hs_code, cas_number, attributes, expected")
    return [_labelled(number, row, names, expected) for number, row in enumerate(rows, start=1)]


def right(code: str, expected: tuple[str, ...]) -> bool:
    """Whether a candidate is one of the accepted entries, by their top entries."""
    return any(top(code) == top(item) for item in expected)


def _labelled(number: int, row: dict[str, str], names: dict[str, str], expected: str) -> Labelled:
    def cell(name: str) -> str:
        return (row.get(names.get(name, "")) or "").strip()

    written = (row.get(expected) or "").replace(";", "|").replace(",", "|")
    codes = [normalise(code) or code.strip() for code in written.split("|")]
    accepted = tuple(code for code in codes if code and code.lower() not in ("none", "-"))
    line = Line(
        number=number,
        description=row.get(names["description"]) or "",
        hs_code="".join(sign for sign in cell("hs_code") if sign.isdigit()),
        cas_number=cell("cas_number"),
        attributes=tuple(_attributes(cell("attributes")).items()),
    )
    return Labelled(cell("id") or str(number), line, accepted)


def _attributes(text: str) -> dict[str, str | float | bool]:
    if not text:
        return {}
    if text.startswith("{"):
        try:
            return dict(json.loads(text))
        except ValueError:
            sys.exit(f"attributes are no JSON object: {text[:80]}")
    pairs = (part.partition("=") for part in text.replace(";", "|").split("|"))
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}
