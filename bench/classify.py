"""How well and how fast goods are classified: the right entry first or among three, ordinary goods flagged, ms a line.

    python bench/classify.py [--half test|tuning|both] [--json]   # labelled lines of tests/labelled
    python bench/classify.py --lines FILE [--json]            # other lines, all of them
    python bench/classify.py --misses         # also every line that went wrong
    python bench/classify.py --calibrate      # the thresholds at which 1 to 10 % of ordinary lines are flagged

FILE is CSV with the columns description, hs_code, cas_number, attributes (JSON, or `name=value|...`) and expected:
codes by `|`, or `none`. An entry counts as right when it is one of those expected, or above or below one, as far as
the top entry. Worths and thresholds were chosen on the tuning half; read the test half. The baseline in the same run
is what one would otherwise build: BM25 over the headings and keywords of all entries, flagging at the score that
flags as many ordinary lines.
"""

import argparse
import gc
import json
import platform
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.bm25 import Bm25  # noqa: E402 - the project is run from its tree
from bench.classify_lines import Labelled, halves, read_lines, right  # noqa: E402
from policies import classifiers, pack  # noqa: E402
from policies.engine import read  # noqa: E402
from policies.engine.classify.lines import classify  # noqa: E402
from policies.engine.gather.terms import Terms  # noqa: E402
from policies.engine.policy import Policy  # noqa: E402

Ranked = list[tuple[str, float, bool]]  # codes, chances, and whether something settles that the goods are of it
AIMS = {"first": 0.85, "top_3": 0.95, "flagged_ordinary": 0.03, "ms": 2.0, "load_s": 1.0, "load_mb": 100.0}


def main() -> None:
    options = _options()
    policy, load_s, load_mb = _load()
    lines = read_lines(options.lines) if options.lines else halves(options.half)
    found, times = _run(lines, classifier(policy))
    review = policy.setting.classify_review
    figures = {
        "lines": len(lines),
        "review": review,
        **figures_of(lines, found, review),
        "ms": round(mean(times), 3),
        "ms_median": round(median(times), 3),
        "ms_p95": round(sorted(times)[int(len(times) * 0.95)], 3),
        "load_s": round(load_s, 2),
        "load_mb": round(load_mb, 1),
    }
    figures["baseline_bm25"] = _baseline(lines, policy, figures["flagged_ordinary"])
    if options.calibrate:
        figures["calibrated"] = _calibrated(lines, found)
    if options.misses:
        _misses(lines, found, review)
    _print(figures, options.json)


def _load() -> tuple[Policy, float, float]:
    """The shipped policy without the names of people, and what making the classifier of its lists takes."""
    editions = {name: edition for name, edition in pack.editions().items() if edition.kind != "name_words"}
    policy = read.build(editions, hash="bench")
    before = _resident()
    start = time.perf_counter()
    classifiers.ready(policy)
    return policy, time.perf_counter() - start, _resident() - before


def _resident() -> float:
    """Memory of this process in megabytes."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def classifier(policy: Policy) -> Callable[[Labelled], Ranked]:
    """What ranks a labelled line as a shipment's line is ranked."""
    terms = Terms(policy)

    def ranked(labelled: Labelled) -> Ranked:
        negated = terms.negations(labelled.line.description)
        found = classify(labelled.line, policy.goods, on=None, negated=negated)
        return [(item.code, item.score, item.decided) for item in found.candidates]

    return ranked


def _run(lines: Sequence[Labelled], ranked: Callable[[Labelled], Ranked]) -> tuple[list[Ranked], list[float]]:
    for labelled in lines[:20]:
        ranked(labelled)
    found, times = [], []
    for labelled in lines:
        start = time.perf_counter()
        found.append(ranked(labelled))
        times.append((time.perf_counter() - start) * 1000)
    return found, times


