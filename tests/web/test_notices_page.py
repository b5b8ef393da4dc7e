"""Notices: one's own only, unread first, gone from the bar once read."""

import pytest
from django.urls import reverse
from django.utils import timezone

from screening import notices
from screening.models import Notice, Role
from tests import factories
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db
PAGE = "/notices/"


def page(client: object, path: str = PAGE) -> str:
    return str(client.get(path).content.decode())  # type: ignore[attr-defined]


def test_unread_notices_come_first_and_are_counted_in_the_bar() -> None:
    officer = factories.officer()
    client = browser(officer)
    case = factories.case()
    notices.tell(officer, "An old one, not read.", shipment=case.shipment)
    notices.tell(officer, "A newer one, read.")
    Notice.objects.filter(text__startswith="A newer").update(read_at=timezone.now())
    shown = page(client)
    assert shown.index("An old one, not read.") < shown.index("A newer one, read.")
    assert reverse("screening:case", args=[case.shipment.public_id]) in shown
    assert "<strong>1<span" in page(client, "/queue/")


def test_one_or_all_are_marked_as_read() -> None:
    officer = factories.officer()
    client = browser(officer)
    first, *_rest = (notices.tell(officer, f"Notice {number}")[0] for number in range(3))
    assert client.post("/notices/read/", {"notice": str(Notice.objects.get(text="Notice 0").pk)}).status_code == 302
    assert [notice.text for notice in notices.unread(officer)] == ["Notice 2", "Notice 1"]
    assert client.post("/notices/read/", {"all": "1"}).status_code == 302
    assert not notices.unread(officer).exists()
    assert "<strong>1<span" not in page(client, "/queue/")
    assert "Notice 0" in page(client)
    assert first.to == officer


def test_a_post_that_names_nothing_reads_nothing() -> None:
    officer = factories.officer()
    notices.tell(officer, "Stays unread")
    for data in ({}, {"notice": "x"}, {"notice": "9" * 30}):
        assert browser(officer).post("/notices/read/", data).status_code == 302
    assert notices.unread(officer).count() == 1


def test_nobody_reads_or_marks_the_notices_of_another() -> None:
    mine, other = factories.officer(), factories.exporter()
    notices.tell(mine, "A secret of the officer")
    client = browser(other)
    assert "A secret of the officer" not in page(client)
    client.post("/notices/read/", {"notice": str(Notice.objects.get().pk)})
    client.post("/notices/read/", {"all": "1"})
    assert Notice.objects.get().read_at is None


def test_a_notice_links_only_to_what_its_reader_may_open() -> None:
    owner, stranger = factories.exporter(), factories.exporter()
    shipment = factories.shipment(by=owner)
    notices.tell([owner, stranger], "About one shipment", shipment=shipment)
    address = reverse("screening:shipment", args=[shipment.public_id])
    assert f'href="{address}"' in page(browser(owner))
    assert address not in page(browser(stranger))


@pytest.mark.parametrize("role", Role.values)
def test_everybody_who_is_signed_in_has_the_page(role: str) -> None:
    assert "You have no notices." in page(browser(factories.user(role)))


def test_a_notice_is_shown_and_never_run() -> None:
    officer = factories.officer()
    notices.tell(officer, "<script>alert(1)</script>")
    assert "<script>alert" not in page(browser(officer))
