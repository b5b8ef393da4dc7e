"""How a line was classified, as pages show it: the conflict card, the candidates with their evidence, what to ask.

Runs of older engines lack most of it, so every key may be missing here.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.classifying import BLANK

SOURCES: dict[str, Any] = {
    "declared": gettext_lazy("Declared code"),
    "description": gettext_lazy("Description"),
    "hs": gettext_lazy("HS code"),
    "cas": gettext_lazy("CAS number"),
    "parameters": gettext_lazy("Parameters"),
    "precedents": gettext_lazy("Earlier decisions"),
}
# Verdict -> word, icon, tone, order. None of the three stands alone.
VERDICTS: dict[str, tuple[Any, str, str, int]] = {
    "disagree": (gettext_lazy("Differ"), "exclamation-triangle", "licence_required", 0),
    "agree": (gettext_lazy("Agree"), "check-circle", "clear", 1),
    "open": (gettext_lazy("Not comparable"), "minus-circle", "waiting", 2),
}
KINDS: dict[str, Any] = {
    "phrase": gettext_lazy("Wording"),
    "keyword": gettext_lazy("Wording"),
    "further": gettext_lazy("Wording"),
    "text": gettext_lazy("Description"),
    "parameter": gettext_lazy("Parameter"),
    "release": gettext_lazy("Condition that frees"),
    "untold": gettext_lazy("Not said"),
    "hs": gettext_lazy("HS code"),
    "cas": gettext_lazy("Substance"),
    "grade": gettext_lazy("Grade or part number"),
    "ordinary": gettext_lazy("Ordinary goods"),
    "civil": gettext_lazy("Civil use"),
    "software": gettext_lazy("Software or technology"),
    "precedent": gettext_lazy("Earlier decision"),
}
ASKED = 3  # candidates that questions are asked about
LIKELY: tuple[tuple[float, Any], ...] = (
    (0.9, gettext_lazy("Very likely")),
    (0.6, gettext_lazy("Likely")),
    (0.3, gettext_lazy("Possible")),
    (0.0, gettext_lazy("Unlikely")),
)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A classification with words for its codes, ready for `templates/goods/card.html`."""
    known = {**BLANK, **row}
    pairs = sorted((_pair(pair) for pair in known["card"]["pairs"]), key=lambda pair: int(pair["order"]))
    ranked = [_candidate(item, known["mismatch"]) for item in known["candidates"]]
    ranked_codes = {item["code"] for item in ranked}
    conflicts = [pair for pair in pairs if pair["verdict"] == "disagree"]
    return {
        **known,
        "has_card": "card" in row,
        "sources": [_source(source) for source in known["card"]["sources"]],
        "pairs": [pair for pair in pairs if pair["verdict"] != "open"],
        "unclear": [pair for pair in pairs if pair["verdict"] == "open"],
        "conflicts": conflicts,
        "candidates": ranked,
        "questions": _of_the_likeliest(known),
        "unranked": [code for code in known["mismatch"] if code not in ranked_codes],
        "open": bool(conflicts or ranked or known["notes"] or known["mismatch"] or known["unknown_code"]),
    }


def likely(score: float) -> str:
    """The chance of a candidate in a word.

    >>> likely(0.97), likely(0.31), likely(0)
    ('Very likely', 'Possible', 'Unlikely')
    """
    return str(next(word for least, word in LIKELY if score >= least))


def of_candidates(candidates: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    """The candidates that made a mismatch, as name and value: how likely, why, and what would settle it."""
    for item in candidates:
        reasons = "; ".join(str(one["text"]) for one in item.get("evidence", ()) if one.get("points", 0) > 0)
        score = item.get("score")
        chance = f"{likely(score)} ({_percent(score)}\u00a0%)" if score is not None else _("by its CAS number")
        said = " · ".join(part for part in (str(item.get("heading", "")), chance, reasons) if part)
        yield _("Could be %s") % item["code"], said
        if asked := " ".join(str(question["text"]) for question in item.get("questions", ())):
            yield _("Would settle %s") % item["code"], asked


def _of_the_likeliest(known: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The questions about the first candidates: what decides about the others is asked once these are answered."""
    names = {question["name"] for item in known["candidates"][:ASKED] for question in item.get("questions", ())}
    return [question for question in known["questions"] if question["name"] in names]


def _percent(score: float) -> int:
    return 100 if score >= 1 else min(99, round(score * 100))


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(source.get("kind", ""))
    return {
        "word": SOURCES.get(kind, kind.replace("_", " ").capitalize()),
        "value": source.get("value") or "",
        "says": source.get("says") or "",
    }


def _pair(pair: Mapping[str, Any]) -> dict[str, Any]:
    word, icon, tone, order = VERDICTS.get(str(pair.get("verdict")), VERDICTS["open"])
    left, right = (SOURCES.get(pair[side], pair[side]) for side in ("left", "right"))
    return {
        "verdict": pair.get("verdict"),
        "word": word,
        "icon": icon,
        "tone": tone,
        "order": order,
        "sides": f"{left} – {str(right).lower() if str(right)[1:2].islower() else right}",
    }


def _candidate(item: Mapping[str, Any], mismatch: Collection[str]) -> dict[str, Any]:
    evidence = [_evidence(one) for one in item.get("evidence", ())]
    start = item.get("start")
    points = [float(one["points"]) for one in evidence]
    return {
        **item,
        "word": likely(float(item.get("score") or 0)),
        "contradicts": item["code"] in mismatch,
        "evidence": evidence,
        "total": None if start is None else start + sum(points),
    }


def _evidence(one: Mapping[str, Any]) -> dict[str, Any]:
    points, kind = float(one.get("points") or 0), str(one.get("kind", ""))
    return {
        "kind": KINDS.get(kind, kind.replace("_", " ").capitalize()),
        "word": one.get("text") or "",
        "points": points,
        "speaks": "for" if points > 0 else "against" if points < 0 else "neutral",
    }
