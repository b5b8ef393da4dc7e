"""What a new screening changes is seen: by the case, by whoever decided it, and by nobody who may not."""

from typing import Any

import pytest

from policies.models import Snapshot
from screening import cases, differences, notices, runs
from screening.models import Case, CaseState, Finding, Notice, Outcome, Run, RunState, Shipment
from screening.permissions import NotAllowed
from tests import factories

HIT = {
    "list": "parties/un",
    "entry": "7",
    "entry_name": "Zvezdny Works",
    "match": "similar",
    "effect": "asset_freeze",
    "country_contradicts": False,
    "percent": None,
    "score": 0.9,
    "listed": "Zvezdny Works",
}


def finding(rule: str = "PARTY-POSSIBLE", subject: str = "party 2 consignee", **more: Any) -> dict[str, Any]:
    return {
        "reason": "PARTY_POSSIBLE_MATCH",
        "effect": "review",
        "subject": subject,
        "title": "A party may be listed",
        "rule": rule,
        "legal_basis": "EU best practices",
        "principles": ["P05"],
        "because": [{"clause": "party.hits.exists(h, true)", "value": "party.hits = 7"}],
        "evidence": {"party": "Zvezdni Works"},
        "remedy": "",
        "covered_by": "",
    } | more


def hit(**more: Any) -> dict[str, Any]:
    return {"evidence": {"hits": [HIT | more]}}


def between(before: list[Any], after: list[Any], *, outcome: str = "review") -> dict[str, Any]:
    return differences.between(before, after, outcomes=("review", outcome))


def run_again(shipment: Shipment, findings: list[dict[str, Any]], outcome: str, *, trigger: str = "rescreen 1") -> Run:
    """A run that ends with these findings, without the engine."""
    assert shipment.current is not None
    run = Run.objects.create(revision=shipment.current, trigger=trigger)
    locked = runs._locked(run.pk)
    locked.facts, locked.facts_hash, locked.snapshot_hash = {}, "f" * 64, "6" * 64
    runs._keep(locked, state=RunState.FINISHED, outcome=outcome, findings=findings)
    shipment.refresh_from_db()
    return locked


def same(shipment: Shipment) -> list[dict[str, Any]]:
    """The findings that the shipment has now."""
    assert shipment.latest_run is not None
    return [runs.finding_dict(row) for row in shipment.latest_run.findings.all()]


# What is a difference


@pytest.mark.parametrize(
    "more",
    [
        {"title": "Reworded", "remedy": "Other words", "principles": ["P06"]},
        {"because": [{"clause": "party.hits.exists(h, 1 == 1)", "value": "party.hits = 7"}]},
        {"evidence": {"party": "Zvezdni Works", "note": "words"}},
    ],
)
def test_words_are_no_difference(more: dict[str, Any]) -> None:
    assert between([finding()], [finding(**more)]) == {}


def test_a_candidate_that_is_a_little_likelier_is_no_difference_and_another_one_is() -> None:
    def mismatch(code: str, score: float) -> dict[str, Any]:
        because = [{"clause": "size(line.mismatch) > 0", "value": f"line.mismatch = {code}"}]
        return finding("GOODS-MISMATCH", "line 1", because=because, evidence={"candidates": [{"score": score}]})

    assert between([mismatch("3A504", 0.97)], [mismatch("3A504", 0.98)]) == {}
    assert between([mismatch("3A504", 0.97)], [mismatch("2B001", 0.97)])["changed"]


def test_a_score_is_no_difference() -> None:
    assert between([finding(**hit())], [finding(**hit(score=0.91, listed="Zvezdny"))]) == {}


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"effect": "prohibited"}, ["effect"]),
        ({"legal_basis": "Another act"}, ["legal_basis"]),
        ({"covered_by": "LICENCE"}, ["covered_by"]),
        ({"because": [{"clause": "party.hits.exists(h, true)", "value": "party.hits = 8"}]}, []),
        ({"evidence": {"party": "Another"}}, []),
    ],
)
def test_what_a_finding_says_or_rests_on_is_a_difference(more: dict[str, Any], fields: list[str]) -> None:
    changes = between([finding()], [finding(**more)])
    assert [row["fields"] for row in changes["changed"]] == [fields]
    assert (changes["added"], changes["removed"]) == ([], [])


def test_another_entry_is_named() -> None:
    before, after = finding(**hit()), finding(**hit(entry="8", entry_name="Zvezda"))
    (row,) = between([before], [after])["changed"]
    assert [one["entry"] for one in row["hits_added"]] == ["8"]
    assert [one["entry"] for one in row["hits_removed"]] == ["7"]
    assert "Zvezda (parties/un 8)" in differences.sentence(between([before], [after]))


def test_the_sentence_counts_what_it_does_not_name() -> None:
    many = [finding(subject=f"party {number} bank") for number in range(6)]
    said = differences.sentence(between([], many, outcome="prohibited"))
    assert said.startswith("The outcome was “Review” and is “Prohibited”. New: A party may be listed (party 0 bank);")
    assert said.endswith("3 more.")


# What it does to a case


def test_another_finding_takes_a_proposal_back_though_the_outcome_is_the_same(db: None) -> None:
    officer = factories.officer()
    case = factories.proposed(officer)
    shipment = Shipment.objects.get(pk=case.shipment_id)
    run = run_again(shipment, [*same(shipment), finding(**hit())], case.outcome)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.IN_REVIEW, Outcome.LICENCE_REQUIRED)
    assert case.decisions.get().superseded_at is not None
    assert run.changes["added"][0]["rule"] == "PARTY-POSSIBLE"
    step = case.steps.last()
    assert step is not None
    assert "New: A party may be listed (party 2 consignee): Zvezdny Works (parties/un 7)." in step.text
    with pytest.raises(cases.CaseChanged, match="New: A party may be listed"):
        cases.confirm(case, by=factories.senior_officer(), version=case.version - 1)
    with pytest.raises(NotAllowed):
        cases.confirm(case, by=factories.senior_officer(), version=case.version)


