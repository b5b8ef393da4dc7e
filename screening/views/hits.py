"""A hit as the pages show it: which part met which, what else agrees, what the score is made of, what it means.

Stored findings keep the evidence of the engine that made them, so every key may be missing here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.confidential import is_published
from policies.engine.subjects import Setting
from policies.models import ListSource
from screening.forms import vocabulary

FOR, AGAINST, NEUTRAL = "for", "against", "neutral"
# How a declared word met a listed one -> in words, and what it speaks for where an old finding has no points.
PAIRS: dict[str, tuple[Any, str]] = {
    "same": (gettext_lazy("the same"), FOR),
    "typo": (gettext_lazy("a few letters differ"), FOR),
    "sound": (gettext_lazy("sounds alike"), FOR),
    "transliteration": (gettext_lazy("the same in another script or transcription"), FOR),
    "spelling": (gettext_lazy("another way of writing it"), FOR),
    "variant": (gettext_lazy("another form of the same name"), FOR),
    "nickname": (gettext_lazy("a short form of the name"), FOR),
    "translation": (gettext_lazy("the same word in another language"), FOR),
    "initial": (gettext_lazy("initial for the name"), FOR),
    "joined": (gettext_lazy("written as one word"), FOR),
    "split": (gettext_lazy("written as two words"), FOR),
    "abbreviation": (gettext_lazy("abbreviation"), FOR),
    "number": (gettext_lazy("numbers, which must agree"), NEUTRAL),
    "extra": (gettext_lazy("only declared"), AGAINST),
    "missing": (gettext_lazy("only listed"), AGAINST),
    "contradicts": (gettext_lazy("another word in its place"), AGAINST),
    "title": (gettext_lazy("a title, which names nobody"), NEUTRAL),
    "form": (gettext_lazy("legal form, which names nobody"), NEUTRAL),
}
WHAT: dict[str, Any] = {
    "country": gettext_lazy("Country"),
    "birth": gettext_lazy("Date of birth"),
    "address": gettext_lazy("Address"),
    "kind": gettext_lazy("Kind"),
    "little": gettext_lazy("How little there is to agree on"),
    "both": gettext_lazy("Words left over on both sides"),
    "limit": gettext_lazy("End of the scale"),
    **vocabulary.IDENTIFIERS,
}
# What is not compared value by value, in words.
SAID: dict[str, Any] = {
    "little": gettext_lazy("short or common words"),
    "both": gettext_lazy("each name has words of its own"),
    "limit": gettext_lazy("names alone reach no more, and none less than 0"),
}
KINDS: dict[str, Any] = {
    "person": gettext_lazy("Person"),
    "organisation": gettext_lazy("Organisation"),
    "vessel": gettext_lazy("Vessel"),
    "aircraft": gettext_lazy("Aircraft"),
}
# What an entry is listed under -> its name, and what a match with it means.
EFFECTS: dict[str, tuple[Any, Any]] = {
    "asset_freeze": (
        gettext_lazy("Asset freeze"),
        gettext_lazy("nothing may be supplied to the listed party; a match that is certain prohibits"),
    ),
    "dual_use_end_user": (
        gettext_lazy("Listed end user of dual-use goods"),
        gettext_lazy("dual-use and advanced goods are prohibited for it, other goods are not"),
    ),
    "foreign_listing": (
        gettext_lazy("Listed by another state"),
        gettext_lazy("not law here: a reason to look, never a ban"),
    ),
    "arms_embargo": (gettext_lazy("Arms embargo"), gettext_lazy("a reason to look at what is supplied")),
}
MEETINGS: dict[str, Any] = {
    "equal": gettext_lazy("the names are equal"),
    "similar": gettext_lazy("the names are alike"),
    "identifier": gettext_lazy("an identifier is the same"),
    "shared": gettext_lazy("an address, e-mail or telephone is the same"),
    "owned": gettext_lazy("owned by a listed party"),
    "part_owned": gettext_lazy("owned in part by a listed party"),
}
BLANK: dict[str, Any] = {
    **dict.fromkeys(("declared", "listed", "list", "entry", "entry_name", "programme", "note", "sentence"), ""),
    **dict.fromkeys(("score", "percent"), None),
    **dict.fromkeys(("countries", "births", "chain"), ()),
}
ROUNDING = 0.005  # what the points may differ from the score without a line of their own


def sources_of(hits: Iterable[Mapping[str, Any]]) -> dict[str, ListSource]:
    """The lists that hits are on, by id, in one query."""
    names = {str(hit.get("list", "")) for hit in hits} - {""}
    return ListSource.objects.in_bulk(sorted(names)) if names else {}


def shown(hit: Mapping[str, Any], sources: Mapping[str, ListSource]) -> dict[str, Any]:
    """The evidence of a hit with words for its codes, ready for `templates/ui/hit.html`."""
    effect, kind = str(hit.get("effect") or ""), str(hit.get("kind") or "")
    pairs = [_pair(pair) for pair in hit.get("pairs") or ()]
    also = [_also(row) for row in _beside(hit)]
    word, meaning = EFFECTS.get(effect, (effect.replace("_", " "), ""))
    return {
        **BLANK,
        **hit,
        "near_certain": _near_certain(hit),
        "meeting": MEETINGS.get(str(hit.get("match")), ""),
        "pairs": pairs,
        "also": also,
        "sums": _sums(hit, [*pairs, *also]),
        "has_points": any(row["points"] is not None for row in (*pairs, *also)),
        "effect_word": word,
        "effect_meaning": meaning,
        "kind_word": KINDS.get(kind, kind.replace("_", " ")),
        "published": is_published(str(hit.get("list", ""))),
        "source": sources.get(str(hit.get("list", ""))),
    }


def _near_certain(hit: Mapping[str, Any]) -> bool:
    """As the engine says; a finding of an engine that did not say is judged by its match and the shipped threshold."""
    said = hit.get("near_certain")
    if said is not None:
        return bool(said)
    if hit.get("country_contradicts"):
        return False
    return hit.get("match") in ("equal", "identifier") or (hit.get("score") or 0) >= Setting().match_near_certain


def _pair(pair: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(pair.get("kind", ""))
    word, speaks = PAIRS.get(kind, (kind.replace("_", " "), NEUTRAL))
    points = pair.get("points")
    return {
        "declared": pair.get("declared") or "",
        "listed": pair.get("listed") or "",
        "kind": kind,
        "word": word,
        "points": points,
        "speaks": (FOR if points > 0 else AGAINST) if points else speaks,
    }


def _beside(hit: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What agrees or not beside the name. Old findings say only that the countries differ, and which is listed."""
    if "also" in hit:
        return list(hit["also"] or ())
    if not hit.get("country_contradicts"):
        return []
    return [{"what": "country", "declared": "", "listed": ", ".join(hit.get("countries") or ()), "agrees": False}]


