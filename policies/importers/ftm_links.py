"""Who owns or directs whom, from the FollowTheMoney JSON lines of OpenSanctions, as rows of an ownership list."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.importers.ftm import entities, gather, is_listed, texts
from policies.importers.shape import ListFile, Report, Row, only

# Schema -> the properties that name who holds and what is held.
LINKS = {"Ownership": ("owner", "asset"), "Directorship": ("director", "organization")}

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def parse(files: Sequence[ListFile], report: Report) -> Iterator[Row]:
    """A row for each link that leads from a listed party, directly or through what it holds.

    `owner` is the id of a listed party, else a name; `owned` is a name. `percent` is `None` where the file gives no
    share, and always for directors; of a range it is the lower end, since what is not certain is for a person to judge.
    """
    file = only(files)
    about = gather(file)
    found = [entity for entity in entities(file) if entity["schema"] in LINKS]
    ends = {number for entity in found for side in LINKS[entity["schema"]] for number in _ids(entity, side)}
    names: dict[str, str] = {}
    listed: set[str] = set()
    for entity in entities(file):
        if entity["id"] in ends:
            name = str(entity.get("caption") or "") or next(iter(texts(entity["properties"], "name")), "")
            names[entity["id"]] = " ".join(name.split())
            listed |= {entity["id"]} if is_listed(entity, about) else set()
    held = {number for entity in found for number in _ids(entity, LINKS[entity["schema"]][1])}
    for entity in found:
        yield from _rows(entity, names, listed, held, report)


def _rows(
    entity: Mapping[str, Any], names: Mapping[str, str], listed: set[str], held: set[str], report: Report
) -> Iterator[Row]:
    holder, thing = LINKS[entity["schema"]]
    report.read[entity["schema"]] += 1
    if _has_ended(entity):
        report.read["ended"] += 1
        return
    pairs = [(owner, owned) for owner in _ids(entity, holder) for owned in _ids(entity, thing)]
    for place, (owner, owned) in enumerate(pairs):
        if not names.get(owner) or not names.get(owned):
            report.orphans.setdefault(entity["schema"], []).append(owned if names.get(owner) else owner)
        elif owner in listed or owner in held:
            report.entries += 1
            yield {
                "id": entity["id"] if len(pairs) == 1 else f"{entity['id']}/{place + 1}",
                "owner": owner if owner in listed else names[owner],
                "owned": names[owned],
                "percent": _percent(entity) if entity["schema"] == "Ownership" else None,
                "role": "; ".join(texts(entity["properties"], "role")) or entity["schema"].lower(),
            }


def _has_ended(entity: Mapping[str, Any]) -> bool:
    """Whether the link was over when the publisher last saw it."""
    ends = texts(entity["properties"], "endDate")
    return bool(ends) and max(ends) <= str(entity.get("last_seen") or "")[:10]


def _percent(entity: Mapping[str, Any]) -> float | None:
    shares = [
        float(number.replace(",", "."))
        for text in texts(entity["properties"], "percentage")
        for number in _NUMBER.findall(text)[:1]
    ]
    return min(shares) if shares and all(0 < share <= 100 for share in shares) else None


def _ids(entity: Mapping[str, Any], side: str) -> list[str]:
    """The ids at one side of a link; in the nested edition the entity itself stands there."""
    values = entity["properties"].get(side)
    found = [value.get("id") if isinstance(value, dict) else value for value in values or ()]
    return [value for value in found if isinstance(value, str)]
