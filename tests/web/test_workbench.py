"""Rules on the screen: found, read, written, checked, stored; and two editors at once."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from policies import rulebook
from policies.engine import schema
from policies.engine.language import compile_clause
from policies.models import Edition, EditionState
from screening.editorial import rules
from screening.forms import rule as forms
from screening.forms import rule_examples
from screening.forms.rule_examples import ExamplesError
from screening.models import AuditEvent, Role
from screening.views.policy import field_reference
from tests import factories
from tests.web.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy")]

NEW = {
    "id": "TEST-DRONES",
    "list_id": "rules/goods",
    "title": "Drones of more than 25 kg need a look",
    "scope": "line",
    "effect": "review",
    "reason": "LISTED_ANNEX_I",
    "legal_basis": "Reg 2021/821 Art 9",
    "principles": ["P03"],
    "directions": ["export"],
    "clause": ['line.description.contains("drone")', "has(line.quantity) && line.quantity > 25.0"],
    "must_fire": "- line: {description: drone, quantity: 30}",
    "must_not": "- line: {description: drone, quantity: 3}\n- destination: NO",
    "why": "A new national measure.",
}


def page(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def editor() -> Iterator[Client]:
    yield browser(factories.user(Role.POLICY_EDITOR))


def send(client: Client, rule_id: str = "", *, do: str = "check", **changes: Any) -> Any:
    """Post the form of a rule: that of `NEW`, or the stored one with changes."""
    values: dict[str, Any] = dict(NEW)
    if rule_id:
        row = rulebook.find(rule_id)
        assert row is not None
        data = forms.data_of(row, base=rulebook.row_digest(row))
        values = {name: data.getlist(name) for name in data} | {"why": "A correction."}
    address = reverse("screening:rule", args=[rule_id]) if rule_id else reverse("screening:rule_new")
    return client.post(address, values | {"do": do} | changes)


def test_every_rule_is_listed_and_found_by_word_and_filter(editor: Client) -> None:
    address = reverse("screening:workbench")
    first = page(editor.get(address))
    assert sum(len(rows) for rows in rulebook.working().values()) == 118
    assert 'small">118</span>' in first
    found = page(editor.get(address, {"q": "833/2014 transit"}))
    assert "RU-TRANSIT" in found and "GA-EU001" not in found
    russia = page(editor.get(address, {"list": "rules/embargoes", "effect": "prohibited", "principle": "P16"}))
    assert "RU-TRANSIT" in russia and "GA-EU001" not in russia and "ART4-WMD-AWARE" not in russia
    assert "No rule matches" in page(editor.get(address, {"q": "no such words anywhere"}))


def test_a_changed_rule_is_marked_and_filtered(editor: Client) -> None:
    row = rulebook.find("RU-TRANSIT")
    assert row is not None
    by = factories.user(Role.POLICY_EDITOR)
    title = {"title": "Nothing dual-use crosses Russia"}
    rules.save(row | title, list_id="rules/embargoes", by=by, base=rulebook.row_digest(row), reason="Words.")
    address = reverse("screening:workbench")
    assert "1 rule differs from the snapshot in force." in page(editor.get(address))
    changed = page(editor.get(address, {"change": "yes"}))
    assert "Nothing dual-use crosses Russia" in changed and "GA-EU001" not in changed


def test_a_rule_that_has_ended_is_found_by_its_state(editor: Client) -> None:
    send(editor, "RU-TRANSIT", do="save", valid_from="2022-01-01", valid_to="2024-12-31")
    retired = page(editor.get(reverse("screening:workbench"), {"state": "retired"}))
    assert "RU-TRANSIT" in retired and "GA-EU001" not in retired


def test_a_check_names_clause_and_column_and_stores_nothing(editor: Client) -> None:
    before = Edition.objects.count()
    answer = send(editor, clause=["line.annex_i", "line.annex == true"])
    said = page(answer)
    assert answer.status_code == 200
    assert "Clause 2, column 5: undefined field &#x27;annex&#x27;" in said
    assert "line.annex == true\n    ^" in said
    assert 'aria-describedby="clause-2-error"' in said
    assert 'href="#clause-2"' in said
    assert Edition.objects.count() == before
    assert rulebook.find("TEST-DRONES") is None


def test_an_empty_clause_between_others_moves_no_column(editor: Client) -> None:
    said = page(send(editor, clause=["line.annex_i", "", "line.annex"]))
    assert "Clause 3, column 5" in said


def test_the_examples_are_run_and_a_failing_one_says_why(editor: Client) -> None:
    good = page(send(editor))
    assert "all 3 examples hold" in good
    bad = page(send(editor, must_fire="- line: {description: drone, quantity: 5}"))
    assert "1 example does not hold." in bad
    assert "line.quantity = 5" in bad


def test_yaml_that_cannot_be_read_is_told_with_its_line_and_kept(editor: Client) -> None:
    answer = send(editor, do="save", must_fire="- destination: [RU", must_not="destination: NO")
    said = page(answer)
    assert answer.status_code == 422
    assert "Line 1, column 19" in said
    assert "Begin each example with a hyphen" in said
    assert "- destination: [RU" in said
    assert rulebook.find("TEST-DRONES") is None


def test_a_rule_is_written_and_stored_with_an_audit_event(editor: Client) -> None:
    answer = send(editor, do="save")
    assert answer.headers["Location"] == reverse("screening:rule", args=["TEST-DRONES"])
    row = rulebook.find("TEST-DRONES")
    assert row is not None
    assert row["clauses"] == NEW["clause"]
    assert row["examples"]["not"] == [{"line": {"description": "drone", "quantity": 3}}, {"destination": "NO"}]
    assert AuditEvent.objects.filter(action="rule.saved").count() == 1
    assert "comes into force when a second person publishes" in page(editor.get(answer.headers["Location"]))


def test_a_stored_rule_comes_back_unchanged_through_its_form(editor: Client) -> None:
    rows = {row["id"]: row for found in rulebook.working().values() for row in found}
    for rule_id, row in rows.items():
        form = forms.RuleForm(forms.data_of(row), lists=[], reasons=[], new=False)
        assert form.row() == row, rule_id
        assert form.problems == []


def test_without_a_reason_code_nothing_is_stored_and_everything_is_kept(editor: Client) -> None:
    answer = send(editor, do="save", reason="")
    said = page(answer)
    assert answer.status_code == 422
    assert "Choose the reason code" in said
    assert "Drones of more than 25 kg need a look" in said
    assert rulebook.find("TEST-DRONES") is None


def test_the_second_of_two_editors_sees_both_versions_and_loses_nothing(editor: Client) -> None:
    row = rulebook.find("RU-TRANSIT")
    assert row is not None
    mine = forms.data_of(row, base=rulebook.row_digest(row))
    quick = {**row, "title": "Written by the quick one"}
    by = factories.user(Role.POLICY_EDITOR)
    rules.save(quick, list_id="rules/embargoes", by=by, base=rulebook.row_digest(row), reason="Words.")
    values = {name: mine.getlist(name) for name in mine} | {
        "title": "Written by the slow one",
        "why": "Mine",
        "do": "save",
    }
    answer = editor.post(reverse("screening:rule", args=["RU-TRANSIT"]), values)
    said = page(answer)
    assert answer.status_code == 409
    assert "Somebody else has stored another version" in said
    assert "Written by the quick one" in said and 'value="Written by the slow one"' in said
    now = rulebook.find("RU-TRANSIT")
    assert now is not None and now["title"] == "Written by the quick one"
    again = values | {"base": rulebook.row_digest(now)}
    assert f'name="base" value="{again["base"]}"' in said
    assert editor.post(reverse("screening:rule", args=["RU-TRANSIT"]), again).status_code == 302
    stored = rulebook.find("RU-TRANSIT")
    assert stored is not None and stored["title"] == "Written by the slow one"


def test_clauses_are_added_and_removed_by_plain_buttons(editor: Client) -> None:
    address = reverse("screening:rule", args=["RU-TRANSIT"])
    data = {"clause": ["first", "second"], "title": "typed"}
    added = page(editor.post(address, data | {"add": "clause"}))
    assert 'id="clause-3"' in added and "autofocus" in added and 'value="typed"' in added
    removed = page(editor.post(address, data | {"without": "1"}))
    assert "first</textarea>" not in removed and "second</textarea>" in removed
    assert 'id="clause-1"' in page(editor.post(address, {"clause": ["only"], "without": "1"}))


def test_a_copy_starts_a_new_rule_under_a_free_id(editor: Client) -> None:
    said = page(editor.get(reverse("screening:rule_copy", args=["RU-TRANSIT"])))
    assert 'value="RU-TRANSIT-2"' in said
    assert "shipment.transit.exists(c, c.code == &quot;RU&quot;)" in said
    assert f'action="{reverse("screening:rule_new")}"' in said
    assert editor.get(reverse("screening:rule_copy", args=["NO-SUCH"])).status_code == 404


def test_a_rule_is_retired_with_a_last_day_and_a_reason(editor: Client) -> None:
    address = reverse("screening:rule_retire", args=["RU-TRANSIT"])
    row = rulebook.find("RU-TRANSIT")
    assert row is not None
    base = rulebook.row_digest(row)
    assert editor.post(address, {"on": "2026-12-31", "base": base, "reason": ""}).status_code == 422
    assert editor.post(address, {"on": "2026-12-31", "base": "x" * 64, "reason": "Repealed."}).status_code == 409
    assert editor.post(address, {"on": "2026-12-31", "base": base, "reason": "Repealed."}).status_code == 302
    retired = rulebook.find("RU-TRANSIT")
    assert retired is not None and retired["valid_to"] == "2026-12-31"


def test_an_officer_reads_a_rule_and_may_not_write_it() -> None:
    client = browser(factories.officer())
    address = reverse("screening:rule", args=["RU-TRANSIT"])
    said = page(client.get(address))
    assert "shipment.transit.exists" in said and "<textarea" not in said
    before = Edition.objects.filter(state=EditionState.ACTIVE).count()
    assert send(client, "RU-TRANSIT", do="save", title="Mine").status_code == 403
    assert client.get(reverse("screening:rule_new")).status_code == 403
    assert client.get(reverse("screening:rule_retire", args=["RU-TRANSIT"])).status_code == 403
    assert Edition.objects.filter(state=EditionState.ACTIVE).count() == before
    assert client.get(reverse("screening:rule", args=["NO-SUCH"])).status_code == 404


def test_a_clause_of_a_megabyte_is_refused_and_not_compiled(editor: Client) -> None:
    said = page(send(editor, clause=["line.annex_i || " * 60_000 + "line.annex_i"]))
    assert "characters" in said and "Nothing is stored" in said


def test_the_analysis_links_its_remarks_to_rules(editor: Client) -> None:
    said = page(editor.get(reverse("screening:analysis")))
    assert "Not asked: no backtest has finished." in said
    assert "Can never fire" in said


def test_the_field_reference_holds_every_field_and_finds_by_meaning(editor: Client) -> None:
    said = page(editor.get(reverse("screening:fields")))
    for variable, fields in schema.fields().items():
        assert f'id="f-{variable}"' in said
        assert all(f"<code>{name}</code>" in said for name, _kind in fields)
    assert "the top entry: 5A002" in said
    found = page(editor.get(reverse("screening:fields"), {"find": "embargo row", "scope": "country"}))
    assert "<code>embargo</code>" in found and "<code>description</code>" not in found
    assert "No field matches" in page(editor.get(reverse("screening:fields"), {"find": "nothing like this"}))


def test_a_flag_is_not_offered_what_it_may_not_read() -> None:
    assert "so_far" in [section.name for section in field_reference.sections("line")]
    assert "so_far" not in [section.name for section in field_reference.sections("line", flag=True)]


@pytest.mark.parametrize("row", field_reference.FUNCTIONS, ids=lambda row: row[0])
def test_every_function_is_shown_with_an_example_that_compiles(row: tuple[str, Any, str, str]) -> None:
    _form, _meaning, example, scope = row
    assert compile_clause(example, scope=scope).source == example


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a: &x 1\n- b: *x", "Line 2, column 6: write the value out"),
        ("- a: 1\n  a: 2", "a stands twice"),
        ("just words", "Write a list"),
        ("- !!python/object:os.system x", "could not determine a constructor"),
        ("[" * 3000, "This is not YAML"),
        ("- a" * 30_000, "At most 60000 characters"),
    ],
)
def test_a_text_that_is_no_list_of_examples_says_what_to_do(text: str, said: str) -> None:
    with pytest.raises(ExamplesError, match=said):
        rule_examples.read(text)


def test_norway_dates_and_control_codes_stay_text() -> None:
    text = "- destination: NO\n  shipment_date: 2025-12-01\n  line: {control_code: 6E001, hs_code: 0199, quantity: 1.5}"
    line = {"control_code": "6E001", "hs_code": "0199", "quantity": 1.5}
    assert rule_examples.read(text) == [{"destination": "NO", "shipment_date": "2025-12-01", "line": line}]
    assert rule_examples.read(rule_examples.written(rule_examples.read(text))) == rule_examples.read(text)


def test_the_list_does_not_wait_for_the_analysis_and_offers_it(editor: Client) -> None:
    address = reverse("screening:workbench")
    send(editor, do="save", must_fire="", must_not="")
    first = page(editor.get(address, {"q": "TEST-DRONES"}))
    assert "Show remarks" in first and "remarks=1" in first and "No example" not in first
    assert "No example" in page(editor.get(address, {"q": "TEST-DRONES", "remarks": "1"}))
    assert "No example" in page(editor.get(address, {"q": "TEST-DRONES"}))


def test_only_a_rule_that_was_never_law_is_taken_out(editor: Client) -> None:
    send(editor, do="save")
    row, law = rulebook.find("TEST-DRONES"), rulebook.find("RU-TRANSIT")
    assert row is not None and law is not None
    given = {"on": "2026-12-31", "reason": "Not needed.", "take_out": "1"}
    address = reverse("screening:rule_retire", args=["RU-TRANSIT"])
    assert "Take it out" not in page(editor.get(address))
    refused = editor.post(address, given | {"base": rulebook.row_digest(law)})
    assert refused.status_code == 422 and "give it a last day instead" in page(refused)
    address = reverse("screening:rule_retire", args=["TEST-DRONES"])
    assert "Take it out" in page(editor.get(address))
    assert editor.post(address, given | {"base": rulebook.row_digest(row)}).status_code == 302
    assert rulebook.find("TEST-DRONES") is None and rulebook.find("RU-TRANSIT") is not None