def _also(row: Mapping[str, Any]) -> dict[str, Any]:
    what, agrees, points = str(row.get("what", "")), row.get("agrees"), row.get("points")
    words = {True: _("agrees"), False: _("differs"), None: _("not comparable")}
    return {
        "what": WHAT.get(what, what.replace("_", " ")),
        "declared": _value(what, row.get("declared")),
        "listed": _value(what, row.get("listed")),
        "word": SAID.get(what) or words[agrees if agrees is None else bool(agrees)],
        "points": points,
        "speaks": {True: FOR, False: AGAINST, None: NEUTRAL}[agrees if agrees is None else bool(agrees)],
    }


def _value(what: str, value: Any) -> str:
    """A value, or several, as people read it: countries and kinds by name."""
    if what == "country" and isinstance(value, str):
        value = value.split(", ")
    values = [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one]
    if what == "country":
        values = [vocabulary.country_name(code) for code in values]
    return ", ".join(str(KINDS.get(one, one)) if what == "kind" else one for one in values)


def _sums(hit: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """What has to be added to the points of the rows to make the score: where it starts from, and what caps it."""
    points = [row["points"] for row in rows if row["points"] is not None]
    score = hit.get("score")
    if not points or score is None:
        return []
    missing = score - sum(points)
    sums = []
    base = hit.get("base")
    if base and abs(missing) >= ROUNDING:
        sums.append((_("Start"), float(base)))
        missing -= base
    if abs(missing) >= ROUNDING:
        sums.append((_("Limit of what likeness can reach") if missing < 0 else _("Raised to the least score"), missing))
    return sums
