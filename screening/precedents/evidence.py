"""Precedents as a source of the conflict card: what those that are valid say, held against each other source.

The card of a run is stored before officers confirm anything, so the source is added when it is read. Never stored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from policies.engine.classify.card import Source, compare
from policies.engine.classify.explain import source_of
from screening.models import Precedent
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
    """What they say together. Only a valid one speaks; only one of the very same part or substance can rule out.

    Where there is such a one, like goods are told of and compared with nothing: they would be as sure as it is.
    """
    if not found:
        return None
    valid = [item.precedent for item in found if item.valid]
    same = [item.precedent for item in found if item.valid and item.same]
    like = [row for row in valid if row not in same]
    codes = _codes(same or like)
    against = tuple(code for code in _freed(same) if code not in codes)
    says = ", ".join([*codes, *_denied(against if same else _freed(like))])
    if same and like:
        told = ", ".join([*_codes(like), *_denied(_freed(like))])
        says = _("%(codes)s; like goods: %(others)s") % {"codes": says, "others": told}
    value = _("%(valid)s valid of %(all)s") % {"valid": len(valid), "all": len(found)}
    return Source(KIND, value, says or _("none is valid any more"), codes, against, sure=bool(same))


def _codes(rows: Sequence[Precedent]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.code for row in rows if row.code))


def _freed(rows: Sequence[Precedent]) -> tuple[str, ...]:
    """What was considered of goods that no list holds."""
    return tuple(dict.fromkeys(row.considered for row in rows if not row.code))


def _denied(codes: Sequence[str]) -> list[str]:
    return [_("not %(code)s") % {"code": code} for code in codes]


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
