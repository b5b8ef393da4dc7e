"""A new policy screens again what it can affect, says what changed, and misses nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from policies import snapshots
from policies.models import Edition, ListSource, Snapshot
from screening import audit, reach, rescreening, runs
from screening.models import (
    AuditEvent,
    Case,
    CaseState,
    LicenceCheck,
    NameUse,
    Notice,
    Outcome,
    Rescreening,
    Run,
    RunState,
    Shipment,
)
from tests import factories, payloads
from tests.publications import publish, put_in_force, rows_of

OWN = "parties/own"
LATER = (timezone.localdate() + timedelta(days=30)).isoformat()
FJORD = {"id": "F1", "name": "Fjord Kontor AS", "country": "NO", "effect": "asset_freeze"}
OTHER = {"id": "F2", "name": "Zvezdny Ordnance Works JSC", "country": "RU", "effect": "asset_freeze"}


def to(name: str, country: str = "NO", more: Any = None) -> list[dict[str, Any]]:
    """Parties of which this one receives the goods."""
    return [
        {"role": "exporter", "name": "Baltic Precision SIA", "country": "LV"},
        {"role": "consignee", "name": name, "country": country} | (more or {}),
    ]


def screened(name: str = "Fjord Kontor AS", *, country: str = "NO", more: Any = None, **changes: Any) -> Shipment:
    """A shipment that has not left yet, screened by the policy in force."""
    body = {"shipment_date": LATER, "destination": country, "parties": to(name, country, more)} | changes
    shipment = factories.shipment(**body)
    runs.screen(Run.objects.get(revision=shipment.current).pk)
    shipment.refresh_from_db()
    return shipment


def finish(made: Rescreening) -> Rescreening:
    """What workers do."""
    rescreening.work(made.pk)
    for run in Run.objects.filter(trigger=f"rescreen {made.pk}", state=RunState.QUEUED).order_by("pk"):
        runs.screen(run.pk)
    made.refresh_from_db()
    assert (made.error, made.done_at is not None) == ("", True)
    return made


def again(made: Rescreening) -> set[str]:
    """The references of the shipments that a pass screened again."""
    found = Run.objects.filter(trigger=f"rescreen {made.pk}").select_related("revision__shipment")
    return {run.revision.shipment.reference for run in found}


def test_a_party_that_is_listed_stops_the_shipment_that_was_clear(policy: Snapshot) -> None:
    shipment, neighbour = screened(), screened("Nordic Timber Export")
    assert shipment.outcome == Outcome.CLEAR
    made = finish(publish({OWN: [FJORD]}))
    shipment.refresh_from_db()
    assert again(made) == {shipment.reference}
    assert (made.found, neighbour.outcome) == (1, Outcome.CLEAR)
    assert shipment.outcome == Outcome.PROHIBITED
    case = Case.objects.get(shipment=shipment)
    assert (case.state, case.outcome) == (CaseState.OPEN, Outcome.PROHIBITED)
    text = case.steps.get().text
    assert "A party is listed under an asset freeze" in text
    assert "Fjord Kontor AS (parties/own F1)" in text
    run = shipment.latest_run
    assert run is not None
    assert run.changes["outcome"] == ["clear", "prohibited"]
    assert run.changes["added"][0]["hits"][0]["entry"] == "F1"
    assert runs.replay(run) == []
    assert audit.verify() == AuditEvent.objects.count()


def test_a_delisting_reopens_the_decision_and_clears_nobody(policy: Snapshot) -> None:
    """Never silently better: the officer who refused is told, and decides again."""
    finish(publish({OWN: [FJORD]}))
    shipment, officer = screened(), factories.officer()
    case = Case.objects.get(shipment=shipment)
    decided = factories.decided(case, by=officer)
    finish(publish({OWN: [OTHER]}))
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.IN_REVIEW, Outcome.CLEAR)
    decided.refresh_from_db()
    assert decided.superseded_at is not None
    assert "Gone: A party is listed under an asset freeze" in case.steps.last().text
    assert Notice.objects.filter(to=officer, shipment=shipment).count() == 1


def test_what_does_not_touch_a_shipment_leaves_it_alone(policy: Snapshot) -> None:
    shipment = screened()
    made = finish(publish({OWN: [OTHER]}))
    assert (made.found, Run.objects.filter(revision__shipment=shipment).count()) == (0, 1)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"shipment_date": "2025-12-01"}, False),
        ({"shipment_date": LATER}, True),
        ({"shipment_date": timezone.localdate().isoformat()}, True),
    ],
)
def test_a_clear_shipment_that_has_left_is_history(policy: Snapshot, columns: Any, found: bool) -> None:
    screened(**columns)
    assert finish(publish({OWN: [FJORD]})).found == int(found)


def test_an_open_case_is_screened_again_whenever_it_was_to_leave(policy: Snapshot) -> None:
    finish(publish({OWN: [FJORD]}))
    shipment = screened(shipment_date="2025-12-01")
    assert Case.objects.filter(shipment=shipment, state=CaseState.OPEN).exists()
    assert finish(publish({OWN: [OTHER]})).found == 1


def test_a_run_that_began_under_the_policy_before_is_followed_by_another(policy: Snapshot) -> None:
    """It may still end, later, with what the old lists say: the newer run is the one that counts."""
    shipment = factories.shipment(shipment_date=LATER, parties=to("Fjord Kontor AS"))
    first = Run.objects.get(revision=shipment.current)
    Shipment.objects.filter(pk=shipment.pk).update(status="screening")
    made = publish({OWN: [FJORD]})
    finish(made)
    with_old = put_in_force({OWN: None})
    runs.screen(first.pk)
    first.refresh_from_db()
    shipment.refresh_from_db()
    assert (first.outcome, first.snapshot_hash) == (Outcome.CLEAR, with_old.hash)
    assert shipment.outcome == Outcome.PROHIBITED
    assert shipment.latest_run_id != first.pk


def test_a_pass_is_harmless_twice_and_goes_on_where_it_stopped(policy: Snapshot, settings: Any) -> None:
    for number in range(5):
        screened(f"Fjord Kontor {number} AS", reference=f"F{number}")
    settings.CELERY_TASK_SOFT_TIME_LIMIT = 0
    made = publish({OWN: [FJORD]})
    for _ in range(20):
        rescreening.work(made.pk)
    made.refresh_from_db()
    assert made.done_at is not None
    assert made.attempts == 6, "one page an attempt, and none after the last"
    assert (made.found, len(again(made))) == (5, 5)
    assert AuditEvent.objects.filter(action="rescreening.queued").count() == 1


def test_a_worker_that_dies_within_a_page_leaves_the_rest_to_the_next(policy: Snapshot, monkeypatch: Any) -> None:
    for number in range(5):
        screened(f"Fjord Kontor {number} AS")
    monkeypatch.setattr(rescreening, "BATCH", 2)
    made = publish({OWN: [FJORD]})
    Rescreening.objects.filter(pk=made.pk).update(reach={"everything": "", "mark": [2, 0, 0], "matched": 0})
    rescreening._screen_again(made, list(Shipment.objects.order_by("pk").values_list("pk", flat=True)[:3]))
    finish(made)
    assert (made.found, len(again(made))) == (5, 5)


def test_a_pass_that_cannot_tell_what_is_affected_screens_everything(policy: Snapshot) -> None:
    """The edition before is damaged: after some attempts nothing is left out."""
    screened("Nordic Timber Export")
    finish(publish({OWN: [OTHER]}))
    made = publish({OWN: [FJORD]})
    before = Snapshot.objects.get(hash=made.before_hash)
    Edition.objects.filter(source=OWN, digest=before.manifest[OWN]).update(content=b"damaged")
    snapshots.forget()
    for _ in range(rescreening.MOST_FAILURES):
        rescreening.work(made.pk)
        made.refresh_from_db()
        assert "ContentError" in made.error
    made = finish(made)
    assert (made.found, bool(made.reach["everything"])) == (1, True)


def test_the_sweeper_asks_again_for_a_pass_that_nobody_works_on(policy: Snapshot, monkeypatch: Any) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(rescreening.current_app, "send_task", lambda name, args, **options: sent.append((name, args)))
    made = publish({OWN: [FJORD]})
    assert rescreening.sweep() == 0
    Rescreening.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert rescreening.sweep() == 1
    assert sent[-1] == ("screening.rescreen", [made.pk])
    Rescreening.objects.update(done_at=timezone.now())
    assert rescreening.sweep() == 0


def test_a_rule_reaches_the_directions_that_it_names(policy: Snapshot) -> None:
    out, back = screened("Nordic Timber Export"), screened("Nordic Timber Export", direction="import")
    rows = rows_of("rules/end_use")
    rule = {
        "id": "TRIAL-IMPORT",
        "title": "Imports are looked at",
        "scope": "shipment",
        "effect": "review",
        "reason": "ART4_WMD_AWARE",
        "directions": ["import"],
        "clauses": ['shipment.direction == "import"'],
    }
    made = finish(publish({"rules/end_use": [*rows, rule]}))
    assert again(made) == {back.reference}
    assert made.reach["directions"] == ["import"]
    made = finish(publish({"rules/end_use": [*rows, rule | {"title": "Only words", "note": "changed"}]}))
    assert again(made) == set()
    made = finish(publish({"rules/end_use": [*rows, rule | {"directions": []}]}))
    assert again(made) == {out.reference, back.reference}


def test_a_country_reaches_every_shipment_that_passes_it(policy: Snapshot) -> None:
    through = screened("Nordic Timber Export", transit_countries=["TR"])
    seated = screened("Nordic Timber Export", more={"country": "TR"})
    final = screened("Nordic Timber Export", final_destination="TR")
    screened("Nordic Timber Export")
    rows = [row | ({"cwc": "no"} if row["code"] == "TR" else {}) for row in rows_of("destinations/destinations")]
    made = finish(publish({"destinations/destinations": rows}))
    assert again(made) == {through.reference, seated.reference, final.reference}
    assert made.reach["countries"] == ["TR"]


def test_goods_reach_everything(policy: Snapshot) -> None:
    shipment = screened("Nordic Timber Export")
    made = finish(publish({"goods/national": rows_of("goods/national")[1:]}))
    assert again(made) == {shipment.reference}
    assert made.reach["everything"]


@pytest.mark.parametrize(
    "more",
    [
        {"aliases": ["Zvezdny Ordnance Works"]},
        {"owners": [{"name": "Zvezdny Ordnance Works", "percent": 60}]},
        {"identifiers": {"registration": "RU-77 12345"}},
        {"address": "Moscow (Russia), Leninsky Prospekt 12"},
    ],
)
def test_an_entry_is_found_by_everything_that_the_matcher_compares(policy: Snapshot, more: Any) -> None:
    shipment = screened("Nordic Timber Export", more=more)
    listed = OTHER | {
        "identifiers": [["registration", "RU7712345"]],
        "addresses": ["12 Leninsky Prospekt Moscow Russia"],
    }
    made = finish(publish({OWN: [listed]}))
    assert again(made) == {shipment.reference}
    shipment.refresh_from_db()
    assert shipment.outcome != Outcome.CLEAR


def test_what_belongs_to_a_changed_entry_is_reached_through_every_link(policy: Snapshot) -> None:
    stakes = [
        {"owner": "F2", "owned": "Severny Trade House LLC", "percent": 75},
        {"owner": "Severny Trade House", "owned": "Polar Logistics AS", "percent": 60},
    ]
    finish(publish({"ownership/own": stakes}))
    shipment = screened("Polar Logistics")
    made = finish(publish({OWN: [OTHER]}))
    shipment.refresh_from_db()
    assert (again(made), shipment.outcome) == ({shipment.reference}, Outcome.PROHIBITED)
    made = finish(publish({"ownership/own": stakes[:1]}))
    assert again(made) == {shipment.reference}


def test_a_denial_reaches_its_end_user_and_its_country(policy: Snapshot) -> None:
    named = screened("Indus Process Industries")
    there = screened("Karachi Dairy", country="PK")
    screened("Nordic Timber Export")
    denial = {"id": "D1", "member_state": "DE", "date": "2026-01-02", "item_code": "2A226", "country": "PK"}
    made = finish(publish({"denials/own": [denial | {"end_user": "Indus Process Industries"}]}))
    assert again(made) == {named.reference, there.reference}


def test_a_list_that_is_fresh_again_frees_what_it_held_up(policy: Snapshot) -> None:
    finish(publish({OWN: [OTHER]}))
    ListSource.objects.filter(pk=OWN).update(max_age_days=10)
    Edition.objects.filter(source=OWN).update(imported_at=timezone.now() - timedelta(days=90))
    shipment = screened("Nordic Timber Export")
    assert shipment.outcome == Outcome.REVIEW
    finish(publish({OWN: [OTHER, FJORD]}))
    shipment.refresh_from_db()
    assert shipment.outcome == Outcome.CLEAR
    assert Case.objects.get(shipment=shipment).state == CaseState.OPEN


def test_a_shipment_stored_before_there_was_an_index_is_found(policy: Snapshot) -> None:
    shipment = screened()
    NameUse.objects.all().delete()
    assert again(finish(publish({OWN: [FJORD]}))) == {shipment.reference}


def test_a_pass_that_reached_everything_has_not_filled_the_names(policy: Snapshot) -> None:
    """It looks at all shipments without their names; the next pass, which needs them, must not rely on it."""
    shipment = screened()
    NameUse.objects.all().delete()
    finish(publish({"goods/national": rows_of("goods/national")[1:]}))
    assert not NameUse.objects.exists()
    assert again(finish(publish({OWN: [FJORD]}))) == {shipment.reference}
    NameUse.objects.all().delete()
    assert again(finish(publish({OWN: [OTHER]}))) == set(), "filled once, and not looked for again"


@pytest.mark.parametrize(
    "change",
    [
        {"countries": ["NO"]},
        {"births": ["1970-01-01"]},
        {"addresses": ["12 Harbour Road 35000 Izmir"]},
        {"identifiers": [["registration", "NO 1234567"]]},
        {"kind": "person"},
        {"weak": ["Fjord Kontor Export"]},
    ],
)
def test_what_stands_beside_a_name_reaches_who_is_named_so(policy: Snapshot, change: Any) -> None:
    """It raises or lowers the score of every name of the entry."""
    finish(publish({OWN: [FJORD, OTHER]}))
    shipment = screened("Fjord Kontor Export")
    screened("Nordic Timber Export")
    assert again(finish(publish({OWN: [FJORD | change, OTHER]}))) == {shipment.reference}
    assert again(finish(publish({OWN: [FJORD | change | {"note": "words"}, OTHER]}))) == set()


@pytest.mark.parametrize(
    ("lists", "row"),
    [("legal_forms/own", {"form": "as"}), ("name_words/own", {"word": "kontor", "role": "stop", "means": ""})],
)
def test_how_names_are_read_reaches_everything(policy: Snapshot, lists: str, row: Any) -> None:
    shipment = screened("Nordic Timber Export")
    made = finish(publish({lists: [row]}))
    assert again(made) == {shipment.reference}
    assert made.reach["everything"]


def test_an_active_licence_is_judged_by_the_new_policy(policy: Snapshot) -> None:
    """It stays what it is; a senior officer is told what the policy says of it now."""
    today = timezone.localdate()
    columns = {"valid_from": today - timedelta(days=9), "valid_to": today + timedelta(days=99)}
    licence = factories.licence(**columns)
    factories.licence(number="OLD", valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    factories.licence(number="OTHER", end_user="Nordic Timber Export", **columns)
    factories.licence(number="REVOKED", state="revoked", **columns)
    senior = factories.senior_officer()
    factories.officer()
    listed = {"id": "G1", "name": "Gujarat Analytical Labs", "country": "IN", "effect": "asset_freeze"}
    made = finish(publish({OWN: [listed]}))
    check = LicenceCheck.objects.get()
    assert (check.licence, check.before, check.outcome) == (licence, Outcome.CLEAR, Outcome.PROHIBITED)
    assert check.changes["added"][0]["reason"] == "PARTY_LISTED_ASSET_FREEZE"
    notice = Notice.objects.get()
    assert (notice.to, notice.licence) == (senior, licence)
    assert "asset freeze" in notice.text
    assert made.licences == 1
    licence.refresh_from_db()
    assert licence.state == "active"


def test_everything_is_screened_again_when_an_operator_asks(policy: Snapshot, capsys: Any) -> None:
    screened("Nordic Timber Export")
    screened("Karachi Dairy", country="PK")
    call_command("rescreen")
    assert not Rescreening.objects.exists()
    call_command("rescreen", "--all")
    call_command("rescreen", "--all")
    assert [row.found for row in Rescreening.objects.all()] == [2, 2]
    assert AuditEvent.objects.filter(action="rescreening.begun").count() == 2


def test_without_a_policy_there_is_nothing_to_screen_by(db: None) -> None:
    with pytest.raises(CommandError, match="install_policies"):
        call_command("rescreen", "--all")


def test_the_pass_says_what_it_looked_for(policy: Snapshot) -> None:
    screened()
    made = finish(publish({OWN: [FJORD, OTHER]}))
    assert made.reach["lists"] == ["parties/own: 2 added, 0 removed, 0 changed"]
    assert (made.reach["names"], made.reach["matched"]) == (2, 1)


def test_candidates_are_what_still_matters(policy: Snapshot) -> None:
    waiting = factories.shipment(shipment_date=LATER)
    assert waiting not in reach.candidates()
    assert screened() in reach.candidates()
    body = payloads.mass_spectrometer() | {"reference": "SPEC"}
    assert screened(**{name: body[name] for name in ("reference", "lines", "end_use")}) in reach.candidates()
