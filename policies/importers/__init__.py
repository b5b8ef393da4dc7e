"""List files of publishers -> rows. One module a format; `SOURCES` says which lists a source fills.

A parser is `parse(files, report) -> iterator of rows`: it yields while it reads and fills the report; the report is
complete when the iterator is. It raises `ListFileError` for a file that is cut off, damaged or another one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from policies.importers.packed import unpacked
from policies.importers.shape import ListFile, ListFileError, Report, Row
from policies.importers.sources import SOURCES, Importer, Parser

__all__ = ["SOURCES", "Importer", "ListFile", "ListFileError", "Report", "Row", "importers"]


def importers(source: str, *, name: str = "") -> tuple[Importer, ...]:
    """The importers of a source. `name` puts an own list beside `parties/own`. Raises `ValueError` with what to do.

    >>> importers("party_csv", name="port_police")[0].list_id
    'parties/port_police'
    """
    found = SOURCES.get(source)
    if found is None:
        raise ValueError(f"unknown source {source!r}; use one of {', '.join(SOURCES)}")
    found = tuple(replace(importer, parse=partial(_parse_unpacked, importer.parse)) for importer in found)
    if not name:
        return found
    if source != "party_csv":
        raise ValueError(f"the source {source} has lists of its own; only party_csv takes a name")
    taken = {importer.list_id for row in SOURCES.values() for importer in row}
    list_id = f"parties/{name}"
    if not name.replace("_", "").isalnum() or not name.isascii() or list_id in taken:
        raise ValueError(f"{name!r} cannot be the name of an own list; use letters, digits and _, no name in use")
    return (replace(found[0], list_id=list_id, title=f"Own party list {name}"),)


def _parse_unpacked(parse: Parser, files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Every source accepts its files packed with gzip."""
    yield from parse([unpacked(file) for file in files], report)
