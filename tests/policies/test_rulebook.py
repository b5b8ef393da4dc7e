"""Rules are written, checked, tried, saved and retired, and two editors never lose each other's work."""

import time
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from policies import rulebook, snapshots
from policies.models import Edition, Snapshot
from policies.rulebook import Problem, RuleConflict, RuleRefused
from screening import audit
from screening.editorial import rules
from screening.models import AuditEvent, User
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "rules/goods"


def editor() -> User:
    return factories.user("policy_editor")


def row(**fields: Any) -> dict[str, Any]:
    plain = {
        "id": "OWN-1",
        "title": "Listed goods for Brazil",
        "scope": "line",
        "effect": "review",
        "reason": "INCOMPLETE",
        "legal_basis": "Regulation (EU) 2021/821, Article 3",
        "principles": ["P01"],
        "clauses": ["line.listed", 'shipment.destination.code == "BR"'],
        "examples": {
            "fires": [{"line": {"control_code": "3A001"}}],
            "not": [{"line": {"control_code": "3A001"}, "destination": "US"}],
        },
    }
    return plain | fields


def problems(**fields: Any) -> list[tuple[str, int, int]]:
    return [(item.field, item.clause, item.column) for item in rulebook.check(row(**fields), list_id=LIST, new=True)]


def saved(*, by: User | None = None, base: str = "", **fields: Any) -> Edition:
    return rulebook.save(row(**fields), list_id=LIST, by=by or editor(), base=base, reason="A new duty")


# Checking


def test_a_rule_that_is_right_has_no_problem(policy: Snapshot) -> None:
    assert rulebook.check(row(), list_id=LIST, new=True) == []


def test_every_shipped_rule_could_be_saved_as_it_is(policy: Snapshot) -> None:
    stored = rulebook.working()
    assert sum(map(len, stored.values())) > 100
    wrong = [(one["id"], found) for rows in stored.values() for one in rows if (found := rulebook.check(one))]
    assert wrong == []


