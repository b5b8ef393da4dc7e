"""Which declared names could a listed name meet: by words, the rarest first, so that the cost follows the change.

The matcher goes from a declared name to the lists; this goes the other way, and must find at least what the matcher
would. A declared name D meets a listed name L, word weights w, from a score s on, in one of three ways:

* D holds all words of L (equal, or held within a longer name). Any word of L finds D.
* D is like L: the weight that aligned words share is at least s of the weight of both names, and so is the weight of
  those that share a form (`forms_of`), less what words that are common on the lists may add unread.
* D is like an owned name; then no form need be shared at all.

So L need not be looked up by every word. Say D shares a form with none of the words Q looked up, only with some of the
rest R. A word of R adds at most (2-s)w when D has it as it is, and little more when D misspells it (`_worth`); a word
of Q adds something only when D has another word in its place that is alike without sharing a form (`_echo`). When that
together stays below s of the weight of L, no such D can reach s, and Q is enough. Q begins with the words that the
fewest declared names hold, and so the words of everybody (`trading`, `company`) are hardly ever looked up. The one
thing assumed is that a word which is alike without sharing a form is not commoner on the lists than the word itself.

What is found is then compared with L as the matcher does, with the weights of the lists that L is on, a little below
the score that counts (`SLACK`), because weights move a little from one snapshot to the next.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, F, OuterRef

from policies.engine.match.names import LegalForms, key, tokens
from policies.engine.match.score import SOUND, TYPO, align
from screening.models import DeclaredName, NameUse, NameWord, WordForm
from screening.names import LONGEST_WORD, WHOLE, Declared, cut_forms, parts

HEAVY = 500  # a word that more declared names hold is looked up last
LIGHT = 20
ROWS = (10, 200, 100_000)  # about how many rows a light word costs, one between, and a heavy one
SLACK = 0.02
INITIAL = 0.6


@dataclass(frozen=True)
class Sought:
    """A listed name: its words as the matcher compares them, their weights on its lists, the score that counts."""

    words: tuple[str, ...]
    weigh: Callable[[str], float]
    least: float
    every_word: bool = False  # for an owned name

    @cached_property
    def score(self) -> float:
        return self.least - SLACK

    @cached_property
    def needed(self) -> float:
        """The weight that must be met."""
        return self.score * sum(map(self.weigh, self.words))

    @cached_property
    def worths(self) -> list[tuple[str, float, float]]:
        """Each word with the most that it adds when it is met, and when only another stands in its place."""
        weights = [(word, self.weigh(word)) for word in self.words]
        return [(word, _worth(weight, word, self.score), _echo(weight, word, self.score)) for word, weight in weights]

    def may_meet(self, words: set[str], near: Mapping[str, set[str]]) -> bool:
        """Whether a declared name with these words could be like this one: the module's inequality, cheaply."""
        if self.every_word:
            return True
        most = sum(echo if near[word].isdisjoint(words) else worth for word, worth, echo in self.worths)
        return most >= self.needed

    def meets(self, declared: Sequence[str]) -> bool:
        """Whether the matcher could meet this name in the words of a declared one."""
        if len(self.words) > 1 and set(self.words) <= set(declared):
            return True
        return align(declared, self.words, self.weigh)[0] >= self.score


def like(sought: Iterable[Sought], forms: LegalForms) -> set[int]:
    """Ids of the declared names that could meet one of the listed names. `forms` are the policy's legal forms."""
    listed = list(sought)
    near = _near({word for name in listed for word in name.words})
    rows_of = _rows_of({other for others in near.values() for other in others})
    cost = {word: sum(rows_of[other] for other in others) for word, others in near.items()}
    asked: dict[str, list[Sought]] = defaultdict(list)
    for name in listed:
        for word in _looked_up(name, cost):
            for other in near[word]:
                asked[other].append(name)
    found: set[int] = set()
    for words in parts(sorted(asked)):
        rows = NameWord.objects.filter(word__in=words).values_list("name", "word", "name__text", "name__spelled")
        for number, word, text, spelled in rows.iterator():
            if number in found:
                continue
            whole = text if not text.startswith("sha256 ") else " ".join(tokens(spelled, WHOLE))
            held = {part[:LONGEST_WORD] for part in whole.split()}
            able = [name for name in asked[word] if name.may_meet(held, near)]
            if able and any(map(_meets(tokens(whole, forms)), able)):
                found.add(number)
    return found


def _meets(declared: Sequence[str]) -> Callable[[Sought], bool]:
    return lambda name: name.meets(declared)


