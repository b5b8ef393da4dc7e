"""Country names as publishers write them."""

import pytest

from policies import pack
from policies.importers.countries import CODES, OTHER, country_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, North", "KP"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Korea, South", "KR"),
        ("Russia", "RU"),
        (" Iran (Islamic  Republic of)", "IR"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo, Republic of the", "CG"),
        ("St. Kitts & Nevis", "KN"),
        ("Region: Gaza", "PS"),
        ("possibly Palestinian", "PS"),
        ("Türkiye", "TR"),
        ("NA", "NA"),
        ("Namibia", "NA"),
        ("GP", "GP"),
        ("na", ""),
        ("undetermined", ""),
        ("", ""),
        ("Atlantis", None),
        ("ZZ", None),
    ],
)
def test_a_name_is_its_country_none_or_unknown(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_every_shipped_destination_is_known_by_its_name() -> None:
    rows = list(pack.rows(pack.SHIPPED, "destinations/destinations"))
    assert {row["name"]: country_code(row["name"]) for row in rows} == {row["name"]: row["code"] for row in rows}


def test_every_spelling_leads_to_a_code_that_exists() -> None:
    assert set(OTHER.values()) <= CODES
