"""Own goods, denials and country groups: from their files to the policy that screens, and through an upgrade."""

import shutil
from pathlib import Path

import pytest

from policies import editions, pack, publishing, shipped, snapshots
from policies.engine import facts
from policies.engine.policy import Policy
from policies.engine.screen import screen
from policies.models import Edition, EditionState, Snapshot
from tests import factories
from tests.policies.files import list_file
from tests.policies.xlsx import workbook

pytestmark = pytest.mark.django_db

OWN = {
    "own_goods": "code,heading,family,keywords\nLV-DRONE-1,Racing drones,military,racing drone\n",
    "own_denials": "id,member_state,date,item_code,end_user,country\nD1,DE,2025-09-02,LV-DRONE-1,Indus Industries,BR\n",
    "own_country_groups": "group,country,valid_to\nOWN_WATCH,BR,2025-12-31\n",
}
LISTS = ["denials/own", "destinations/own_groups", "goods/own"]


def in_force() -> Policy:
    """The own lists imported and published by two persons."""
    for source, text in OWN.items():
        editions.take(source, [list_file(text)], by=None)
    draft = publishing.draft(by=None)
    return snapshots.load(publishing.publish(draft, by=factories.user("policy_editor"), reason="own lists").hash)


def test_a_line_is_judged_by_an_own_list_and_an_own_denial(policy: Snapshot) -> None:
    payload = {
        "direction": "export",
        "origin": "LV",
        "destination": "BR",
        "shipment_date": "2025-12-01",
        "parties": [{"role": "end_user", "name": "Indus Industries", "country": "BR"}],
        "lines": [{"number": 1, "description": "drones for racing", "control_code": "LV-DRONE-1"}],
        "declarations": {},
    }
    reasons = {item.reason for item in screen(facts.read(payload), in_force()).findings}
    assert {"LISTED_MILITARY", "DENIAL_MATCH"} <= reasons


def test_a_country_is_in_an_own_group_on_its_days(policy: Snapshot) -> None:
    (membership,) = in_force().destinations["BR"].memberships
    assert (membership.group, str(membership.valid_to)) == ("OWN_WATCH", "2025-12-31")


def test_own_lists_outlive_a_later_pack(policy: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force()
    shutil.copytree(pack.SHIPPED, tmp_path / "data")
    catalogue = (tmp_path / "data" / "catalogue.yaml").read_text(encoding="utf-8").splitlines()
    kept = [line for line in catalogue if "terms/synonyms" not in line]
    (tmp_path / "data" / "catalogue.yaml").write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr(pack, "SHIPPED", tmp_path / "data")
    monkeypatch.setattr(pack.catalogue, "__defaults__", (tmp_path / "data",))
    later, new = shipped.install_shipped()
    assert new
    assert "terms/synonyms" not in later.manifest
    assert set(LISTS) <= set(later.manifest)
    active = Edition.objects.filter(source__in=LISTS, state=EditionState.ACTIVE)
    assert sorted(active.values_list("source_id", flat=True)) == LISTS


def test_a_country_that_is_no_destination_never_comes_into_force(policy: Snapshot) -> None:
    editions.take("own_country_groups", [workbook(["group", "country"], ["OWN_WATCH", "Guernsey"])], by=None)
    draft = publishing.draft(by=None)
    with pytest.raises(snapshots.SnapshotError, match="the country 'GG' is none of the destinations"):
        publishing.publish(draft, by=factories.user("policy_editor"), reason="own lists")
    assert snapshots.current() == policy
