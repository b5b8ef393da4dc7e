"""Numbers, times and codes as people read them."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from screening.models import Finding
from screening.templatetags import ui
from screening.views import findings

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=RIGA)


@pytest.mark.parametrize(
    ("due_at", "text", "late"),
    [
        (datetime(2026, 11, 24, 9, 30, tzinfo=RIGA), "Overdue 30 min", True),
        (datetime(2026, 11, 24, 6, 0, tzinfo=RIGA), "Overdue 4 h", True),
        (datetime(2026, 11, 23, 9, 0, tzinfo=RIGA), "Overdue 1 day", True),
        (datetime(2026, 11, 24, 16, 0, tzinfo=RIGA), "Today 16:00", False),
        (datetime(2026, 11, 24, 22, 30, tzinfo=ZoneInfo("UTC")), "Tomorrow 00:30", False),
        (datetime(2026, 12, 24, 9, 0, tzinfo=RIGA), "24 Dec", False),
        (datetime(2027, 1, 4, 9, 0, tzinfo=RIGA), "4 Jan 2027", False),
    ],
)
def test_a_deadline_is_told_as_an_officer_needs_it(due_at: datetime, text: str, late: bool) -> None:
    assert ui.due_words(due_at, NOW) == {"text": text, "late": late}


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (0, "0"), (Decimal("2.500000"), "2.5"), (Decimal("4000.000000"), "4,000"), (1200.25, "1,200.25")],
)
def test_a_quantity_has_no_needless_zeros(value: object, shown: str) -> None:
    assert ui.plain_number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (Decimal("182400.00"), "182,400 EUR"), (6000.5, "6,000.50 EUR"), (0, "0 EUR")]
)
def test_money_has_cents_only_when_there_are_any(value: object, shown: str) -> None:
    assert ui.money(value, "EUR") == shown


@pytest.mark.parametrize(("share", "shown"), [(1.0, "100"), (0.997, "99"), (0.94, "94"), (0, "0"), (None, "0")])
def test_a_score_that_is_not_certain_never_reads_as_certain(share: object, shown: str) -> None:
    assert ui.percent(share) == shown


def test_a_country_has_a_name_and_an_unknown_one_its_code() -> None:
    assert [ui.country(code) for code in ("LV", "XK", "ZZ", "")] == ["Latvia", "Kosovo", "ZZ", ""]


def test_a_subject_is_told_in_words() -> None:
    subjects = ("shipment", "line 2", "party 3 end_user", "country IR")
    assert [findings.about(subject) for subject in subjects] == ["Shipment", "Line 2", "Party 3: end user", "Iran"]


def test_the_row_counts_what_stands_and_not_what_is_covered() -> None:
    rows = [
        Finding(effect="review"),
        Finding(effect="licence_required", covered_by="GA-EU001"),
        Finding(effect="cover"),
        Finding(effect="clear"),
        Finding(effect="prohibited"),
        Finding(effect="review"),
    ]
    assert findings.counts(rows) == [("prohibited", 1), ("review", 2)]
