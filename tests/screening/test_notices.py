"""A notice belongs to one person until they have read it."""

from screening import notices
from screening.models import Notice
from tests import factories


def test_everybody_is_told_once(db: None) -> None:
    anna, berta = factories.officer(), factories.officer()
    notices.tell([anna, berta, anna], "Something changed.", shipment=factories.shipment())
    assert Notice.objects.count() == 2
    assert notices.unread(anna).get().text == "Something changed."


def test_reading_is_for_oneself(db: None) -> None:
    anna, berta = factories.officer(), factories.officer()
    (hers,) = notices.tell(anna, "For Anna.", licence=factories.licence())
    notices.tell(berta, "For Berta.")
    assert notices.read(berta, [hers.pk]) == 0
    assert notices.unread(anna).count() == 1
    assert notices.read(anna, [hers.pk]) == 1
    assert notices.read(anna, [hers.pk]) == 0
    assert (notices.unread(anna).count(), notices.of(anna).count()) == (0, 1)


def test_all_are_read_at_once(db: None) -> None:
    anna = factories.officer()
    for number in range(3):
        notices.tell(anna, f"Notice {number}.")
    assert [notice.text for notice in notices.of(anna)] == ["Notice 2.", "Notice 1.", "Notice 0."]
    assert notices.read(anna) == 3
    assert not notices.unread(anna).exists()
