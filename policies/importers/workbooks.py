"""XLSX workbooks as tables: the first sheet, its header row, every value as text; nothing is unpacked unseen.

A workbook is a ZIP archive of XML. Looked at before it is read: how large it becomes, whether its sizes are true, how
far its cells reach (one cell in the last corner makes a reader hold 17,000,000,000), and whether a formula failed.
"""

import csv
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse, parse
from python_calamine import CalamineError, CalamineWorkbook

from policies.importers.shape import ListFile, ListFileError

LARGEST = 50_000_000  # bytes, unpacked
ROWS, COLUMNS = 100_000, 50
EXACT = 10**15  # numbers from here on have lost digits in the workbook already
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, NotImplementedError),
    *(ParseError, DefusedXmlException),
)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Workbook:
    """The first sheet, with the interface of `tables.Table`: header, rows as `{column: text}`, errors with their place.

    Dates become ISO dates, whole numbers lose their `.0`, yes/no values become `yes` and `no`; empty rows are left out.
    """

    def __init__(self, file: ListFile, *, required: Sequence[str] = (), what: str = "table") -> None:
        self.file, self._number = file, 1
        _check(file)
        try:
            rows = CalamineWorkbook.from_filelike(file.stream).get_sheet_by_index(0).to_python(skip_empty_area=False)
        except CalamineError as error:
            raise ListFileError(f"the workbook cannot be read ({error}); save it again", file=file.name) from error
        if not any(map(any, rows)):
            raise ListFileError("the first sheet is empty; the list stands on the first sheet", file=file.name)
        self._rows = rows
        self.header = [self._text(value, number) for number, value in enumerate(rows[0], start=1)]
        while self.header and not self.header[-1]:
            self.header.pop()
        if missing := [name for name in required if name not in self.header]:
            raise self.error(f"the column {missing[0]!r} is missing on the first sheet: no {what}")
        if len(set(self.header)) != len(self.header):
            raise self.error("a column stands twice in the header")

    def __iter__(self) -> Iterator[dict[str, str]]:
        for number, row in enumerate(self._rows[1:], start=2):
            self._number = number
            values = [self._text(value, place) for place, value in enumerate(row, start=1)]
            if any(values[len(self.header) :]):
                raise self.error(f"a value stands beyond the last of the {len(self.header)} columns of the header")
            if any(values):
                yield dict(zip(self.header, values, strict=False))

    @property
    def line(self) -> int:
        """The number of the row read last."""
        return self._number

    def error(self, message: str, *, column: str = "") -> ListFileError:
        """An error in the row read last."""
        place = self.header.index(column) + 1 if column in getattr(self, "header", ()) else 1
        return ListFileError(message, file=self.file.name, line=self._number, column=place)

    def _text(self, value: object, column: int) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float) and abs(value) >= EXACT:
            message = "a number of more than 15 digits has lost digits; format the column as text and write it again"
            raise ListFileError(message, file=self.file.name, line=self._number, column=column)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, str) and len(value) > csv.field_size_limit():
            message = f"a value of {len(value)} characters; {csv.field_size_limit()} are the most"
            raise ListFileError(message, file=self.file.name, line=self._number, column=column)
        if isinstance(value, datetime):
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        return value.isoformat() if isinstance(value, (date, time)) else str(value).strip()


def _check(file: ListFile) -> None:
    """Raise `ListFileError` for an archive that is no workbook, becomes too large, or holds a failed formula."""
    file.stream.seek(0)
    try:
        with zipfile.ZipFile(file.stream) as archive:
            size = sum(item.file_size for item in archive.infolist())
            if size > LARGEST:
                message = f"the workbook unpacks to {size} bytes, allowed are {LARGEST}; it may be an attack"
                raise ListFileError(message, file=file.name)
            if damaged := archive.testzip():  # reads each part to its end: the sizes above are true
                raise zipfile.BadZipFile(damaged)
            with archive.open(_first_sheet(archive)) as sheet:
                for _event, element in iterparse(sheet, events=("end",), forbid_dtd=True):
                    _check_cell(element, file)
                    if element.tag != f"{SPREADSHEET}v":  # the cell around it still needs its value
                        element.clear()
    except DAMAGED as error:
        message = f"no whole XLSX workbook ({error}); save it as XLSX again, without a password"
        raise ListFileError(message, file=file.name) from error
    finally:
        file.stream.seek(0)


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """The name of the part that holds the first sheet. Raises `KeyError` where the archive is no workbook."""
    with archive.open("xl/workbook.xml") as book, archive.open("xl/_rels/workbook.xml.rels") as relations:
        first = parse(book, forbid_dtd=True).find(f"{SPREADSHEET}sheets/{SPREADSHEET}sheet")
        targets = {item.get("Id"): item.get("Target") for item in parse(relations, forbid_dtd=True).iter()}
    target = targets[first.get(RELATION)] if first is not None else None
    if not target:
        raise KeyError("no sheet")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _check_cell(element: Element, file: ListFile) -> None:
    if element.tag != f"{SPREADSHEET}c":
        return
    found = _CELL.fullmatch(element.get("r", ""))
    column = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(found[1]))) if found else 0
    line = int(found[2]) if found else 0
    if line > ROWS or column > COLUMNS:
        message = f"a cell stands beyond row {ROWS} or column {COLUMNS}; delete what stands outside the list"
        raise ListFileError(message, file=file.name, line=line, column=column)
    if element.get("t") == "e":
        said = element.findtext(f"{SPREADSHEET}v") or "an error"
        raise ListFileError(f"a formula gives {said}; write the value", file=file.name, line=line, column=column)
