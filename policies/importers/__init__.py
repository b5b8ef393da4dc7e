"""List files of publishers -> rows. One module a format; `SOURCES` says which lists a source fills.

A parser is `parse(files, report) -> iterator of rows`: it yields while it reads and fills the report; the report is
complete when the iterator is. It raises `ListFileError` for a file that is cut off, damaged or another one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from policies.importers import fixtures, ofac, party_csv, un
from policies.importers.shape import ListFile, ListFileError, Report, Row

__all__ = ["SOURCES", "Importer", "ListFile", "ListFileError", "Report", "Row", "importers"]

Parser = Callable[[Sequence[ListFile], Report], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Importer:
    """A list that a source fills, and how. `effect` is empty where each row says its own."""

    list_id: str
    kind: str
    title: str
    source: str
    parse: Parser
    publisher_url: str = ""
    effect: str = ""
    max_age_days: int = 0
    may_be_empty: bool = False


_OFAC = "U.S. Department of the Treasury, Office of Foreign Assets Control"
_TEST = "fixtures of worked examples; no real parties"

SOURCES: dict[str, tuple[Importer, ...]] = {
    "ofac_sdn": (
        Importer(
            list_id="parties/ofac_sdn",
            kind="parties",
            title="OFAC Specially Designated Nationals",
            source=_OFAC,
            parse=ofac.parse,
            publisher_url="https://sanctionslist.ofac.treas.gov/Home/SdnList",
            effect=ofac.EFFECT,
            max_age_days=30,
        ),
    ),
    "ofac_consolidated": (
        Importer(
            list_id="parties/ofac_consolidated",
            kind="parties",
            title="OFAC consolidated non-SDN lists",
            source=_OFAC,
            parse=ofac.parse,
            publisher_url="https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
            effect=ofac.EFFECT,
            max_age_days=30,
        ),
    ),
    "un": (
        Importer(
            list_id="parties/un",
            kind="parties",
            title="United Nations Security Council consolidated list",
            source="United Nations Security Council",
            parse=un.parse,
            publisher_url="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
            effect=un.EFFECT,
            max_age_days=30,
        ),
    ),
    "party_csv": (
        Importer(
            list_id="parties/own",
            kind="parties",
            title="Own party list",
            source="kept by the authority",
            parse=party_csv.parse,
        ),
    ),
    "fixtures": (
        Importer("parties/fixtures", "parties", "Test parties", _TEST, fixtures.parties, may_be_empty=True),
        Importer("ownership/fixtures", "ownership", "Test ownership", _TEST, fixtures.ownership, may_be_empty=True),
        Importer("denials/fixtures", "denials", "Test denials", _TEST, fixtures.denials, may_be_empty=True),
    ),
}


def importers(source: str, *, name: str = "") -> tuple[Importer, ...]:
    """The importers of a source. `name` puts an own list beside `parties/own`. Raises `ValueError` with what to do.

    >>> importers("party_csv", name="port_police")[0].list_id
    'parties/port_police'
    """
    found = SOURCES.get(source)
    if found is None:
        raise ValueError(f"unknown source {source!r}; use one of {', '.join(SOURCES)}")
    if not name:
        return found
    if source != "party_csv":
        raise ValueError(f"the source {source} has lists of its own; only party_csv takes a name")
    taken = {importer.list_id for row in SOURCES.values() for importer in row}
    list_id = f"parties/{name}"
    if not name.replace("_", "").isalnum() or not name.isascii() or list_id in taken:
        raise ValueError(f"{name!r} cannot be the name of an own list; use letters, digits and _, no name in use")
    return (replace(found[0], list_id=list_id, title=f"Own party list {name}"),)
