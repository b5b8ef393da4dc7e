"""The files of the name benchmark, read for bench/match.py, and what one would otherwise write to match names."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from anyascii import anyascii
from rapidfuzz import fuzz, process

from policies.engine.lists import Listed

KIND = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "organisation",
    "Vessel": "vessel",
    "Airplane": "aircraft",
}
IDENTIFIERS = {"imo": "imo", "passport": "passport"}


@dataclass(frozen=True)
class Query:
    """A declared name, whether it is a person's, and the entries that are meant."""

    name: str
    type: str
    truth: frozenset[str]


def entities(path: Path) -> list[Listed]:
    """The entries of a file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [_entity(json.loads(line)) for line in lines]


def families(path: Path, *, half: str, most: int = 0) -> dict[str, list[Query]]:
    """The queries by family; a name is of the test half or of the tuning half by its own letters."""
    wanted = {"test": (1,), "tuning": (0,), "both": (0, 1)}[half]
    found = {
        name: [query(row) for row in rows if zlib.crc32(row["q"].encode()) & 1 in wanted]
        for name, rows in json.loads(path.read_text(encoding="utf-8")).items()
    }
    return {name: rows[: most or None] for name, rows in found.items() if rows}


def query(row: Mapping[str, Any]) -> Query:
    kind = KIND.get(row.get("type", ""), "")
    return Query(row["q"], "person" if kind == "person" else "organisation", frozenset(row.get("truth", ())))


def latin_only(entry: Listed) -> Listed | None:
    """The entry with its Latin names; nothing when it has none."""
    names = [name for name in (entry.name, *entry.aliases) if all(ord(sign) < 0x250 for sign in name)]
    if not names:
        return None
    return Listed(**{**_fields(entry), "name": names[0], "aliases": tuple(names[1:])})


def is_right(entry: Listed, asked: Query, by_id: Mapping[str, Listed]) -> bool:
    """Whether an entry is one that is meant, or the same designee on another list: it carries one of its names."""
    return entry.id in asked.truth or not _names_of(asked, by_id).isdisjoint(map(sorted_words, _all(entry)))


@lru_cache(maxsize=400_000)
def sorted_words(name: str) -> str:
    """A name in lower-case Latin letters, its words sorted."""
    return " ".join(sorted(anyascii(name).lower().replace(",", " ").replace("-", " ").split()))


def brute_force(entries: Sequence[Listed]) -> Callable[[Query, Mapping[str, Listed]], float]:
    """rapidfuzz's ratio of sorted words against every name: the score of the best right one, or of the best."""
    names = [(sorted_words(name), place) for place, entry in enumerate(entries) for name in _all(entry)]
    texts = [text for text, _place in names]

    def best(asked: Query, by_id: Mapping[str, Listed]) -> float:
        scores = process.cdist([sorted_words(asked.name)], texts, scorer=fuzz.ratio, dtype=np.float32)[0]
        order = np.argsort(-scores)[:50]
        if not asked.truth:
            return float(scores[order[0]])
        right = (float(scores[at]) for at in order if is_right(entries[names[at][1]], asked, by_id))
        return next(right, 0.0)

    return best


def table(report: Mapping[str, Any]) -> str:
    """The report for people."""
    return "\n".join(_lines(report, ""))


def _lines(value: Any, indent: str) -> Iterator[str]:
    for name, item in value.items():
        if isinstance(item, dict) and item and not any(isinstance(one, (dict, list)) for one in item.values()):
            yield f"{indent}{name:28}" + "  ".join(f"{key} {_said(one)}" for key, one in item.items())
        elif isinstance(item, dict):
            yield f"{indent}{name}"
            yield from _lines(item, indent + "  ")
        elif isinstance(item, list):
            yield from (
                f"{indent}{name}: " + "  ".join(f"{key} {_said(one)}" for key, one in row.items()) for row in item
            )
        else:
            yield f"{indent}{name:28}{_said(item)}"


def _said(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _names_of(asked: Query, by_id: Mapping[str, Listed]) -> set[str]:
    meant = (by_id[uid] for uid in asked.truth if uid in by_id)
    return {sorted_words(name) for entry in meant for name in _all(entry)}


def _all(entry: Listed) -> tuple[str, ...]:
    return (entry.name, *entry.aliases)


def _entity(row: Mapping[str, Any]) -> Listed:
    refs = row.get("refs") or {}
    return Listed(
        list=row["list"],
        id=row["uid"],
        name=row["names"][0] if row["names"] else "",
        effect="foreign_listing",
        kind=KIND.get(row["type"], ""),
        aliases=tuple(row["names"][1:]),
        countries=tuple(row.get("countries") or ()),
        identifiers=tuple((kind, str(value)) for name, kind in IDENTIFIERS.items() for value in refs.get(name) or ()),
        births=tuple(filter(None, row.get("dob") or ())),
    )


def _fields(entry: Listed) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Listed.__slots__}
