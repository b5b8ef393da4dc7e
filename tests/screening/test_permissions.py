"""Who sees which shipments; what a button shows and what the server allows is one answer."""

import pytest
from django.contrib.auth.models import AnonymousUser

from screening import permissions, queries
from screening.models import Shipment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Shipment:
    return factories.shipment()


@pytest.fixture
def others(mine: Shipment) -> Shipment:
    """What could leak."""
    return factories.shipment()


def test_exporters_see_their_own_organisation_only(mine: Shipment, others: Shipment) -> None:
    colleague = factories.exporter(organisation=mine.organisation)
    assert list(permissions.visible_shipments(colleague)) == [mine]


@pytest.mark.parametrize("role", ["officer", "senior_officer", "auditor"])
def test_officers_and_auditors_see_all(role: str, mine: Shipment, others: Shipment) -> None:
    assert set(permissions.visible_shipments(factories.user(role))) == {mine, others}


@pytest.mark.parametrize("role", ["policy_editor", "administrator"])
def test_other_roles_see_none(role: str, mine: Shipment) -> None:
    assert not permissions.visible_shipments(factories.user(role)).exists()


def test_a_closed_account_sees_none(mine: Shipment) -> None:
    assert not permissions.visible_shipments(factories.officer(is_active=False)).exists()


def test_a_visitor_sees_none_and_may_do_nothing(mine: Shipment) -> None:
    assert not permissions.visible_shipments(AnonymousUser()).exists()
    assert not permissions.can_submit(AnonymousUser(), mine.organisation)
    assert not permissions.can_see_queue(AnonymousUser())


def test_a_token_sees_its_organisation_if_it_may_read(mine: Shipment, others: Shipment) -> None:
    reader, _ = factories.token(mine.organisation, scopes=["shipments:read"])
    writer, _ = factories.token(mine.organisation, scopes=["shipments:write"])
    assert list(permissions.visible_shipments(reader)) == [mine]
    assert not permissions.visible_shipments(writer).exists()


def test_a_detail_of_another_organisation_does_not_exist(mine: Shipment, others: Shipment) -> None:
    by = factories.exporter(organisation=mine.organisation)
    assert queries.shipment_detail(by, mine.public_id) == mine
    with pytest.raises(Shipment.DoesNotExist):
        queries.shipment_detail(by, others.public_id)


def test_can_agrees_with_check() -> None:
    senior, case = factories.senior_officer(), factories.case()
    assert permissions.can_assign(senior, case)
    assert not permissions.can_confirm(senior, case)
    proposal = factories.proposed(senior)
    assert not permissions.can_confirm(senior, proposal)
    assert permissions.can_confirm(factories.senior_officer(), proposal)
    assert not permissions.can_reopen(senior, proposal)


@pytest.mark.parametrize(
    ("role", "queue", "audit", "administer"),
    [
        ("exporter", False, False, False),
        ("officer", True, False, False),
        ("senior_officer", True, False, False),
        ("policy_editor", False, False, False),
        ("auditor", True, True, False),
        ("administrator", False, False, True),
    ],
)
def test_each_role_has_its_places(role: str, queue: bool, audit: bool, administer: bool) -> None:
    by = factories.user(role)
    assert permissions.can_see_queue(by) is queue
    assert permissions.can_read_audit(by) is audit
    assert permissions.can_administer(by) is administer
