"""Which lists a source fills, and with which parser."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from policies.importers import (
    bis_dpl,
    csl,
    csl_csv,
    csl_json,
    eu_fsf_xml,
    fixtures,
    ftm,
    ftm_links,
    ofac,
    ofac_advanced_xml,
    ofac_sdn_xml,
    opensanctions_csv,
    own_country_groups,
    own_denials,
    own_goods,
    own_parties,
    uk_csv,
    uk_xml,
    un,
)
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
_TRADE = "U.S. Department of Commerce, International Trade Administration"
_OPENSANCTIONS = "OpenSanctions, a collection of published lists; commercial use needs the publisher's licence"
_UK = "Foreign, Commonwealth and Development Office of the United Kingdom"
_UK_PAGE = "https://www.gov.uk/government/publications/the-uk-sanctions-list"
_OWN = "kept by the authority"
_TEST = "fixtures of worked examples; no real parties"

# One list may come in several formats; the entries keep their ids, so that another format is a small change.
_SDN = Importer(
    list_id="parties/ofac_sdn",
    kind="parties",
    title="OFAC Specially Designated Nationals",
    source=_OFAC,
    parse=ofac.parse,
    publisher_url="https://sanctionslist.ofac.treas.gov/Home/SdnList",
    effect=ofac.EFFECT,
    max_age_days=30,
)
_NON_SDN = Importer(
    list_id="parties/ofac_consolidated",
    kind="parties",
    title="OFAC consolidated non-SDN lists",
    source=_OFAC,
    parse=ofac.parse,
    publisher_url="https://sanctionslist.ofac.treas.gov/Home/ConsolidatedList",
    effect=ofac.EFFECT,
    max_age_days=30,
)

_SDN_LINKS = Importer(
    list_id="ownership/ofac",
    kind="ownership",
    title="Owned or controlled, as OFAC states it",
    source=_OFAC,
    parse=ofac_advanced_xml.ownership,
    publisher_url=_SDN.publisher_url,
    max_age_days=30,
    may_be_empty=True,
)
_NON_SDN_LINKS = replace(
    _SDN_LINKS,
    list_id="ownership/ofac_consolidated",
    title="Owned or controlled, as the OFAC consolidated lists state it",
    publisher_url=_NON_SDN.publisher_url,
)

_CSL = Importer(
    list_id="parties/us_csl",
    kind="parties",
    title="US Consolidated Screening List",
    source=_TRADE,
    parse=csl_csv.parse,
    publisher_url="https://www.trade.gov/consolidated-screening-list",
    effect=csl.EFFECT,
    max_age_days=30,
)
_UK_PARTIES = Importer(
    list_id="parties/uk",
    kind="parties",
    title="UK sanctions list",
    source=_UK,
    parse=uk_xml.parse,
    publisher_url=_UK_PAGE,
    effect=uk_xml.EFFECT,
    max_age_days=30,
)
_UK_OWNERSHIP = Importer(
    list_id="ownership/uk",
    kind="ownership",
    title="Parents and subsidiaries on the UK sanctions list",
    source=_UK,
    parse=uk_xml.ownership,
    publisher_url=_UK_PAGE,
    max_age_days=30,
    may_be_empty=True,
)
_COLLECTED = Importer(
    list_id="parties/opensanctions",
    kind="parties",
    title="OpenSanctions",
    source=_OPENSANCTIONS,
    parse=opensanctions_csv.parse,
    publisher_url="https://www.opensanctions.org/datasets/",
    max_age_days=30,
)

SOURCES: dict[str, tuple[Importer, ...]] = {
    "ofac_sdn": (_SDN,),
    "ofac_sdn_xml": (replace(_SDN, parse=ofac_sdn_xml.parse),),
    "ofac_sdn_advanced": (
        replace(_SDN, parse=ofac_advanced_xml.parse),
        _SDN_LINKS,
    ),
    "ofac_consolidated": (_NON_SDN,),
    "ofac_consolidated_xml": (replace(_NON_SDN, parse=ofac_sdn_xml.parse),),
    "ofac_consolidated_advanced": (
        replace(_NON_SDN, parse=ofac_advanced_xml.parse),
        _NON_SDN_LINKS,
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
    "us_csl": (_CSL,),
    "us_csl_json": (replace(_CSL, parse=csl_json.parse),),
    "bis_dpl": (
        Importer(
            list_id="parties/bis_dpl",
            kind="parties",
            title="US Denied Persons List",
            source="U.S. Department of Commerce, Bureau of Industry and Security",
            parse=bis_dpl.parse,
            publisher_url="https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl",
            effect=bis_dpl.EFFECT,
            max_age_days=90,
        ),
    ),
    "opensanctions_csv": (_COLLECTED,),
    "opensanctions_ftm": (
        replace(_COLLECTED, parse=ftm.parse),
        Importer(
            list_id="ownership/opensanctions",
            kind="ownership",
            title="Owners and directors in OpenSanctions",
            source=_OPENSANCTIONS,
            parse=ftm_links.parse,
            publisher_url="https://www.opensanctions.org/datasets/",
            max_age_days=30,
            may_be_empty=True,
        ),
    ),
    "eu": (
        Importer(
            list_id="parties/eu",
            kind="parties",
            title="EU consolidated financial sanctions list",
            source="European Commission, Directorate-General for Financial Stability",
            parse=eu_fsf_xml.parse,
            publisher_url="https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-"
            "subject-to-eu-financial-sanctions",
            effect=eu_fsf_xml.EFFECT,
            max_age_days=30,
        ),
    ),
    "uk_xml": (_UK_PARTIES, _UK_OWNERSHIP),
    "uk_csv": (replace(_UK_PARTIES, parse=uk_csv.parse), replace(_UK_OWNERSHIP, parse=uk_csv.ownership)),
    "own_parties": (
        Importer("parties/own", "parties", "Own party list", _OWN, own_parties.parse),
        Importer("ownership/own", "ownership", "Owners of own parties", _OWN, own_parties.ownership, may_be_empty=True),
    ),
    "own_goods": (Importer("goods/own", "goods", "Own control list", _OWN, own_goods.parse),),
    "own_denials": (Importer("denials/own", "denials", "Denials", _OWN, own_denials.parse),),
    "own_country_groups": (
        Importer("destinations/own_groups", "country_groups", "Own country groups", _OWN, own_country_groups.parse),
    ),
    "fixtures": (
        Importer("parties/fixtures", "parties", "Test parties", _TEST, fixtures.parties, may_be_empty=True),
        Importer("ownership/fixtures", "ownership", "Test ownership", _TEST, fixtures.ownership, may_be_empty=True),
        Importer("denials/fixtures", "denials", "Test denials", _TEST, fixtures.denials, may_be_empty=True),
    ),
}
