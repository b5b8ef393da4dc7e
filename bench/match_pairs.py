"""Labelled pairs of names: is the second the first, and at which score is the answer best?"""

import csv
from pathlib import Path
from typing import Any

from bench.match_files import KIND
from policies.engine.match.search import compare, readings, weighed
from policies.engine.match.watch import Watch
from policies.engine.policy import Policy


def measure(policy: Policy, watch: Watch, path: Path) -> dict[str, Any]:
    """The best F1 over all thresholds, and that at the review score. Words weigh as they do on the lists."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    scored = [(_score(watch, row), row["is_match"].lower() == "true") for row in rows]
    best = max((_f1(scored, least) | {"threshold": least} for least in sorted({score for score, _ in scored})), key=_of)
    return {"n": len(rows), "best": best, "at_review": _f1(scored, policy.setting.match_review)}


def _score(watch: Watch, row: dict[str, str]) -> float:
    kind = KIND.get(row["schema"], "organisation" if row["schema"] not in ("", "Thing") else "")
    person = kind == "person" if kind else None
    index = watch.indexes[0]
    best = 0.0
    for asked in readings(index, row["name1"], person=person):
        listed = watch.lexicon.read(row["name2"], person=asked.person)
        found = compare(asked, weighed(index, listed), lexicon=watch.lexicon, bare=listed.bare)
        best = max(best, found.score)
    return best


def _f1(scored: list[tuple[float, bool]], least: float) -> dict[str, float]:
    right = sum(label for score, label in scored if score >= least)
    said, true = sum(score >= least for score, _ in scored), sum(label for _, label in scored)
    return {
        "f1": 2 * right / (said + true) if said + true else 0.0,
        "precision": right / said if said else 0.0,
        "recall": right / true if true else 0.0,
    }


def _of(row: dict[str, float]) -> float:
    return row["f1"]