@pytest.mark.parametrize("outcome", [Outcome.PROHIBITED, Outcome.CLEAR])
def test_a_decided_case_is_taken_up_again_whether_it_got_worse_or_better(db: None, outcome: str) -> None:
    officer = factories.officer()
    case = factories.case(assigned_to=officer)
    decision = factories.decided(case, by=officer)
    shipment = Shipment.objects.get(pk=case.shipment_id)
    run_again(shipment, [finding()], outcome)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.IN_REVIEW, outcome)
    decision.refresh_from_db()
    assert (decision.superseded_at is not None, decision.confirmed_by is not None) == (True, True)
    told = set(Notice.objects.exclude(to__role="exporter").values_list("to__username", flat=True))
    assert decision.confirmed_by is not None
    assert told == {officer.username, decision.confirmed_by.username}


def test_a_run_that_finds_the_same_touches_nothing_and_tells_nobody(db: None) -> None:
    officer = factories.officer()
    case = factories.proposed(officer)
    shipment = Shipment.objects.get(pk=case.shipment_id)
    before = case.version
    run = run_again(shipment, same(shipment), case.outcome)
    case.refresh_from_db()
    assert (case.version, case.state, run.changes) == (before, CaseState.PROPOSED, {})
    assert shipment.latest_run_id == run.pk
    assert not Notice.objects.exists()


def test_a_better_result_closes_nothing_by_itself(db: None) -> None:
    case = factories.case()
    run_again(Shipment.objects.get(pk=case.shipment_id), [finding(effect="clear")], Outcome.CLEAR)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (CaseState.OPEN, Outcome.CLEAR)


def test_a_clear_shipment_that_became_worse_gets_a_case_and_the_seniors_are_told(db: None) -> None:
    senior, _ = factories.senior_officer(), factories.officer()
    factories.senior_officer(is_active=False)
    shipment = factories.screened(Outcome.CLEAR)
    run_again(shipment, [finding()], Outcome.REVIEW)
    case = Case.objects.get(shipment=shipment)
    assert case.state == CaseState.OPEN
    assert [notice.to for notice in Notice.objects.exclude(to__role="exporter")] == [senior]
    assert "The outcome was “Clear” and is “Review”." in notices.unread(senior).get().text


def test_the_exporter_learns_that_the_result_changed_and_not_why(db: None) -> None:
    exporter = factories.exporter()
    factories.exporter()
    shipment = factories.screened(Outcome.CLEAR, by=exporter)
    run_again(shipment, [finding(title="Denied by another state in confidence")], Outcome.REVIEW)
    (notice,) = Notice.objects.filter(to__role="exporter")
    assert notice.to == exporter
    assert shipment.reference in notice.text
    assert "confidence" not in notice.text


def test_an_exporter_is_not_told_of_findings_that_leave_the_result_as_it_is(db: None) -> None:
    case = factories.case(Outcome.REVIEW)
    run_again(Shipment.objects.get(pk=case.shipment_id), [finding()], Outcome.REVIEW)
    assert not Notice.objects.filter(to__role="exporter").exists()


def test_a_run_that_a_later_one_has_overtaken_changes_nothing(db: None) -> None:
    shipment = factories.screened(Outcome.CLEAR)
    assert shipment.current is not None
    slow = Run.objects.create(revision=shipment.current, trigger="rescreen 1")
    run_again(shipment, [finding(effect="prohibited")], Outcome.PROHIBITED, trigger="rescreen 2")
    locked = runs._locked(slow.pk)
    locked.facts, locked.facts_hash, locked.snapshot_hash = {}, "f" * 64, "5" * 64
    runs._keep(locked, state=RunState.FINISHED, outcome=Outcome.CLEAR, findings=[])
    shipment.refresh_from_db()
    assert shipment.outcome == Outcome.PROHIBITED
    assert shipment.case.outcome == Outcome.PROHIBITED
    assert locked.changes == {}


@pytest.mark.parametrize(
    ("before", "after"), [(Outcome.PROHIBITED, Outcome.PROHIBITED), (Outcome.CLEAR, Outcome.REVIEW)]
)
def test_a_new_run_that_fails_never_softens_a_result(db: None, settings: Any, before: str, after: str) -> None:
    """There is no policy in this database: the run ends as failed."""
    settings.RUN_MAX_ATTEMPTS = 1
    shipment = factories.screened(before)
    assert shipment.current is not None
    run = Run.objects.create(revision=shipment.current, trigger="rescreen 1")
    runs.screen(run.pk)
    run.refresh_from_db()
    shipment.refresh_from_db()
    assert (run.state, shipment.outcome) == (RunState.FAILED, after)
    step = shipment.case.steps.last()
    assert step is not None
    assert "could not be completed" in step.text
    shown = Finding.objects.filter(run=shipment.latest_run).values_list("rule", flat=True)
    assert list(shown) == (["TEST-01"] if before == Outcome.PROHIBITED else ["engine"])
    again = Run.objects.create(revision=shipment.current, trigger="rescreen 2")
    runs.screen(again.pk)
    shipment.refresh_from_db()
    assert shipment.outcome == after


def test_the_first_screening_of_a_shipment_tells_nobody(policy: Snapshot) -> None:
    shipment = factories.shipment(destination="KP")
    run = Run.objects.get(revision=shipment.current)
    runs.screen(run.pk)
    run.refresh_from_db()
    assert (run.outcome, run.changes) == (Outcome.PROHIBITED, {})
    assert not Notice.objects.exists()
