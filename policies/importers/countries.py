"""Country names as list publishers write them -> ISO 3166-1 alpha-2."""

import re
from functools import cache

from django_countries.data import COUNTRIES

from policies import pack

CODES = frozenset({*COUNTRIES, "XK"})  # Kosovo has no code of its own in the standard

# Names that are no country, or mean that none is known.
NONE = {"", "na", "n/a", "none", "none identified", "undetermined", "unknown", "stateless"}

# Spellings and territories beside the names of the shipped destinations.
OTHER = {
    "aland islands": "AX", "american samoa": "AS", "anguilla": "AI", "aruba": "AW", "bahamas, the": "BS",
    "bermuda": "BM", "british virgin islands": "VG", "brunei": "BN", "burma": "MM", "cape verde": "CV",
    "cayman islands": "KY", "china, hong kong special administrative region": "HK",
    "china, macao special administrative region": "MO", "congo, democratic republic of the": "CD",
    "congo, republic of the": "CG", "cook islands": "CK", "cote d ivoire": "CI", "côte d'ivoire": "CI",
    "curacao": "CW", "curaçao": "CW", "czech republic": "CZ", "democratic people's republic of korea": "KP",
    "democratic republic of congo": "CD", "democratic republic of the congo": "CD", "east timor": "TL",
    "falkland islands": "FK", "faroe islands": "FO", "french polynesia": "PF", "gambia, the": "GM",
    "gaza": "PS", "gaza strip": "PS", "gibraltar": "GI", "great britain": "GB", "greenland": "GL", "guam": "GU",
    "guernsey": "GG", "hong kong": "HK", "iran (islamic republic of)": "IR", "iran, islamic republic of": "IR",
    "isle of man": "IM", "ivory coast": "CI", "jersey": "JE", "korea, north": "KP", "korea, south": "KR",
    "kosovo, republic of": "XK", "lao people's democratic republic": "LA", "macao": "MO", "macau": "MO",
    "macedonia": "MK", "man, isle of": "IM", "micronesia, federated states of": "FM",
    "moldova, republic of": "MD", "montserrat": "MS", "new caledonia": "NC", "north gaza": "PS",
    "north korea": "KP", "north macedonia, the republic of": "MK", "northern gaza": "PS",
    "northern mali": "ML", "palestinian": "PS", "prc": "CN", "palestine, state of": "PS", "puerto rico": "PR",
    "republic of korea": "KR", "republic of moldova": "MD", "russia": "RU", "saint vincent and grenadines": "VC",
    "south korea": "KR", "state of palestine": "PS", "swaziland": "SZ", "syrian arab republic": "SY",
    "tanzania, united republic of": "TZ", "crimea": "UA", "the gambia": "GM", "turkey": "TR", "türkiye": "TR",
    "turks and caicos islands": "TC", "united kingdom of great britain and northern ireland": "GB",
    "united republic of tanzania": "TZ", "united states of america": "US", "usa": "US", "uk": "GB", "uae": "AE",
    "vatican city": "VA", "venezuela (bolivarian republic of)": "VE", "bolivia (plurinational state of)": "BO",
    "vietnam": "VN", "virgin islands, british": "VG", "virgin islands, u.s.": "VI", "west bank": "PS",
}  # fmt: skip
_PREFIX = re.compile(r"^(?:region:|possibly|alt\.)\s+")


def country_code(name: str) -> str | None:
    """The alpha-2 code of a name, "" where the name says that there is none, `None` for a name nobody knows.

    A code itself is two capital letters: "NA" is Namibia, "na" is not available.

    >>> country_code("Korea, North"), country_code("NA"), country_code("na"), country_code("Atlantis")
    ('KP', 'NA', '', None)
    """
    if (code := name.strip()) in CODES:
        return code
    plain = _plain(name)
    return "" if plain in NONE else _table().get(plain)


@cache
def _table() -> dict[str, str]:
    shipped = {_plain(row["name"]): row["code"] for row in pack.rows(pack.SHIPPED, "destinations/destinations")}
    return {**shipped, **OTHER}


def _plain(name: str) -> str:
    plain = " ".join(name.casefold().replace("’", "'").split())
    plain = _PREFIX.sub("", plain)
    return re.sub(r"\bst\. ", "saint ", plain).replace("&", "and")
