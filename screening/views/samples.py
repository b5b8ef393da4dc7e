"""Made-up content for the style page: every partial in every state."""

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone

from screening.forms.case import ProposalForm, ReasonForm
from screening.forms.submission import LineForm
from screening.views import hits
from screening.views.findings import ORDER

HITS: tuple[dict[str, Any], ...] = (
    {
        "match": "similar",
        "score": 0.93,
        "near_certain": False,
        "declared": "Exampel Ordnance Wrks No. 5 OOO",
        "listed": "Exemplar Ordnance Works No. 5 JSC",
        "entry": "XX-001",
        "entry_name": "Exemplar Ordnance Works JSC",
        "list": "an invented list",
        "aliases": 2,
        "effect": "asset_freeze",
        "programme": "EXAMPLE",
        "kind": "organisation",
        "countries": ["LV", "EE"],
        "note": "A note of the list.",
        "pairs": [
            {"declared": "exampel", "listed": "exemplar", "kind": "typo", "points": 0.38},
            {"declared": "ordnance", "listed": "ordnance", "kind": "same", "points": 0.3},
            {"declared": "wrks", "listed": "works", "kind": "abbreviation", "points": 0.15},
            {"declared": "5", "listed": "5", "kind": "number", "points": 0.1},
            {"declared": "ooo", "listed": "jsc", "kind": "form", "points": 0},
        ],
        "also": [
            {"what": "country", "declared": "LV", "listed": "LV, EE", "agrees": True, "points": 0.03},
            {"what": "tax", "declared": "40000000001", "listed": "40000000009", "agrees": False, "points": -0.03},
        ],
        "sentence": "The declared name is like the listed name: exampel / exemplar (a few letters differ).",
    },
    {
        "match": "owned",
        "score": 0.97,
        "near_certain": True,
        "declared": "Example Trade House",
        "listed": "Example Trade House LLP",
        "list": "an invented list",
        "effect": "foreign_listing",
        "percent": 60.0,
        "chain": ["Exemplar Ordnance Works JSC → Example Trade House LLP 60 %"],
        "sentence": "60 % of “Example Trade House” belongs to Exemplar Ordnance Works JSC.",
    },
)


def everything() -> dict[str, Any]:
    """The context of the style page."""
    broken = ReasonForm({"version": "1"}, auto_id="broken_%s")
    broken.add_error("reason", "Say why the proposal goes back.")
    return {
        "tones": [*ORDER, "waiting"],
        "proposal": ProposalForm(auto_id="proposal_%s"),
        "broken": broken,
        "line": LineForm(auto_id="line_%s"),
        "findings": [_finding(number, tone) for number, tone in enumerate(ORDER, start=1)],
        "history": [{"at": timezone.now(), "who": "A. Example", "text": "took the case", "detail": "a detail"}],
        "page": Paginator(range(60), 25).page(2),
    }


def _hit(row: dict[str, Any]) -> dict[str, Any]:
    return hits.shown(row, {}) | {"open": True}


def _finding(number: int, tone: str) -> dict[str, Any]:
    return {
        "position": number,
        "tone": tone,
        "quiet": tone in ("covered", "cover", "clear"),
        "about": "Line 1",
        "title": f"A finding that is {tone.replace('_', ' ')}",
        "hits": [_hit(row) for row in HITS] if tone == "prohibited" else [],
        "embargoes": ["Exampleland · FULL · UN: arms and related materiel"] if tone == "prohibited" else [],
        "material": [("Goods", "an example"), ("Listed as", "3A233 Mass spectrometers")],
        "because": [{"clause": 'line.entry == "3A233"', "value": "line.entry = 3A233; line.annex_i = yes"}],
        "remedy": "An individual licence.",
        "legal_basis": "Reg 2021/821 Art 3(1)",
        "rule": "EXAMPLE-01",
        "reason": "EXAMPLE",
        "covered_by": "EXAMPLE-02" if tone == "covered" else "",
        "principles": [{"id": "P02", "title": "A title", "quote": "A quote.", "paraphrase": "A paraphrase."}],
    }
