"""The queue: tabs, search, sort, and the same rows with and without htmx."""

import re

import pytest
from django.urls import reverse

from screening.models import Outcome
from tests import factories
from tests.web.conftest import browser

pytestmark = pytest.mark.django_db


def listed(text: str) -> list[str]:
    """The references of the rows, in order."""
    return re.findall(r'<a href="/cases/[^>]*>([^<]+)</a>', text)


def test_a_tab_shows_its_cases_and_every_tab_its_number() -> None:
    officer = factories.officer()
    mine, other = factories.case(assigned_to=officer), factories.case()
    client = browser(officer)
    everything = client.get("/queue/").content.decode()
    assert set(listed(everything)) == {mine.shipment.reference, other.shipment.reference}
    assert re.search(r"Mine <strong>1</strong>.*Unassigned <strong>1</strong>", everything, re.DOTALL)
    assert listed(client.get("/queue/?tab=mine").content.decode()) == [mine.shipment.reference]


def test_a_search_finds_by_party_and_keeps_the_tab() -> None:
    wanted = factories.case(parties=[{"role": "end_user", "name": "Andes Labs"}], destination="PE")
    factories.case()
    text = browser(factories.officer()).get("/queue/?tab=unassigned&q=andes").content.decode()
    assert listed(text) == [wanted.shipment.reference]
    assert 'value="andes"' in text
    assert f"/cases/{wanted.shipment.public_id}/?tab=unassigned&amp;q=andes" in text


def test_a_heading_sorts_and_says_so() -> None:
    last = factories.case(destination="ZA")
    first = factories.case(destination="AR")
    client = browser(factories.officer())
    up, down = (client.get(f"/queue/?sort={way}destination").content.decode() for way in ("", "-"))
    assert listed(up) == [first.shipment.reference, last.shipment.reference]
    assert listed(down) == [last.shipment.reference, first.shipment.reference]
    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down


@pytest.mark.parametrize("query", ["tab=nonsense", "sort=;drop", "page=-7", "page=x", "q=%00", "q=" + "a " * 500])
def test_nonsense_in_the_address_gives_a_page(query: str) -> None:
    factories.case()
    assert browser(factories.officer()).get(f"/queue/?{query}").status_code == 200


def test_the_pager_goes_on_where_the_page_ends() -> None:
    for _number in range(27):
        factories.case()
    client = browser(factories.officer())
    first, second = (listed(client.get(f"/queue/?page={page}").content.decode()) for page in (1, 2))
    assert (len(first), len(second)) == (25, 2)
    assert not set(first) & set(second)


def test_a_long_queue_costs_no_query_per_row(django_assert_max_num_queries: object) -> None:
    for _number in range(12):
        factories.case()
    client = browser(factories.officer())
    client.get("/queue/")
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get("/queue/")


def test_a_row_opens_as_a_page_and_htmx_takes_the_pane_alone() -> None:
    case = factories.case(Outcome.PROHIBITED)
    client = browser(factories.officer())
    path = reverse("screening:case", args=[case.shipment.public_id])
    page = client.get(path).content.decode()
    assert "<title>" in page
    assert 'id="queue-list"' in page
    pane = client.get(path, headers={"HX-Request": "true", "HX-Target": "case-pane"}).content.decode()
    assert "<title>" not in pane
    assert 'id="queue-list"' not in pane
    assert 'id="case-heading"' in pane
    again = {"HX-Request": "true", "HX-Target": "case-pane", "HX-History-Restore-Request": "true"}
    assert "<title>" in client.get(path, headers=again).content.decode()


def test_the_first_page_of_an_officer_is_the_queue_and_of_an_exporter_the_shipments() -> None:
    assert browser(factories.officer()).get("/").headers["Location"] == "/queue/"
    assert browser(factories.exporter()).get("/").headers["Location"] == "/shipments/"
    assert browser().get("/").status_code == 200
