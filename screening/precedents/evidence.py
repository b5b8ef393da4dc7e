"""Precedents as a source of the conflict card: what those that are valid say, held against each other source.

The card of a run is stored before officers confirm anything, so the source is added when it is read. Never stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from policies.engine.classify.card import Source, compare
from policies.engine.classify.explain import source_of
from screening.precedents.finding import Found

KIND = "precedents"


def on_card(card: Mapping[str, Any], found: Sequence[Found]) -> dict[str, Any]:
    """The card, as a run stored it, with the precedents beside its sources; as it is when there are none."""
    said = source(found)
    if said is None:
        return dict(card)
    before = [item for item in card["sources"] if item.get("kind") != KIND]
    pairs = [pair for pair in card["pairs"] if KIND not in (pair["left"], pair["right"])]
    added = [
        {"left": item["kind"], "right": KIND, "verdict": compare(_restored(item), said), "text": ""} for item in before
    ]
    return {"sources": [*before, source_of(said)], "pairs": [*pairs, *added]}


def source(found: Sequence[Found]) -> Source | None:
    """What they say together. Only a valid one speaks; only one of the very same part or substance can rule out."""
    if not found:
        return None
    valid = [item for item in found if item.valid]
    codes = tuple(dict.fromkeys(item.precedent.code for item in valid if item.precedent.code))
    freed = tuple(dict.fromkeys(item.precedent.considered for item in valid if not item.precedent.code))
    against = tuple(code for code in freed if code not in codes)
    says = [*codes, *(_("not %(code)s") % {"code": code} for code in against)]
    sure = any(item.same for item in valid)
    value = _("%(valid)s valid of %(all)s") % {"valid": len(valid), "all": len(found)}
    return Source(KIND, value, ", ".join(says) or _("none is valid any more"), codes, against, sure)


def _restored(item: Mapping[str, Any]) -> Source:
    """A source as the engine compares it."""
    return Source(
        str(item.get("kind", "")),
        str(item.get("value") or ""),
        str(item.get("says") or ""),
        tuple(item.get("codes") or ()),
        tuple(item.get("against") or ()),
        bool(item.get("sure")),
    )
