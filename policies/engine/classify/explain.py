"""How a line was classified, as plain JSON values: entries, candidates with their evidence, card, questions, notes."""

from typing import Any

from policies.engine.classify.candidate import Candidate, Question
from policies.engine.classify.card import Card, Source, card
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.lines import Classification
from policies.engine.classify.weigh import BASE
from policies.engine.facts import Line
from policies.engine.lists import Entry

SHOWN = 5  # candidates
EVIDENCE = 20  # pieces in the flat list


def explained(found: Classification, line: Line, goods: GoodsIndex, *, note: float) -> dict[str, Any]:
    """How one line was classified, with everything that spoke for an entry. `note` is the chance worth a note."""
    shown = [item for item in found.candidates if item.score >= note or item.code in found.mismatch][:SHOWN]
    return {
        "line": found.number,
        "declared": found.declared,
        "entries": [
            {
                **entry_of(entry),
                "regime": entry.regime,
                "valid_from": entry.valid_from.isoformat() if entry.valid_from else "",
                "confidence": entry.confidence,
            }
            for entry in found.entries
        ],
        "candidates": [candidate_of(item) for item in shown],
        "evidence": [
            {"code": item.code, "heading": item.heading, "kind": item.kind, "text": item.text, "strong": item.strong}
            for item in found.evidence
            if item.strong or any(item.code == candidate.code for candidate in shown)
        ][:EVIDENCE],
        "card": card_of(card(line, found, goods, note=note)),
        "questions": questions_of(shown),
        "notes": list(found.notes),
        "mismatch": list(found.mismatch),
        "unknown_code": found.unknown_code,
    }


def entry_of(entry: Entry) -> dict[str, Any]:
    return {"code": entry.code, "heading": entry.heading, "list": entry.list}


def candidate_of(item: Candidate) -> dict[str, Any]:
    """A candidate entry: its chance (0 to 1) and each piece of evidence with the points it adds or takes away.

    `start` is where the sum of points begins: a sum of 0 is a chance of one half.
    """
    return {
        "code": item.code,
        "heading": item.entry.heading,
        "list": item.entry.list,
        "regime": item.entry.regime,
        "score": round(item.score, 3),
        "start": BASE,
        "evidence": [{"kind": one.kind, "text": one.text, "points": one.points} for one in item.evidence],
        "questions": [question_of(question) for question in item.questions],
    }


def question_of(item: Question) -> dict[str, Any]:
    """A question and how its answer is compared. `name` is the attribute of the line that answers it."""
    return {
        "code": item.code,
        "name": item.name,
        "text": item.text,
        "unit": item.unit,
        "operator": item.operator,
        "value": item.value,
        "accepts": list(item.accepts),
        "note": item.note,
    }


def questions_of(candidates: list[Candidate]) -> list[dict[str, Any]]:
    """The questions of all candidates, each parameter once, those of the likeliest entry first."""
    asked: dict[str, dict[str, Any]] = {}
    for item in candidates:
        for question in item.questions:
            asked.setdefault(question.name, question_of(question))
    return list(asked.values())


def card_of(item: Card) -> dict[str, Any]:
    """The conflict card: sources side by side, and what each pair says to each other."""
    return {
        "sources": [source_of(source) for source in item.sources],
        "pairs": [
            {"left": pair.left, "right": pair.right, "verdict": pair.verdict, "text": pair.text} for pair in item.pairs
        ],
    }


def source_of(item: Source) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "value": item.value,
        "says": item.says,
        "codes": list(item.codes),
        "against": list(item.against),
        "sure": item.sure,
    }
