"""How well and how fast parties are matched: recall, alerts and milliseconds for each family of queries.

    python bench/match.py [--entities FILE] [--queries FILE] [--half test|tuning|both] [--json]
    python bench/match.py --calibrate            # thresholds at which 1 % of people and 2 % of companies raise an alert
    python bench/match.py --pairs FILE           # best F1 on labelled pairs of names
    python bench/match.py --grow 20000,200000    # queries a second on lists of these sizes, real names recombined

`entities` is a file of JSON lines (uid, list, type, names, dob, countries, refs), `queries` a JSON object of
families, each a list of {q, type, truth}. Queries of a family `x_...` meet an index of Latin names only, `uk_alias...`
one without the list `uk`; nobody of a family `neg_...` is listed. Costs and thresholds were chosen on the tuning half;
read the test half. The baseline in the same run is what one would otherwise write: rapidfuzz over every name, words
sorted.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import match_files as files  # noqa: E402 - the project is run from its tree
from bench import match_growth as growth  # noqa: E402
from bench import match_pairs as pairs  # noqa: E402
from policies import pack  # noqa: E402
from policies.engine import read  # noqa: E402
from policies.engine.facts import Party  # noqa: E402
from policies.engine.lists import Listed  # noqa: E402
from policies.engine.match.build import build  # noqa: E402
from policies.engine.match.hits import counts  # noqa: E402
from policies.engine.match.index import NameIndex  # noqa: E402
from policies.engine.match.watch import Watch  # noqa: E402
from policies.engine.policy import Policy  # noqa: E402

NAMES = ROOT.parent / "shared" / "data" / "names"
LOW = 0.55  # from which scores are kept to find thresholds
ALERTS = {"person": 0.01, "company": 0.02}
INNOCENT = {"person": ("neg_global", "neg_us"), "company": ("neg_company",)}
AIMS = {
    **{f"p_{name}": 0.998 for name in ("exact_person", "exact_org", "swap_person", "lastcomma_person")},
    **{"p_dropmiddle_person": 0.998, "p_typo1_person": 0.98, "p_typo2_person": 0.92, "p_typo1_org": 0.96},
    **{"p_typo2_org": 0.85, "p_initial_person": 0.98, "p_concat_person": 0.99, "p_concat_org": 0.95},
    **{"p_title_person": 0.995, "p_droplegal_org": 0.995, "p_ampand_org": 0.995, "x_cyr_person": 0.97},
    **{"x_cyr_org": 0.75, "x_ara_person": 0.6},
}


class Bench:
    """The indexes that families need, made once, and the settings of the shipped policy."""

    def __init__(self, entities: Sequence[Listed]) -> None:
        self.policy: Policy = read.build(pack.editions(), hash="bench")
        self.entities = entities
        self.by_id = {entry.id: entry for entry in entities}
        self._watches: dict[str, Watch] = {}
        self.figures: dict[str, float] = {}

    def watch(self, family: str) -> Watch:
        """The lists that a family of queries meets."""
        which = "latin" if family.startswith("x_") else "no_uk" if family.startswith("uk_") else "all"
        if which not in self._watches:
            self._watches[which] = Watch([self._index(which)], self.policy.lexicon)
        return self._watches[which]

    def _index(self, which: str) -> NameIndex:
        chosen: Sequence[Listed] = self.entities
        if which == "latin":
            chosen = [latin for entry in self.entities if (latin := files.latin_only(entry))]
        if which == "no_uk":
            chosen = [entry for entry in self.entities if entry.list != "uk"]
        start = time.perf_counter()
        data = build(chosen, self.policy.lexicon)
        built = time.perf_counter()
        index = NameIndex(memoryview(data), self.policy.lexicon)
        if which == "all":
            self.figures |= {
                "build_s": built - start,
                "load_s": time.perf_counter() - built,
                "index_mb": len(data) / 1e6,
            }
        return index

    def hits(self, family: str, query: files.Query, review: float) -> list[Any]:
        party = Party(role="consignee", name=query.name, type=query.type)
        return self.watch(family).hits(party, review=review)


def measure(bench: Bench, family: str, queries: Sequence[files.Query], review: float) -> dict[str, float]:
    """Recall or alerts, first places and milliseconds of one family at a review score."""
    watch = bench.watch(family)
    watch.hits(Party(role="consignee", name="Zvezdny Works"), review=review)
    times, found, first = [], 0, 0
    for query in queries:
        start = time.perf_counter()
        hits = bench.hits(family, query, review)
        times.append(time.perf_counter() - start)
        right = [files.is_right(hit.entry, query, bench.by_id) for hit in hits]
        found += any(right) if query.truth else bool(hits)
        first += bool(right and right[0])
    times.sort()
    figures = {"n": len(queries), "p50_ms": _at(times, 0.5) * 1000, "p95_ms": _at(times, 0.95) * 1000}
    figures["queries_per_s"] = len(times) / sum(times)
    if family.startswith("neg_"):
        return figures | {"alerts": found / len(queries)}
    return figures | {"recall": found / len(queries), "first": first / len(queries)}


def calibrate(bench: Bench, families: dict[str, list[files.Query]]) -> dict[str, Any]:
    """The review score at which each kind of innocent names raises the wanted share of alerts, and the recall there."""
    kept = {name: [_best(bench, name, query) for query in queries] for name, queries in families.items()}
    result: dict[str, Any] = {}
    for kind, names in INNOCENT.items():
        scores = sorted((score for name in names for score in kept.get(name, ())), reverse=True)
        result[kind] = scores[int(len(scores) * ALERTS[kind])] if scores else 0.0
    result["curve"] = {
        f"{review:.2f}": {name: sum(score >= review for score in scores) / len(scores) for name, scores in kept.items()}
        for review in (0.65, 0.7, 0.75, 0.775, 0.8, 0.825, 0.85, 0.9)
    }
    for name, scores in kept.items():
        if not name.startswith("neg_"):
            least = result["company" if "org" in name or "ampand" in name else "person"]
            result.setdefault("recall_at_equal_alerts", {})[name] = sum(score > least for score in scores) / len(scores)
    return result


def _best(bench: Bench, family: str, query: files.Query) -> float:
    """The best score of a right entry, or of any entry for somebody who is on no list; 1 for a certain match."""
    hits = bench.hits(family, query, LOW)
    chosen = [hit for hit in hits if not query.truth or files.is_right(hit.entry, query, bench.by_id)]
    return max(
        (max(hit.score, 1.0 if counts(hit, 2.0) and hit.match != "equal" else 0.0) for hit in chosen), default=0.0
    )


def _at(values: Sequence[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)]


def baseline(bench: Bench, families: dict[str, list[files.Query]], most: int) -> dict[str, Any]:
    """rapidfuzz over all names with sorted words, at the same shares of alerts, on the first queries of each family."""
    compare = files.brute_force(bench.entities)
    start = time.perf_counter()
    kept = {name: [compare(query, bench.by_id) for query in queries[:most]] for name, queries in families.items()}
    spent = time.perf_counter() - start
    least = {}
    for kind, names in INNOCENT.items():
        scores = sorted((score for name in names for score in kept.get(name, ())), reverse=True)
        least[kind] = scores[int(len(scores) * ALERTS[kind])] if scores else 0.0
    recall = {
        name: sum(score > least["company" if "org" in name or "ampand" in name else "person"] for score in scores)
        / len(scores)
        for name, scores in kept.items()
        if not name.startswith(("neg_", "x_", "uk_")) and scores
    }
    return {"recall_at_equal_alerts": recall, "queries_per_s": sum(map(len, kept.values())) / spent}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=Path, default=NAMES / "entities.jsonl.gz")
    parser.add_argument("--queries", type=Path, default=NAMES / "querysets.json")
    parser.add_argument("--half", choices=("test", "tuning", "both"), default="test")
    parser.add_argument("--most", type=int, default=0, help="queries of a family, 0 for all")
    parser.add_argument("--baseline", type=int, default=60, help="queries of a family for the baseline, 0 for none")
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--grow", default="", help="numbers of entities, separated by commas")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    given = parser.parse_args()
    if not given.entities.exists():
        print(json.dumps({"name": "match", "skipped": f"{given.entities} is not there"}))
        return
    bench = Bench(files.entities(given.entities))
    report: dict[str, Any] = {"name": "match", "machine": f"{platform.machine()} {platform.python_version()}"}
    report |= _report(bench, given)
    print(json.dumps(report) if given.json else files.table(report))


def _report(bench: Bench, given: argparse.Namespace) -> dict[str, Any]:
    if given.pairs:
        return {"pairs": pairs.measure(bench.policy, bench.watch(""), given.pairs)}
    if given.grow:
        return {"growth": growth.measure(bench.policy, bench.entities, [int(size) for size in given.grow.split(",")])}
    families = files.families(given.queries, half=given.half, most=given.most)
    if given.calibrate:
        return {"calibration": calibrate(bench, families)}
    review = bench.policy.setting.match_review
    found = {name: measure(bench, name, queries, review) for name, queries in families.items()}
    figures: dict[str, Any] = {"review": review, "families": found}
    if given.baseline:
        figures["baseline"] = baseline(bench, families, given.baseline)
    figures["figures"] = bench.figures | growth.in_a_process(bench.entities)
    figures["aims"] = [
        {"name": name, "aim": aim, "value": found[name]["recall"], "met": found[name]["recall"] >= aim}
        for name, aim in AIMS.items()
        if name in found
    ]
    return figures


Compare = Callable[[files.Query, dict[str, Listed]], float]

if __name__ == "__main__":
    main()