def figures_of(lines: Sequence[Labelled], found: Sequence[Ranked], review: float) -> dict[str, Any]:
    """Shares (0 to 1) of controlled lines found and of ordinary lines flagged."""
    controlled = [(line, ranked) for line, ranked in zip(lines, found, strict=True) if line.expected]
    ordinary = [ranked for line, ranked in zip(lines, found, strict=True) if not line.expected]
    return {
        "controlled": len(controlled),
        "ordinary": len(ordinary),
        "first": _share(_right(line, ranked[:1]) for line, ranked in controlled),
        "top_3": _share(_right(line, ranked[:3]) for line, ranked in controlled),
        "first_exact": _share(bool(ranked) and ranked[0][0] in line.expected for line, ranked in controlled),
        "flagged_controlled": _share(_chance(ranked) >= review for _, ranked in controlled),
        "flagged_ordinary": _share(_chance(ranked) >= review for ranked in ordinary),
    }


def _chance(ranked: Ranked) -> float:
    """The chance of the likeliest entry that something settles: what a review threshold is held against."""
    return max((score for _, score, decided in ranked if decided), default=0.0)


def _right(line: Labelled, ranked: Ranked) -> bool:
    return any(right(code, line.expected) for code, *_ in ranked)


def _share(values: Any) -> float:
    held = [bool(value) for value in values]
    return round(sum(held) / len(held), 4) if held else 0.0


def _baseline(lines: Sequence[Labelled], policy: Policy, flagged: float) -> dict[str, Any]:
    index = Bm25((entry.code, f"{entry.heading} {' '.join(entry.keywords)}") for entry in policy.entries)
    found, times = _run(lines, lambda labelled: [(*item, True) for item in index.find(labelled.line.description)[:8]])
    scores = sorted((r[0][1] for line, r in zip(lines, found, strict=True) if not line.expected and r), reverse=True)
    ordinary = sum(1 for line in lines if not line.expected)
    place = int(flagged * ordinary)
    review = scores[place] + 1e-9 if place < len(scores) else 0.0
    return {**figures_of(lines, found, review), "ms": round(mean(times), 3)}


def _calibrated(lines: Sequence[Labelled], found: Sequence[Ranked]) -> dict[str, float]:
    scores = sorted((_chance(r) for line, r in zip(lines, found, strict=True) if not line.expected))
    return {f"{share:.0%}": round(scores[int(len(scores) * (1 - share))], 3) for share in (0.01, 0.02, 0.03, 0.05, 0.1)}


def _misses(lines: Sequence[Labelled], found: Sequence[Ranked], review: float) -> None:
    for line, ranked in zip(lines, found, strict=True):
        wrong = not _right(line, ranked[:1]) if line.expected else _chance(ranked) >= review
        if wrong:
            shown = " ".join(f"{code} {score:.2f}{'!' if decided else ''}" for code, score, decided in ranked[:4])
            kind = "" if not line.expected else "3 " if _right(line, ranked[:3]) else "- "
            print(f"{kind}{line.id} [{'|'.join(line.expected) or 'none'}] {line.line.description[:150]} -> {shown}")


def _print(figures: dict[str, Any], as_json: bool) -> None:
    better_low = ("flagged_ordinary", "ms", "load_s", "load_mb")
    aims = [
        {
            "name": name,
            "aim": aim,
            "value": figures[name],
            "met": figures[name] <= aim if name in better_low else figures[name] >= aim,
        }
        for name, aim in AIMS.items()
    ]
    result = {"name": "classify", "machine": platform.platform(), "figures": figures, "aims": aims}
    if as_json:
        print(json.dumps(result))
        return
    for name, value in figures.items():
        print(f"{name:20} {value}")
    for aim in aims:
        print(f"{aim['name']:20} aim {aim['aim']:<7} found {aim['value']:<8} {'met' if aim['met'] else 'MISSED'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=Path, help="CSV of labelled lines; without it those of tests/labelled")
    parser.add_argument("--half", choices=("test", "tuning", "both"), default="test")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--calibrate", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