def test_all_mistakes_are_said_at_once_with_clause_and_column(policy: Snapshot) -> None:
    found = problems(
        title="",
        effect="stop",
        reason="NO_SUCH_CODE",
        legal_basis=" ",
        principles=["P01", "P99"],
        directions=["exports"],
        clauses=["line.lisetd", "line.listed", 'shipment.destinaton.code == "RU"', "line.code"],
        valid_from="2026-02-01",
        valid_to="2026-01-01",
        colour="blue",
    )
    assert found == [
        ("colour", 0, 0),
        ("title", 0, 0),
        ("effect", 0, 0),
        ("directions", 0, 0),
        ("principles", 0, 0),
        ("reason", 0, 0),
        ("legal_basis", 0, 0),
        ("clauses", 1, 5),
        ("clauses", 3, 9),
        ("clauses", 4, 1),
        ("valid_to", 0, 0),
    ]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"id": ""}, "id", "needed"),
        ({"id": "own 1"}, "id", "capital letters"),
        ({"id": "../X"}, "id", "capital letters"),
        ({"id": "X" * 41}, "id", "at most 40"),
        ({"id": 7}, "id", "text"),
        ({"title": ["a"]}, "title", "text"),
        ({"title": "a\x00b"}, "title", "control characters"),
        ({"clauses": []}, "clauses", "needed"),
        ({"clauses": "line.listed"}, "clauses", "list of texts"),
        ({"clauses": ["line.listed", " "]}, "clauses", "empty"),
        ({"clauses": ["line.listed"] * 21}, "clauses", "at most 20"),
        ({"clauses": ["x" * 4001]}, "clauses", "4000 characters"),
        ({"clauses": [f'line.description != "{"x" * 3900}"'] * 6}, "clauses", "together"),
        ({"clauses": ["(" * 200 + "true" + ")" * 200]}, "clauses", "recursion"),
        ({"clauses": ["line.listed \ud800"]}, "clauses", "broken text"),
        ({"scope": "lines"}, "scope", "use one of"),
        ({"scope": "shipment", "clauses": ["true"], "effect": "cover"}, "scope", "must be line"),
        ({"stage": "flag"}, "stage", "does not go with"),
        ({"stage": "later"}, "stage", "use one of"),
        ({"effect": "flag", "reason": "", "weight": 0}, "weight", "weight above 0"),
        ({"effect": "flag", "weight": 5}, "reason", "Leave it empty"),
        ({"weight": "heavy"}, "weight", "number"),
        ({"weight": float("nan")}, "", "cannot be read"),
        ({"reason": ""}, "reason", "Choose the reason code"),
        ({"principles": []}, "principles", "at least one"),
        ({"principles": ["P01", "P01"]}, "principles", "twice"),
        ({"valid_from": "1.2.2026"}, "valid_from", "YYYY-MM-DD"),
        ({"valid_to": 7}, "valid_to", "YYYY-MM-DD"),
        ({"examples": [1]}, "examples", "under fires and not"),
        ({"examples": {"maybe": []}}, "examples.maybe", "fires or not"),
        ({"examples": {"fires": {}}}, "examples.fires", "list of examples"),
        ({"examples": {"fires": [{}] * 21}}, "examples.fires", "at most 20"),
        ({"examples": {"not": [{}, {"colour": 1}]}}, "examples.not", "Example 2: there is no field colour"),
        ({"examples": {"not": [{"line": {"colour": 1}}]}}, "examples.not", "line has no field colour"),
        ({"examples": {"not": [{"consignee": {"nmae": "x"}}]}}, "examples.not", "consignee has no field nmae"),
        ({"examples": {"not": [{"declarations": {"licens": "x"}}]}}, "examples.not", "no field licens"),
        ({"examples": {"not": [{"listed": [{"id": "1", "nam": "x"}]}]}}, "examples.not", "listed 1 has no field nam"),
        ({"examples": {"not": [{"listed": [{"id": "1"}]}]}}, "examples.not", "the field name is missing"),
        ({"examples": {"not": [{"destination": False}]}}, "examples.not", "destination must be text, in quotes"),
        ({"examples": {"not": [{"line": {"quantity": "ten"}}]}}, "examples.not", "quantity must be a number"),
        ({"examples": {"not": [{"line": {"attributes": [1]}}]}}, "examples.not", "attributes must be named values"),
        ({"examples": {"not": [{"shipment_date": "soon"}]}}, "examples.not", "shipment_date must be a date"),
        ({"examples": {"not": [{"importer": {"name": "x"}}]}}, "examples.not", "add one under also"),
        ({"examples": {"not": [{"also": [{"role": "bank"}] * 51}]}}, "examples.not", "at most 50 long"),
        ({"examples": {"not": ["text"]}}, "examples.not", "write fields and values"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(policy: Snapshot, fields: dict[str, Any], field: str, said: str) -> None:
    found = rulebook.check(row(**fields), list_id=LIST, new=True)
    assert [item.field for item in found] == [field]
    assert said in found[0].message


def test_an_id_is_used_once_in_all_lists(policy: Snapshot) -> None:
    taken = rulebook.check(row(id="EMB-ARMS"), list_id=LIST, new=True)
    assert [(item.field, "exists already" in item.message) for item in taken] == [("id", True)]
    elsewhere = rulebook.check(row(id="EMB-ARMS"), list_id=LIST)
    assert "rules/embargoes" in elsewhere[0].message


def test_a_megabyte_of_source_is_refused_at_once(policy: Snapshot) -> None:
    rulebook.policy()
    began = time.monotonic()
    (one,) = rulebook.check(row(clauses=["line.listed || " * 70_000 + "line.listed"]), list_id=LIST, new=True)
    assert "100000 are allowed" in one.message
    assert time.monotonic() - began < 2


# Trying


def test_each_example_says_whether_it_did_what_it_should(policy: Snapshot) -> None:
    fires, quiet = rulebook.trial(row())
    assert (fires.kind, fires.number, fires.ok) == ("fires", 1, True)
    assert "fires on line 1: line.listed (line.listed = yes)" in fires.said
    assert (quiet.kind, quiet.number, quiet.ok) == ("not", 1, True)


def test_an_example_that_fails_says_which_clause_with_which_values(policy: Snapshot) -> None:
    examples = {
        "fires": [{"line": {"control_code": "3A001"}, "destination": "US"}, {"direction": "import"}],
        "not": [{"line": {"control_code": "3A001"}}],
    }
    other_country, import_, fired = rulebook.trial(row(examples=examples, directions=["export"]))
    assert not other_country.ok
    assert other_country.said == (
        'It does not fire: line 1: shipment.destination.code == "BR" does not hold, shipment.destination.code = US.'
    )
    assert "is for export, the example is of direction import" in import_.said
    assert (fired.ok, "It fires on line 1" in fired.said) == (False, True)


def test_a_rule_not_in_force_on_the_day_of_its_example_says_so(policy: Snapshot) -> None:
    (fires, _) = rulebook.trial(row(valid_from="2030-01-01"))
    assert (fires.ok, "not in force on 2025-12-01" in fires.said) == (False, True)


def test_a_clause_that_cannot_be_decided_fails_both_kinds_of_example(policy: Snapshot) -> None:
    tried = rulebook.trial(row(clauses=['line.attributes["range_km"] > 300.0']))
    assert [(one.ok, "could not be decided" in one.said) for one in tried] == [(False, True), (False, True)]


def test_the_rule_is_tried_in_the_place_of_the_stored_one(policy: Snapshot) -> None:
    stored = rulebook.find("INCOMPLETE")
    assert stored is not None
    assert all(one.ok for one in rulebook.trial(stored))
    assert not any(one.ok for one in rulebook.trial({**stored, "clauses": ["size(shipment.missing) > 99"]})[:1])


def test_a_rule_that_reads_other_rules_is_tried_among_them(policy: Snapshot) -> None:
    stored = rulebook.find("RED-FLAGS")
    assert stored is not None and "so_far" in stored["clauses"][0]
    assert all(one.ok for one in rulebook.trial(stored))


def test_every_shipped_rule_passes_its_trial(policy: Snapshot) -> None:
    rows = [one for listed in rulebook.working().values() for one in listed]
    assert [(one["id"], said) for one in rows for said in rulebook.trial(one) if not said.ok] == []


NESTED = (
    "shipment.parties.all(a, shipment.parties.all(b, shipment.parties.all(c, a.number + b.number + c.number > {})))"
)


def crowd(number: int) -> dict[str, Any]:
    return {"also": [{"role": "broker", "name": f"Broker {one}"} for one in range(number)]}


def test_an_endless_loop_is_stopped_and_undecided(policy: Snapshot) -> None:
    (tried,) = rulebook.trial(row(clauses=[NESTED.format(0)], examples={"fires": [crowd(40)]}))
    assert not tried.ok
    assert "Iteration budget exceeded" in tried.said


def test_loops_that_keep_within_their_budget_end_with_the_trial(policy: Snapshot, monkeypatch: Any) -> None:
    """20 clauses of 9,000 steps on 50 lines, 40 examples: an hour, if nobody looked at the clock."""
    monkeypatch.setattr(rulebook, "TRIAL_SECONDS", 0.5)
    slow = crowd(18) | {"lines": [{"description": "x"}] * 50}
    heavy = row(
        clauses=[NESTED.format(-number) for number in range(20)], examples={"fires": [slow] * 20, "not": [slow] * 20}
    )
    rulebook.policy()
    began = time.monotonic()
    tried = rulebook.trial(heavy)
    assert time.monotonic() - began < 10
    assert (len(tried), any(one.ok for one in tried), any(one.in_time for one in tried)) == (40, False, False)
    with pytest.raises(RuleRefused, match="longer than 0.5 seconds"):
        rulebook.save(heavy, list_id=LIST, by=editor(), base="", reason="x")
    assert rulebook.find("OWN-1") is None


def test_a_rule_with_problems_is_not_tried(policy: Snapshot) -> None:
    with pytest.raises(RuleRefused) as refused:
        rulebook.trial(row(clauses=["line.lisetd"]))
    assert [(item.field, item.column) for item in refused.value.problems] == [("clauses", 5)]


# Saving


def test_a_new_rule_is_saved_in_its_list_and_found_again(policy: Snapshot) -> None:
    before = rulebook.working()
    edition = saved()
    assert (edition.source_id, edition.state) == (LIST, "active")
    assert rulebook.find("OWN-1") == row()
    assert rulebook.list_of("OWN-1") == LIST
    after = rulebook.working()
    assert [item for item in after[LIST] if item["id"] != "OWN-1"] == before.pop(LIST)
    assert {name: rows for name, rows in after.items() if name != LIST} == before
    current = snapshots.current()
    assert current is not None and current.manifest[LIST] != edition.digest, "nothing is in force before publication"


def test_a_changed_rule_replaces_its_row_and_no_other(policy: Snapshot) -> None:
    saved()
    edition = saved(base=rulebook.row_digest(row()), title="Another title")
    assert edition.report["changes"] == {"added": 0, "removed": 0, "changed": 1}
    found = rulebook.find("OWN-1")
    assert found is not None and found["title"] == "Another title"


def test_a_form_that_sends_empty_fields_changes_nothing(policy: Snapshot) -> None:
    first = saved()
    padded = row(remedy="", note=" ", stage="", directions=[], valid_to=None, title=" Listed goods for Brazil ")
    again = rulebook.save(padded, list_id=LIST, by=editor(), base=rulebook.row_digest(padded), reason="Looked")
    assert again == first


def test_a_rule_that_does_not_compile_is_never_stored(policy: Snapshot) -> None:
    count = Edition.objects.count()
    with pytest.raises(RuleRefused) as refused:
        saved(clauses=["line.lisetd"])
    assert [(item.field, item.clause, item.column) for item in refused.value.problems] == [("clauses", 1, 5)]
    assert Edition.objects.count() == count


def test_failing_examples_stop_the_publication_not_the_save(policy: Snapshot) -> None:
    edition = saved(examples={"fires": [{}], "not": [{}]})
    with pytest.raises(snapshots.SnapshotError, match="OWN-1: example 1 of fires does not fire"):
        snapshots.check_policy(rulebook.policy())
    assert edition.state == "active"


def test_two_editors_of_different_rules_of_a_list_both_succeed(policy: Snapshot) -> None:
    first, second = rulebook.find("GOODS-MILITARY"), rulebook.find("GOODS-FIREARMS")
    assert first is not None and second is not None
    for mine in (first, second):
        changed = {**mine, "note": f"Looked at {mine['id']}"}
        rulebook.save(changed, list_id=LIST, by=editor(), base=rulebook.row_digest(mine), reason="A note")
    notes = [rulebook.find(name)["note"] for name in ("GOODS-MILITARY", "GOODS-FIREARMS")]  # type: ignore[index]
    assert notes == ["Looked at GOODS-MILITARY", "Looked at GOODS-FIREARMS"]


def test_the_second_editor_of_the_same_rule_is_shown_the_first_ones_row(policy: Snapshot) -> None:
    saved()
    base = rulebook.row_digest(row())
    saved(base=base, title="The first editor's title")
    with pytest.raises(RuleConflict) as conflict:
        saved(base=base, title="The second editor's title")
    assert conflict.value.theirs == row(title="The first editor's title")
    assert rulebook.find("OWN-1") == row(title="The first editor's title")


def test_a_rule_that_somebody_took_away_is_a_conflict_too(policy: Snapshot) -> None:
    saved()
    rulebook.remove("OWN-1", by=editor(), base=rulebook.row_digest(row()), reason="A mistake")
    with pytest.raises(RuleConflict) as conflict:
        saved(base=rulebook.row_digest(row()), title="Too late")
    assert conflict.value.theirs is None


@pytest.mark.parametrize("list_id", ["rules/none", "goods/annex_i", ""])
def test_a_rule_is_saved_in_a_list_of_rules_only(policy: Snapshot, list_id: str) -> None:
    with pytest.raises(RuleRefused, match="There is no list of rules"):
        rulebook.save(row(), list_id=list_id, by=editor(), base="", reason="x")


def test_a_change_needs_a_reason_and_an_editor(policy: Snapshot) -> None:
    with pytest.raises(RuleRefused, match="Say why"):
        rulebook.save(row(), list_id=LIST, by=editor(), base="", reason=" ")
    for person in (factories.officer(), factories.auditor(), factories.exporter()):
        with pytest.raises(PermissionDenied):
            saved(by=person)
    assert rulebook.find("OWN-1") is None


# Retiring, removing, copying


def test_a_retired_rule_keeps_its_row_and_gets_its_last_day(policy: Snapshot) -> None:
    before = rulebook.find("ALLIED")
    assert before is not None
    args: dict[str, Any] = {"by": editor(), "base": rulebook.row_digest(before), "reason": "Replaced"}
    edition = rulebook.retire("ALLIED", on=date(2026, 12, 31), **args)
    assert edition.report["changes"] == {"added": 0, "removed": 0, "changed": 1}
    assert rulebook.find("ALLIED") == {**before, "valid_to": "2026-12-31"}
    with pytest.raises(RuleConflict):
        rulebook.retire("ALLIED", on=date(2027, 1, 1), **args)


def test_a_rule_cannot_end_before_it_begins(policy: Snapshot) -> None:
    mine = row(valid_from="2026-06-01")
    saved(valid_from="2026-06-01")
    with pytest.raises(RuleRefused, match="lies before"):
        rulebook.retire("OWN-1", on=date(2026, 5, 1), by=editor(), base=rulebook.row_digest(mine), reason="x")


def test_a_rule_that_was_law_is_not_removed_and_one_that_never_was_is(policy: Snapshot) -> None:
    allied = rulebook.find("ALLIED")
    assert allied is not None
    with pytest.raises(RuleRefused, match="has been law"):
        rulebook.remove("ALLIED", by=editor(), base=rulebook.row_digest(allied), reason="x")
    saved()
    rulebook.remove("OWN-1", by=editor(), base=rulebook.row_digest(row()), reason="A mistake")
    assert rulebook.find("OWN-1") is None


@pytest.mark.parametrize("verb", [rulebook.retire, rulebook.remove])
def test_a_rule_that_does_not_exist_cannot_end(policy: Snapshot, verb: Any) -> None:
    more = {"on": date(2026, 1, 1)} if verb is rulebook.retire else {}
    with pytest.raises(RuleRefused, match="no rule NOWHERE"):
        verb("NOWHERE", by=editor(), base="", reason="x", **more)
    with pytest.raises(RuleRefused, match="no rule NOWHERE"):
        rulebook.copied("NOWHERE")


def test_a_copy_has_an_id_of_its_own_and_can_be_saved(policy: Snapshot) -> None:
    copy = rulebook.copied("GOODS-MILITARY")
    assert copy["id"] == "GOODS-MILITARY-2"
    assert rulebook.check(copy, list_id=LIST, new=True) == []
    rules.copy("GOODS-MILITARY", by=editor(), reason="To try another threshold")
    assert rulebook.copied("GOODS-MILITARY")["id"] == "GOODS-MILITARY-3"
    assert rulebook.find("GOODS-MILITARY-2") == copy


# Audit


def test_every_change_of_a_rule_leaves_its_event(policy: Snapshot) -> None:
    person = editor()
    first = rulebook.row_digest(row())
    rules.save(row(), list_id=LIST, by=person, base="", reason="A new duty")
    rules.save(row(title="Better"), list_id=LIST, by=person, base=first, reason="Wording")
    second = rulebook.row_digest(row(title="Better"))
    rules.copy("OWN-1", new_id="OWN-2", by=person, reason="A variant")
    rules.retire("OWN-1", on=date(2026, 12, 31), by=person, base=second, reason="Replaced")
    rules.remove("OWN-2", by=person, base=rulebook.row_digest(row(title="Better", id="OWN-2")), reason="A mistake")
    events = list(AuditEvent.objects.filter(by=person).order_by("number"))
    assert [(event.action, event.details["rule"]) for event in events] == [
        ("rule.saved", "OWN-1"),
        ("rule.saved", "OWN-1"),
        ("rule.copied", "OWN-2"),
        ("rule.retired", "OWN-1"),
        ("rule.removed", "OWN-2"),
    ]
    assert events[1].details | {"edition": ""} == {
        "list": LIST,
        "edition": "",
        "rule": "OWN-1",
        "before": first,
        "after": second,
        "reason": "Wording",
    }
    assert events[2].details["copied"] == "OWN-1"
    assert (events[4].details["after"], events[3].details["last_day"]) == ("", "2026-12-31")
    audit.verify()


def test_a_refused_change_leaves_no_event(policy: Snapshot) -> None:
    person = editor()
    with pytest.raises(RuleRefused):
        rules.save(row(clauses=["line.lisetd"]), list_id=LIST, by=person, base="", reason="x")
    assert not AuditEvent.objects.filter(by=person).exists()


def test_the_working_policy_is_built_again_only_when_a_list_changes(policy: Snapshot) -> None:
    first = rulebook.policy()
    assert rulebook.policy() is first
    saved()
    assert rulebook.policy() is not first
    assert "OWN-1" in {rule.id for rule in rulebook.policy().rules}


def test_lists_that_do_not_fit_together_are_named(policy: Snapshot) -> None:
    Edition.objects.filter(source="reasons/reason_codes").update(state="superseded")
    with pytest.raises(rulebook.RulebookError, match="reason code"):
        rulebook.policy()


def test_a_problem_can_be_shown_by_itself() -> None:
    assert Problem("clauses", "Wrong", 2, 5) == Problem(field="clauses", clause=2, column=5, message="Wrong")
