"""Fits the worth of each kind of evidence on the tuning half of the labelled lines, and prints it for `weigh.py`.

    python bench/classify_fit.py [--steps 3000]

Each line chooses among its entries and "none of them"; the right entries share their chance. The worths are pulled
towards those in use, and keep their sign: what speaks for an entry never takes points away. The test half is not read.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.classify_lines import Labelled, halves, right  # noqa: E402 - the project is run from its tree
from policies import pack  # noqa: E402
from policies.engine import read  # noqa: E402
from policies.engine.classify import weigh  # noqa: E402
from policies.engine.classify.candidates import amounts_of  # noqa: E402
from policies.engine.classify.rank import see  # noqa: E402
from policies.engine.gather.terms import Terms  # noqa: E402
from policies.engine.policy import Policy  # noqa: E402

PULL = 0.004
Sample = tuple[np.ndarray, np.ndarray]


def samples(lines: Sequence[Labelled], policy: Policy) -> list[Sample]:
    """For each line the amounts of every entry looked at (with 1 for the base), and which of them are right."""
    terms, found = Terms(policy), []
    for labelled in lines:
        negated = terms.negations(labelled.line.description)
        seen = see(labelled.line, policy.goods.book)
        measured = amounts_of(seen, policy.goods, on=None, negated=negated)
        if measured:
            rows = np.array([[1.0, *amounts] for _, amounts in measured])
            found.append((rows, np.array([right(code, labelled.expected) for code, _ in measured])))
    return found


def fit(data: Sequence[Sample], *, steps: int) -> np.ndarray:
    """The worths, base first, that make the right choices likeliest."""
    start = np.array([weigh.BASE, *weigh.WORTH])
    signs = np.sign(start)
    worth, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for step in range(1, steps + 1):
        gradient = sum(_gradient(rows, is_right, worth) for rows, is_right in data) / len(data)
        gradient = gradient + PULL * (worth - start)
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        worth = worth - 0.02 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        worth = np.where(worth * signs < 0, 0.0, worth)
    return worth


def _gradient(rows: np.ndarray, is_right: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Of the negative log chance of a right choice, where "none of them" has the sum 0."""
    sums = np.append(rows @ worth, 0.0)
    chances = np.exp(sums - sums.max())
    chances /= chances.sum()
    wanted = np.append(is_right, not is_right.any()).astype(float) * chances
    wanted /= max(wanted.sum(), 1e-300)
    return np.asarray((chances - wanted)[:-1] @ rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1500)
    options = parser.parse_args()
    editions = {name: edition for name, edition in pack.editions().items() if edition.kind != "name_words"}
    policy = read.build(editions, hash="fit")
    worth = fit(samples(halves("tuning"), policy), steps=options.steps)
    for name, value in zip(("BASE", *weigh.Amounts._fields), worth, strict=True):
        print(f"    {name}={value:.2f},")


if __name__ == "__main__":
    main()
