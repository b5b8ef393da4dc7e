"""How the costs of policies/engine/match/score.py were chosen: run it again after the ways of comparing have changed.

    python bench/match_fit.py --fit [--made 500] [--steps 2500]

Listed names get errors as people make them (letters, order, initials, joined words, titles), innocent names and the
queries of the tuning half come from the benchmark. A random search looks for the costs at which most are found while
1 % of innocent people and 2 % of companies raise an alert; limits keep it from trusting what the benchmark does not
hold (nobody there declares a word too much). The costs are printed so that an alert begins at a loss of 0.2. They are a
proposal: bench/match.py measures them, on the other half.
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import match as bench  # noqa: E402 - the project is run from its tree
from bench import match_files as files  # noqa: E402
from policies.engine.lists import Listed  # noqa: E402
from policies.engine.match.score import ORGANISATION, PERSON, Amounts  # noqa: E402
from policies.engine.match.search import search  # noqa: E402

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ALERTS = {True: 0.01, False: 0.02}
MOST = {True: {"extra": 0.56, "missing": 0.38}, False: {"extra": 0.4, "missing": 0.36, "omitted": 0.33}}
LEAST = {
    "letters": 0.01,
    "worst": 0.08,
    "initial": 0.015,
    "sound": 0.03,
    "number": 0.03,
    "both": 0.02,
    "few_words": 0.05,
}
FORMS = re.compile(r"\b(limited liability company|joint stock company|llc|jsc|ooo|ao|inc|ltd|limited|co)\b\.?", re.I)


def misspelt(name: str, chance: random.Random) -> str:
    """A name with one letter added, left out, changed, or two letters that stand together exchanged."""
    place = chance.randrange(len(name))
    ways = (
        name[:place] + chance.choice(LETTERS) + name[place:],
        name[:place] + name[place + 1 :],
        name[:place] + chance.choice(LETTERS) + name[place + 1 :],
        name[:place] + name[place + 1 : place + 2] + name[place : place + 1] + name[place + 2 :],
    )
    return chance.choice(ways)


def made(entries: Sequence[Listed], number: int, *, person: bool) -> list[tuple[str, files.Query]]:
    """Listed names with errors, by kind of error."""
    chance = random.Random(7)
    kinds = ("person",) if person else ("organisation", "")
    chosen = [one for one in entries if one.kind in kinds and len(one.name.split()) > 1 and one.name.isascii()]
    found = []
    for _ in range(number):
        entry = chance.choice(chosen)
        words = entry.name.replace(",", "").split()
        once = misspelt(entry.name, chance)
        ways = {"typo1": once, "typo2": misspelt(once, chance), "joined": "".join(words)}
        if person:
            ways |= {"order": " ".join(words[1:] + words[:1]), "initial": " ".join([f"{words[0][0]}.", *words[1:]])}
            ways |= {"middle": f"{words[0]} {words[-1]}", "title": f"Mr. {entry.name} Jr."}
        else:
            ways |= {"form": FORMS.sub("", entry.name).strip(" ,.") or entry.name}
        found += [
            (name, files.Query(text, "person" if person else "organisation", frozenset({entry.id})))
            for name, text in ways.items()
        ]
    return found


def measured(of: bench.Bench, query: files.Query, *, person: bool) -> np.ndarray[Any, Any]:
    """The amounts of every name that a query is compared with; of the right ones only, for somebody who is listed."""
    index = of.watch("").indexes[0]
    rows = []
    for found in search(index, query.name, person=person, least=0.0):
        bearers = (index.entry(number) for number, _place in index.bearers(found.name))
        if not query.truth or any(files.is_right(entry, query, of.by_id) for entry in bearers):
            rows.append(found.amounts)
    return np.array(rows, np.float32).reshape(-1, len(Amounts._fields))


def fit(of: bench.Bench, families: dict[str, list[files.Query]], *, person: bool, number: int, steps: int) -> Amounts:
    """The costs at which most of the made and of the tuning queries are found."""
    wanted = [(name, one) for name, rows in families.items() for one in rows if _is_of(name, person)]
    listed = made(of.entities, number, person=person) + wanted
    innocent = [one for name in bench.INNOCENT["person" if person else "company"] for one in families[name]]
    right = [(name, measured(of, one, person=person)) for name, one in listed]
    wrong = [measured(of, one, person=person) for one in innocent]
    chance = np.random.default_rng(1)
    best = np.array(PERSON if person else ORGANISATION)
    value = _value(best, right, wrong, person=person)
    for step in range(steps):
        width = 0.03 + 0.25 * (1 - step / steps)
        tried = best * np.exp(chance.normal(0, width, len(best)) * (chance.random(len(best)) < 0.35))
        if (worth := _value(tried, right, wrong, person=person)) > value:
            best, value = tried, worth
    return Amounts(*(round(float(cost), 3) for cost in best * 0.2 / _limit(best, wrong, person=person)))


def _is_of(family: str, person: bool) -> bool:
    return family.startswith("p_") and family.endswith("_person" if person else "_org")


def _limit(costs: np.ndarray[Any, Any], wrong: Sequence[np.ndarray[Any, Any]], *, person: bool) -> float:
    """The loss at which the wanted share of innocent names raises an alert."""
    losses = [float((rows @ costs).min()) if len(rows) else 9.0 for rows in wrong]
    return max(float(np.quantile(losses, ALERTS[person])), 1e-3)


def _value(
    costs: np.ndarray[Any, Any],
    right: Sequence[tuple[str, np.ndarray[Any, Any]]],
    wrong: Sequence[np.ndarray[Any, Any]],
    *,
    person: bool,
) -> float:
    limit = _limit(costs, wrong, person=person)
    found: dict[str, list[float]] = {}
    for name, rows in right:
        found.setdefault(name, []).append(float(bool(len(rows)) and float((rows @ costs).min()) < limit))
    scaled = dict(zip(Amounts._fields, costs * 0.2 / limit, strict=True))
    beyond = sum(max(0.0, scaled[name] - most) for name, most in MOST[person].items())
    beyond += sum(max(0.0, least - scaled[name]) for name, least in LEAST.items())
    return float(np.mean([np.mean(hits) for hits in found.values()])) - 3 * beyond


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true", help="without it nothing is done: make bench runs every file")
    parser.add_argument("--made", type=int, default=300)
    parser.add_argument("--steps", type=int, default=600)
    given = parser.parse_args()
    if not given.fit or not (bench.NAMES / "entities.jsonl.gz").exists():
        print(json.dumps({"name": "match_fit", "skipped": "costs are proposed with --fit, from the benchmark's names"}))
        return
    of = bench.Bench(files.entities(bench.NAMES / "entities.jsonl.gz"))
    families = files.families(bench.NAMES / "querysets.json", half="tuning")
    for person in (True, False):
        costs = fit(of, families, person=person, number=given.made, steps=given.steps)
        print(json.dumps({"name": "match_fit", "person": person, "costs": costs._asdict()}))


if __name__ == "__main__":
    main()
