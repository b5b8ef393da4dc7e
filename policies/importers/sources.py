"""Which lists a source fills, and with which parser."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from policies.importers import fixtures, ofac, party_csv, un
from policies.importers.shape import ListFile, Report, Row

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