def at(addresses: Iterable[str], forms: LegalForms) -> set[int]:
    """Ids of the declared addresses that the matcher takes for one of these: the same words in any order."""
    asked: dict[str, set[str]] = defaultdict(set)
    wanted = {key(words): words for address in addresses if (words := tokens(address, forms))}
    marked = {place: [f"@{word}"[:LONGEST_WORD] for word in words] for place, words in wanted.items()}
    rows_of = _rows_of({word for marks in marked.values() for word in marks})
    for place, marks in marked.items():
        asked[min(marks, key=lambda word: (rows_of[word], -len(word), word))].add(place)
    found: set[int] = set()
    for some in parts(sorted(asked)):
        rows = NameWord.objects.filter(word__in=some).values_list("name", "word", "name__text")
        for number, word, text in rows.iterator():
            if text.startswith("sha256 ") or key(tokens(text, forms)) in asked[word]:
                found.add(number)
    return found


def equal(declared: Iterable[Declared]) -> set[int]:
    """Ids of what is kept exactly so: identifiers and countries."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for row in declared:
        by_kind[row.kind].add(row.text)
    return {
        number
        for kind, texts in by_kind.items()
        for some in parts(sorted(texts))
        for number in DeclaredName.objects.filter(kind=kind, text__in=some).values_list("pk", flat=True)
    }


def users(names: Iterable[int]) -> tuple[set[int], set[int]]:
    """Ids of the shipments and of the licences that declare one of these names."""
    shipments: set[int | None] = set()
    licences: set[int | None] = set()
    for some in parts(sorted(names)):
        for shipment, licence in NameUse.objects.filter(name__in=some).values_list("shipment", "licence").iterator():
            shipments.add(shipment)
            licences.add(licence)
    return {number for number in shipments if number}, {number for number in licences if number}


def _near(words: set[str]) -> dict[str, set[str]]:
    """For each word, the declared words that share a form with it."""
    forms = {word: cut_forms(word) for word in words}
    holders: dict[str, list[str]] = defaultdict(list)
    for some in parts(sorted({form for all_of in forms.values() for form in all_of})):
        for form, word in WordForm.objects.filter(form__in=some).values_list("form", "word").iterator():
            holders[form].append(word)
    return {word: {other for form in all_of for other in holders.get(form, ())} for word, all_of in forms.items()}


def _rows_of(words: set[str]) -> dict[str, int]:
    """About how many declared names hold each word; none is counted further than `HEAVY`."""
    held = NameWord.objects.filter(word=OuterRef("word")).order_by()
    found = dict.fromkeys(words, ROWS[0])
    for some in parts(sorted(words)):
        rows = WordForm.objects.filter(form__in=some, word=F("form")).filter(Exists(held[LIGHT : LIGHT + 1]))
        heavy = rows.annotate(heavy=Exists(held[HEAVY : HEAVY + 1]))
        found |= {word: ROWS[1 + many] for word, many in heavy.values_list("word", "heavy")}
    return found


def _looked_up(name: Sought, cost: Mapping[str, int]) -> list[str]:
    """Enough words of a listed name to find everything that it could meet, the cheapest first."""
    waiting = sorted(dict.fromkeys(name.words), key=lambda word: (cost[word], -name.weigh(word), word))
    if name.every_word:
        return waiting
    asked = {waiting.pop(0)}
    while waiting and sum(echo if word in asked else worth for word, worth, echo in name.worths) >= name.needed:
        asked.add(waiting.pop(0))
    return sorted(asked)


def _worth(weight: float, word: str, score: float) -> float:
    """The most that a word adds when it is met: as it is, or misspelt by a word that no list has (weight 1).

    Both conditions of likeness hold at once, so any mean of them does: one part shared forms to `part` parts alignment,
    which leaves nothing of the unread words.
    """
    part = (2 - score) / score
    typed = max(SOUND, 1 - 1 / (len(word) + 1))
    misspelt = ((1 - score) + weight + part * (max(typed - score, 0.0) + typed * weight)) / (1 + part)
    return max((2 - score) * weight, misspelt)


def _echo(weight: float, word: str, score: float) -> float:
    """The most that a word adds when another stands in its place that is alike and shares no form: two letters off."""
    part = (2 - score) / score
    typed = 1 - 2 / (len(word) + 2)
    worth = typed if typed >= TYPO else INITIAL
    return max((part * (2 * worth - score) - score) * weight / (1 + part), 0.0)
