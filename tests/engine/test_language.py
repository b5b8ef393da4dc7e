"""The rule language refuses what is wrong when it is saved, and never answers a silent no."""

from pathlib import Path

import pytest

from policies.engine import schema, subjects
from policies.engine.language import ClauseError, Program, Undecided, activation, compile_batch, compile_clause


def on_line(line: subjects.Line, shipment: subjects.Shipment | None = None) -> object:
    return activation(
        "line", "rule", shipment=schema.message(shipment or subjects.Shipment()), line=schema.message(line)
    )


@pytest.mark.parametrize(
    ("source", "column", "said"),
    [
        ("line.lisetd", 5, "lisetd"),
        ("line.listed && line.quantity > 3", 30, "overload"),
        ("shipment.destinaton.code == 'RU'", 9, "destinaton"),
        ("line.listed &&", 15, "Syntax error"),
        ("party.role == 'exporter'", 6, "party"),
        ("so_fr.flag_weight > 1.0", 6, "so_fr"),
    ],
)
def test_a_mistake_is_refused_with_its_column(source: str, column: int, said: str) -> None:
    with pytest.raises(ClauseError, match=said) as refused:
        compile_clause(source, scope="line")
    assert refused.value.column == column


def test_a_clause_must_be_true_or_false() -> None:
    with pytest.raises(ClauseError, match="true or false"):
        compile_clause("line.code", scope="line")


def test_a_flag_may_not_read_what_later_stages_find() -> None:
    with pytest.raises(ClauseError, match="so_far"):
        compile_clause("so_far.flag_weight > 1.0", scope="shipment", stage="flag")


def test_a_rule_source_of_a_megabyte_is_refused() -> None:
    with pytest.raises(ClauseError, match="4000 characters"):
        compile_clause("line.listed || " * 70_000 + "line.listed", scope="line")


@pytest.mark.parametrize(
    "source",
    ['line.attributes["range_km"] > 300.0', "line.codes[5] == '3A001'", "1 / 0 == 1"],
)
def test_a_run_time_error_is_undecided_never_no(source: str) -> None:
    with pytest.raises(Undecided):
        compile_clause(source, scope="line").holds(on_line(subjects.Line()))


def test_an_endless_loop_is_stopped_and_undecided() -> None:
    codes = [f"c{number}" for number in range(400)]
    clause = compile_clause(
        "line.codes.all(a, line.codes.all(b, line.codes.all(c, a != b || b != c || a == c)))", scope="line"
    )
    with pytest.raises(Undecided):
        clause.holds(on_line(subjects.Line(codes=codes)))


def test_an_absent_number_can_be_told_from_zero() -> None:
    has: Program = compile_clause("has(line.concentration_percent)", scope="line")
    assert not has.holds(on_line(subjects.Line()))
    assert has.holds(on_line(subjects.Line(concentration_percent=0.0)))


def test_the_cause_shows_the_values_that_were_read() -> None:
    clause = compile_clause('shipment.destination.code in ["RU", "BY"] && line.annex_i', scope="line")
    shipment = subjects.Shipment(destination=subjects.Country(code="RU"))
    cause = clause.cause(on_line(subjects.Line(annex_i=True), shipment))
    assert cause == "shipment.destination.code = RU; line.annex_i = yes"


def test_text_in_quotes_is_not_taken_for_a_field() -> None:
    clause = compile_clause("line.description != 'line.code is a word'", scope="line")
    assert clause.cause(on_line(subjects.Line(description="pump"))) == "line.description = pump"


def test_an_absent_number_is_shown_as_not_given() -> None:
    clause = compile_clause("!has(line.value)", scope="line")
    assert clause.cause(on_line(subjects.Line())) == "line.value = (not given)"


def test_many_rules_in_one_evaluation_answer_as_one_after_the_other() -> None:
    rules = [
        [clause('line.code == "1A001"'), clause("line.quantity > 3.0")],
        [clause('line.code == "1A001" // as declared'), clause("line.quantity > 1.0")],
        [clause("line.listed"), clause('line.attributes["absent"] > 1.0')],
        *([[clause(f'line.code != "{"x" * 3000}{number}"')] for number in range(40)]),
    ]
    batch = compile_batch(rules, scope="line", stage="rule")
    assert batch.expressions and len(batch.expressions) > 1, "a source that is too long for one is split"
    answers = batch.holds(on_line(subjects.Line(code="1A001", quantity=2.0)))
    assert answers == [False, True, False, *[True] * 40], "the clause behind one that does not hold is not reached"


def test_one_undecided_rule_leaves_every_rule_to_be_asked_by_itself() -> None:
    batch = compile_batch([[clause("true")], [clause('line.attributes["absent"] > 1.0')]], scope="line", stage="rule")
    assert batch.holds(on_line(subjects.Line())) is None


def test_a_rule_nested_too_deeply_for_one_expression_is_asked_by_itself() -> None:
    batch = compile_batch([[clause("line.listed || true")] * 60], scope="line", stage="rule")
    assert batch.holds(on_line(subjects.Line())) is None


def clause(source: str) -> Program:
    return compile_clause(source, scope="line")


def test_the_field_reference_is_generated_from_the_schema() -> None:
    reference = dict(schema.fields()["line"])
    assert reference["annex_i"] == "yes/no"
    assert reference["attributes"] == "map of numbers"
    assert reference["concentration_percent"] == "number"


def test_every_field_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "policy-language.md").read_text(encoding="utf-8")
    missing = [
        f"{variable}.{name}"
        for variable, fields in schema.fields().items()
        for name, kind in fields
        if f"| `{name}` | {kind} |" not in manual
    ]
    assert missing == []
