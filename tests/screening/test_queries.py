"""The queue: what is in which tab, what a search finds, and that a longer queue asks no more queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from screening import cases, queries
from screening.models import Case, Outcome
from tests import factories

pytestmark = pytest.mark.django_db


def references(found: Any) -> list[str]:
    return [case.shipment.reference for case in found]


@pytest.fixture
def full_queue() -> dict[str, Any]:
    """One unassigned case, one held by Anna, one proposed by Anna, one decided, one clear shipment without a case."""
    anna, senior = factories.officer(username="anna"), factories.senior_officer(username="senior")
    decided = factories.proposed(anna, reference="DECIDED")
    cases.confirm(decided, by=senior, version=decided.version)
    factories.case(reference="NEW")
    factories.case(reference="HELD", assigned_to=anna)
    factories.proposed(anna, reference="PROPOSED")
    factories.screened(Outcome.CLEAR, reference="CLEAR")
    return {"anna": anna, "senior": senior}


@pytest.mark.parametrize(
    ("who", "tab", "expected"),
    [
        ("anna", "open", {"NEW", "HELD", "PROPOSED"}),
        ("anna", "mine", {"HELD", "PROPOSED"}),
        ("senior", "mine", set()),
        ("anna", "unassigned", {"NEW"}),
        ("anna", "second_review", set()),
        ("senior", "second_review", {"PROPOSED"}),
        ("anna", "decided", {"DECIDED"}),
        ("anna", "all", {"NEW", "HELD", "PROPOSED", "DECIDED"}),
        ("anna", "no such tab", {"NEW", "HELD", "PROPOSED"}),
    ],
)
def test_tabs(full_queue: dict[str, Any], who: str, tab: str, expected: set[str]) -> None:
    assert set(references(queries.queue(full_queue[who], tab=tab))) == expected


def test_the_counts_say_what_the_tabs_hold(full_queue: dict[str, Any]) -> None:
    for who in full_queue.values():
        held = {tab: queries.queue(who, tab=tab).count() for tab in queries.TABS}
        assert queries.tab_counts(who) == held


def test_overdue_cases_have_a_tab() -> None:
    late = factories.case(reference="LATE")
    Case.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(hours=1))
    factories.case(reference="IN TIME")
    assert references(queries.queue(factories.officer(), tab="overdue")) == ["LATE"]


@pytest.mark.parametrize("role", ["exporter", "policy_editor", "administrator"])
def test_the_queue_is_empty_for_everybody_else(full_queue: dict[str, Any], role: str) -> None:
    assert not queries.queue(factories.user(role), tab="all").exists()
    assert set(queries.tab_counts(factories.user(role)).values()) == {0}


@pytest.mark.parametrize("search", ["find-me", "Fjord", "3A001", "oscilloscope", "  fjord   3a001 ", "IN"])
def test_search_looks_at_reference_parties_codes_goods_and_destination(search: str) -> None:
    line = {"number": 1, "description": "an oscilloscope", "control_code": "3A001.a", "quantity": 1, "unit": "pcs"}
    factories.case(reference="FIND-ME", lines=[line, line | {"number": 2}], destination="IN")
    other = {"role": "exporter", "name": "Somebody Else", "country": "LV"}
    factories.case(reference="OTHER", parties=[other], destination="BR")
    assert references(queries.queue(factories.officer(), search=search)) == ["FIND-ME"]


@pytest.mark.parametrize("search", ["nothing like it", "%", "_", "fjord nothing"])
def test_search_takes_no_wildcards_and_needs_every_word(search: str) -> None:
    factories.case()
    assert references(queries.queue(factories.officer(), search=search)) == []


def test_sorting() -> None:
    def line(value: int) -> list[dict[str, Any]]:
        return [{"number": 1, "description": "x", "quantity": 1, "unit": "pcs", "value": value, "currency": "EUR"}]

    factories.case(reference="B", lines=line(100), destination="US")
    factories.case(reference="A", lines=line(9), destination="BR")
    officer = factories.officer()
    assert references(queries.queue(officer, sort="reference")) == ["A", "B"]
    assert references(queries.queue(officer, sort="-value")) == ["B", "A"]
    assert references(queries.queue(officer, sort="destination")) == ["A", "B"]
    assert references(queries.queue(officer, sort="received")) == ["B", "A"]
    assert references(queries.queue(officer, sort="password")) == ["B", "A"]


def test_priority_comes_first() -> None:
    factories.case(reference="FIRST IN")
    allied = factories.case(reference="ALLIED")
    cases.open_or_update(allied.shipment, outcome=allied.outcome, priority=True)
    assert references(queries.queue(factories.officer())) == ["ALLIED", "FIRST IN"]


def test_a_longer_queue_needs_no_more_queries(django_assert_num_queries: Any) -> None:
    officer = factories.officer()

    def read() -> None:
        for case in queries.queue(officer):
            run = case.shipment.latest_run
            assert run is not None
            assert [finding.reason for finding in run.findings.all()] == ["LISTED_ANNEX_I"]
            assert str(case.assigned_to) and [line.control_code for line in case.shipment.lines.all()] == [""]
            assert list(case.decisions.all()) == []

    factories.case()
    with django_assert_num_queries(4):
        read()
    for _ in range(5):
        factories.case(assigned_to=officer)
    with django_assert_num_queries(4):
        read()


def test_a_case_page_loads_everything_at_once(django_assert_max_num_queries: Any) -> None:
    officer = factories.officer()
    public_id = factories.proposed(officer).shipment.public_id
    with django_assert_max_num_queries(6):
        loaded = queries.case_detail(officer, public_id)
        assert [str(step.by) for step in loaded.steps.all()] == ["None", str(officer), str(officer)]
        assert [decision.proposed_by for decision in loaded.decisions.all()] == [officer]
        run = loaded.shipment.latest_run
        assert run is not None
        assert len(run.findings.all()) == len(loaded.shipment.lines.all()) == 1


def test_a_case_does_not_exist_for_an_exporter() -> None:
    by = factories.exporter()
    case = factories.case(by=by)
    with pytest.raises(Case.DoesNotExist):
        queries.case_detail(by, case.shipment.public_id)


def test_outcomes_are_counted_within_what_is_visible() -> None:
    by = factories.exporter()
    factories.screened(Outcome.PROHIBITED, by=by)
    factories.shipment(by=by)
    factories.screened(Outcome.PROHIBITED)
    counts = queries.outcome_counts(by)
    assert (counts[Outcome.PROHIBITED], counts[""], counts[Outcome.CLEAR]) == (1, 1, 0)
