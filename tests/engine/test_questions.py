"""Whatever is asked can be answered: the form's way of writing an answer is read by the threshold that asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from policies.engine.classify.candidates import questions
from policies.engine.classify.explain import question_of
from policies.engine.classify.rank import see
from policies.engine.facts import Line
from policies.engine.policy import Policy
from screening.forms.answers import AnswersForm, field_of
from screening.forms.transcript import number_or_text


def asked(policy: Policy) -> Iterator[tuple[dict[str, Any], str, bool]]:
    """Each question of the shipped thresholds, with an answer that meets it if it is words, or its very limit."""
    book = policy.goods.book
    seen = see(Line(number=1), book)
    tops = {code.split(".")[0] for row in policy.knowledge.thresholds for code in row.code.split("/")}
    for top in sorted(tops):
        for case in book.thresholds.cases(top, seen.said):
            for item in questions([case], {}, seen, book):
                words = item.accepts[0] if item.accepts else ""
                yield question_of(item), words or item.value.split("..")[0], bool(words)


def answered(policy: Policy, question: dict[str, Any], typed: str) -> tuple[dict[str, str], list[Any]]:
    book = policy.goods.book
    form = AnswersForm([question], data={field_of(question): typed})
    given = [(name, number_or_text(value)) for name, value in form.answers().items()]
    said = book.thresholds.said(book.reader.read(""), given)
    return form.answers(), [fact for fact in said.facts.values() if fact.threshold.name == question["name"]]


def test_every_question_of_the_shipped_lists_is_decided_by_its_answer(shipped: Policy) -> None:
    lost = []
    for question, typed, words in asked(shipped):
        written, facts = answered(shipped, question, typed)
        met = any(fact.state == "met" for fact in facts) if words else bool(facts)
        if not written or not met:
            lost.append((question["code"], question["name"], typed, written))
    assert lost == []


@pytest.mark.parametrize(
    ("name", "unit", "typed", "written"),
    [
        ("positioning_accuracy", "um", "4,5", "4.5 um"),
        ("positioning_accuracy", "um", "4.5 um", "4.5 um"),
        ("range_km", "km", "1 200", "1200"),
        ("contouring_axes", "axes", "5", "5"),
        ("neutron_fluence", "n/cm2", "5e13", "50000000000000 n/cm2"),
        ("persons_restrained", "", "2.0", "2"),
        ("power", "W", "0", "0 W"),
    ],
)
def test_an_answer_is_written_as_people_write_parameters(name: str, unit: str, typed: str, written: str) -> None:
    question = {"code": "", "name": name, "text": "How much?", "unit": unit, "value": "1", "accepts": []}
    form = AnswersForm([question], data={f"number-{name}": typed})
    assert form.answers() == {name: written}
