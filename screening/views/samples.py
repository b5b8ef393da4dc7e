"""Made-up content for the style page: every partial in every state."""

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone

from screening.forms.case import ProposalForm, ReasonForm
from screening.forms.submission import LineForm
from screening.views.findings import HIT_EFFECTS, ORDER


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


def _finding(number: int, tone: str) -> dict[str, Any]:
    hit = {
        "declared": "Example Ordnance Works",
        "listed": "Exemplar Ordnance Works JSC",
        "score": 0.93,
        "entry": "XX-001",
        "list": "an invented list",
        "aliases": 2,
        "effect_word": HIT_EFFECTS["asset_freeze"],
        "sentence": "The declared name is like the listed name: example / exemplar (similar).",
        "percent": None,
    }
    return {
        "position": number,
        "tone": tone,
        "quiet": tone in ("covered", "cover", "clear"),
        "about": "Line 1",
        "title": f"A finding that is {tone.replace('_', ' ')}",
        "hits": [hit] if tone == "prohibited" else [],
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
