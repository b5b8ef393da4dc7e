"""What the two OpenSanctions formats share: kinds, identifiers, and the effect of the lists in the collection.

https://www.opensanctions.org/docs/data/ (the data may be used commercially only with a licence of the publisher)
"""

import re
from collections.abc import Iterable

# A collection of other lists is no source of law. Only what it takes from the two that bind here has their effect.
EFFECT = "foreign_listing"
BINDING = frozenset(
    {
        *("eu_fsf", "eu_journal_sanctions", "un_sc_sanctions"),
        *("EU Financial Sanctions Files (FSF)", "EU Council Official Journal Sanctioned Entities"),
        *("UN Security Council Consolidated Sanctions", "UN SC Consolidated Sanctions List"),
    }
)
KINDS = {
    "Person": "person",
    "Vessel": "vessel",
    "Airplane": "aircraft",
    "LegalEntity": "",  # a person or an organisation: the publisher does not know
    "Company": "organisation",
    "Organization": "organisation",
    "PublicBody": "organisation",
}
_IMO = re.compile(r"IMO\s?(\d{7})")
_MMSI = re.compile(r"\d{9}")
# A number of unknown kind is found under every kind that a declared party may give it.
_MAY_BE = {
    "person": ("passport", "tax", "national_id"),
    "organisation": ("registration", "tax", "vat"),
    "": ("registration", "tax", "vat", "passport", "national_id"),
}


def effect(datasets: Iterable[str]) -> str:
    """What a match means: an asset freeze when the entry is taken from the list of the Union or the United Nations."""
    return "asset_freeze" if BINDING & set(datasets) else EFFECT


def identifiers(value: str, kind: str) -> list[tuple[str, str]]:
    """A number of an entry of some kind, as (what it is, value).

    >>> identifiers("IMO9253325", "vessel"), identifiers("UBGJ9", "vessel")
    ([('imo', '9253325')], [('call_sign', 'UBGJ9')])
    """
    if found := _IMO.fullmatch(value):
        return [("imo", found[1])]
    if kind in ("vessel", "aircraft"):
        return [("mmsi" if _MMSI.fullmatch(value) else "call_sign", value)]
    return [(what, value) for what in _MAY_BE[kind]]
