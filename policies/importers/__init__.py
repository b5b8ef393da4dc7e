"""List files of publishers -> rows. One module a format; `SOURCES` says which lists a source fills.

A parser is `parse(files, report) -> iterator of rows`: it yields while it reads and fills the report; the report is
complete when the iterator is. It raises `ListFileError` for a file that is cut off, damaged or another one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from policies import pack
from policies.importers.packed import unpacked
from policies.importers.shape import ListFile, ListFileError, Report, Row
from policies.importers.sources import SOURCES, Importer, Parser

OWN = "own_"  # how the sources of an authority's own lists begin; there may be several of each

__all__ = ["SOURCES", "Importer", "ListFile", "ListFileError", "Report", "Row", "importers"]


def importers(source: str, *, name: str = "") -> tuple[Importer, ...]:
    """The importers of a source. `name` puts an own list beside the first one. Raises `ValueError` with what to do.

    >>> [importer.list_id for importer in importers("own_parties", name="port_police")]
    ['parties/port_police', 'ownership/port_police']
    """
    found = SOURCES.get(source)
    if found is None:
        raise ValueError(f"unknown source {source!r}; use one of {', '.join(SOURCES)}")
    if name:
        found = tuple(_named(importer, source, name) for importer in found)
    return tuple(replace(importer, parse=partial(_parse_unpacked, importer.parse)) for importer in found)


def _named(importer: Importer, source: str, name: str) -> Importer:
    if not source.startswith(OWN):
        raise ValueError(f"the source {source} has lists of its own; only own lists ({OWN}...) take a name")
    taken = {importer.list_id for row in SOURCES.values() for importer in row} | {info.id for info in pack.catalogue()}
    list_id = f"{importer.list_id.split('/')[0]}/{name}"
    if not name.replace("_", "").isalnum() or not name.isascii() or list_id in taken:
        raise ValueError(f"{name!r} cannot be the name of an own list; use letters, digits and _, no name in use")
    return replace(importer, list_id=list_id, title=f"{importer.title} {name}")


def _parse_unpacked(parse: Parser, files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """Every source accepts its files packed with gzip."""
    yield from parse([unpacked(file) for file in files], report)
