"""How much of a description's words the wordings of an entry share: BM25 of the entry's words, normed to the text."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from policies.engine.classify.reading import Reading

K, B = 1.2, 0.5
LITTLE = 1.2  # rare words that a description must have before all of it in common counts in full
MOST = 1.5
UNKNOWN = 0.4  # what a word of no list weighs, of the rarest one
COMMONEST = 0.12  # a word that this share of all entries has says nothing


class Similar:
    """The words of each entry, weighted by how few entries have them."""

    def __init__(self, rows: Iterable[tuple[str, tuple[int, ...], int]]) -> None:
        """Rows are an entry, the words of one of its wordings, and how many times they count."""
        words: dict[str, dict[int, int]] = defaultdict(dict)
        for label, numbers, times in rows:
            held = words[label]
            for number in numbers:
                held[number] = held.get(number, 0) + times
        entries = max(len(words), 1)
        long = sum(sum(counts.values()) for counts in words.values()) / entries or 1.0
        having = Counter(number for counts in words.values() for number in counts)
        self.weight = {number: math.log(1 + (entries - have + 0.5) / (have + 0.5)) for number, have in having.items()}
        self._rare = max(self.weight.values(), default=1.0)
        self._under: dict[int, list[tuple[str, float]]] = defaultdict(list)
        for label, counts in sorted(words.items()):
            length = sum(counts.values())
            for number, times in counts.items():
                if having[number] <= max(COMMONEST * entries, 3):
                    rate = times * (K + 1) / (times + K * (1 - B + B * length / long))
                    self._under[number].append((label, rate * self.weight[number]))

    def find(self, reading: Reading) -> Mapping[str, float]:
        """For each entry that shares a word, the share (0 to 1) of the text's weight that it explains."""
        total = 0.0
        scores: dict[str, float] = defaultdict(float)
        for place, numbers in enumerate(reading.found):
            worth = reading.share((place,))
            best: dict[str, float] = {}
            for number in numbers:
                for label, rate in self._under.get(number, ()):
                    if rate > best.get(label, 0.0):
                        best[label] = rate
            total += max((self.weight.get(number, 0.0) for number in numbers), default=UNKNOWN * self._rare)
            for label, rate in best.items():
                scores[label] += worth * rate
        total = max(total, LITTLE * self._rare)
        return {label: min(score / total / MOST, 1.0) for label, score in scores.items()}
