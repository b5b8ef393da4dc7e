"""A hit in words: one plain sentence, and everything that its score is made of as plain JSON values."""

from typing import Any

from policies.engine.match.dismissals import digest_of
from policies.engine.match.hits import Hit
from policies.engine.match.points import Pair

HOW = {
    "typo": "another spelling",
    "spelling": "another way of writing it",
    "sound": "the same sound",
    "transliteration": "another alphabet",
    "variant": "another form of the name",
    "nickname": "a short form of the name",
    "translation": "another language",
    "abbreviation": "an abbreviation",
    "number": "the same number",
    "initial": "an initial",
    "joined": "words joined",
    "split": "words split",
}
SHOWN = 4  # differences that the sentence names
DIGITS = 4
AGAINST = {
    "country": "The countries differ.",
    "birth": "The dates of birth differ.",
    "kind": "One is a person, the other is not.",
}


def hit_of(hit: Hit) -> dict[str, Any]:
    """A hit as plain JSON values: what findings keep, the search page shows and the API answers.

    `base`, the `points` of `pairs` and those of `also` add up to `score`, but for rounding.
    """
    entry = hit.entry
    return {
        "match": hit.match,
        "score": round(hit.score, 3),
        "near_certain": hit.near_certain,
        "declared": hit.declared,
        "listed": hit.name,
        "list": entry.list,
        "entry": entry.id,
        "entry_name": entry.name,
        "effect": entry.effect,
        "programme": entry.programme,
        "kind": entry.kind,
        "countries": list(entry.countries),
        "births": list(entry.births),
        "aliases": len(entry.aliases) + len(entry.weak),
        "note": entry.note[:300],
        "country_contradicts": hit.country_contradicts,
        "birth_contradicts": hit.birth_contradicts,
        "base": round(hit.points.base, DIGITS),
        "pairs": [
            {"declared": pair.declared, "listed": pair.listed, "kind": pair.kind, "points": _rounded(pair.points)}
            for pair in hit.points.pairs
        ],
        "also": _also(hit),
        "percent": hit.percent,
        "chain": list(hit.chain),
        "sentence": sentence(hit),
        "digest": digest_of(hit),
    }


def sentence(hit: Hit) -> str:
    """One plain sentence for a hit, and one for each thing that speaks against it."""
    where = f"{hit.entry.name} ({hit.entry.list}, entry {hit.entry.id})"
    name = f"The declared name “{hit.declared}”"
    share = f"{hit.percent:g} %" if hit.percent is not None else "a share"
    chain = "; ".join(hit.chain)
    said = {
        "equal": f"{name} is the listed name “{hit.name}” of {where}.",
        "similar": f"{name} is like “{hit.name}”, a name of {where}: {_differences(hit)}."
        if not hit.chain
        else f"{name} is like “{hit.name}”, which belongs to {where} ({chain}): {_differences(hit)}.",
        "identifier": f"The declared {hit.declared} belongs to {where}.",
        "shared": f"The declared {hit.declared} is also that of {where}.",
        "owned": f"{share} of “{hit.declared}” belongs to {where}: {chain}.",
        "part_owned": f"{share} of “{hit.declared}” belongs to {where}, less than a majority: {chain}.",
    }[hit.match]
    against = [AGAINST[sign.what] for sign in hit.signs if not sign.agrees and sign.what in AGAINST]
    return " ".join([said, *against])


def _differences(hit: Hit) -> str:
    unlike = [pair for pair in hit.points.pairs if pair.kind not in ("same", "form", "title")]
    shown = [_difference(pair) for pair in unlike[:SHOWN]]
    if len(unlike) > SHOWN:
        shown.append(f"and {len(unlike) - SHOWN} more")
    return "; ".join(shown) or "all words are the same, on an alias of low quality or too short to be certain"


def _difference(pair: Pair) -> str:
    if pair.kind == "extra":
        return f"“{pair.declared}” is declared only"
    if pair.kind == "missing":
        return f"“{pair.listed}” is listed only"
    return f"“{pair.declared}” for “{pair.listed}” ({HOW.get(pair.kind, pair.kind)})"


def _also(hit: Hit) -> list[dict[str, Any]]:
    beside = [
        {
            "what": sign.what,
            "declared": sign.declared,
            "listed": sign.listed,
            "agrees": sign.agrees,
            "points": _rounded(sign.points),
        }
        for sign in hit.signs
    ]
    named = {sign.what for sign in hit.signs}
    return beside + [
        {"what": what, "declared": "", "listed": "", "agrees": None, "points": _rounded(points)}
        for what, points in hit.points.rest
        if what not in named
    ]


def _rounded(points: float) -> float:
    return round(points, DIGITS) + 0.0
