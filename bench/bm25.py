"""The baseline of the classifier's measurement: plain BM25, words split and lower-cased, nothing else."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

K, B = 1.5, 0.75


class Bm25:
    """Texts by label, ranked for a query by how well they share its words."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        texts = [(label, Counter(_words(text))) for label, text in rows]
        having = Counter(word for _, counts in texts for word in counts)
        self._idf = {word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for word, n in having.items()}
        average = sum(sum(counts.values()) for _, counts in texts) / max(len(texts), 1)
        self._under: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for label, counts in texts:
            length = sum(counts.values())
            for word, times in counts.items():
                self._under[word].append((label, times * (K + 1) / (times + K * (1 - B + B * length / average))))

    def find(self, text: str) -> list[tuple[str, float]]:
        """Labels with their scores, best first."""
        scores: dict[str, float] = defaultdict(float)
        for word in set(_words(text)):
            for label, rate in self._under.get(word, ()):
                scores[label] += rate * self._idf[word]
        return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
