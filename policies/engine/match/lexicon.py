"""What the words of names mean, from the lists of the policy: legal forms, titles, particles, variants, translations.

A word keeps its spelling; the lexicon says its role, which decides how much it counts, and its meaning, which two
spellings of one name or one company word in two languages share.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from policies.engine.match.fold import MOST_WORDS, native, plain, script, split

# The roles of a word. The order is part of the index format.
CORE, TITLE, CAREFUL, PARTICLE, FORM, STOP, NUMBER, PATRONYMIC = range(8)
COMPANY_WORD = 0.5  # the most that a word counts which the lists know as one of company names
COMMON = {"1": 0.6, "2": 0.8}  # the most that a name counts which very many people in the world bear, by tier
ROLES = {"title": TITLE, "suffix": TITLE, "particle": PARTICLE, "stop": STOP}
MEANINGS = {
    "spelling": "variant",
    "nickname": "nickname",
    "translation": "translation",
    "abbreviation": "abbreviation",
    "number": "number",
}
PERSON, ORGANISATION = "person", "organisation"
ABJAD = ("arabic", "hebrew")
UNSPACED = ("hangul", "kana", "han")
LONGEST_NATIVE = 14  # signs of a name or word of a script that writes no spaces
NATIVE = (*ABJAD, "hangul", "kana", "han")
PATRONYMICS = (
    "ovich",
    "evich",
    "ovych",
    "evych",
    "avich",
    "ovic",
    "evic",
    "ovitj",
    "ovna",
    "evna",
    "ivna",
    "avna",
    "ichna",
)
SHORTEST_PATRONYMIC = 7
_RUN = re.compile(r"[^\W_]+(?:['’ʼ]\w+)*")
_MARKS = "()«»“”‘’\"'[]・-،.,"
_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class NameWord:
    """One row of a list of name words. `role`: native, title, suffix, particle, stop, spelling, nickname, translation,
    abbreviation or number; `means` is the Latin spelling, canonical name or English word; `of` is person or
    organisation where a word has the meaning in names of these only; `careful` marks a title that is a name as well
    (Khan, Major)."""

    word: str
    role: str
    means: str = ""
    of: str = ""
    careful: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """The words of a name in their order, the role of each, and whether its script wrote no vowels (`bare`)."""

    words: tuple[str, ...]
    roles: tuple[int, ...]
    bare: bool = False

    @property
    def key(self) -> str:
        """What two names share that are equal for the law: the same words in any order, without titles and forms."""
        return key(self.words, self.roles)


def _resolved(means: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The same, where what a word means is itself a variant of something: Sasha is Aleksandr, who is Alexander."""
    variants = {word: meant for word, (meant, how) in means.items() if how == "variant"}
    return {word: (variants.get(meant, meant), how) for word, (meant, how) in means.items()}


def key(words: Sequence[str], roles: Sequence[int]) -> str:
    """See `Name.key`."""
    kept = [word for word, role in zip(words, roles, strict=True) if role not in (TITLE, FORM, STOP)]
    return " ".join(sorted(kept or words))


def spelling(name: str) -> str:
    """What every lexicon goes by when it reads a name: two names with the same spelling are read alike by all of them.

    >>> spelling("FJORD-KONTOR, as"), spelling("J. R. Smith"), spelling("محمد") == spelling("mhmd")
    ('fjord kontor as', 'jr smith | j r smith', False)
    """
    words, initials = split(name), split(name, initials=True)
    parts = [words, initials] if initials != words else [words]
    runs = [] if name.isascii() else _RUN.findall(plain(name))
    if any(script(run) in NATIVE for run in runs):
        parts.append(plain(name).split())
    return " | ".join(map(" ".join, parts))


class Lexicon:
    """Reads names. Built once per policy from its lists; two with the same rows read every name alike."""

    def __init__(self, forms: Iterable[str] = (), words: Iterable[NameWord] = ()) -> None:
        self._forms = {parts for form in forms if (parts := tuple(split(form)))}
        self._longest = max((len(form) for form in self._forms), default=0)
        self._native: dict[str, str] = {}
        self._roles: dict[str, int] = {}
        self._means: dict[bool, dict[str, tuple[str, str]]] = {True: {}, False: {}}
        self._company: set[str] = set()
        self._common: dict[str, float] = {}
        for row in words:
            self._add(row)
        self._means = {person: _resolved(means) for person, means in self._means.items()}
        self._forms -= {(word,) for word, (_meant, how) in self._means[False].items() if how == "number"}  # Fund II

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of what the lexicon knows: two with the same digest read every name alike."""
        tables = (self._native, self._roles, self._means[True], self._means[False], self._common)
        known = [sorted(self._forms), *(sorted(table.items()) for table in tables), sorted(self._company)]
        return sha256(repr(known).encode()).hexdigest()

    def read(self, name: str, *, person: bool = False) -> Name:
        """The words of a name. `person` knows titles but no legal forms: Sa, Co and Ag are names of people as well."""
        words, bare = self._romanised(name, initials=person)
        roles = [self._role(word, person=person) for word in words]
        for place in () if person else self._form_places(words):
            roles[place] = FORM
        if all(role in (TITLE, FORM) for role in roles):
            roles = [CORE] * len(words)
        return Name(tuple(words), tuple(roles), bare)

    def meaning(self, word: str, *, person: bool) -> str:
        """The word that all spellings and languages of this one share; the word itself where no list has it."""
        means = self._means[person]
        return means[word][0] if word in means else word

    def shared(self, left: str, right: str, *, person: bool) -> str:
        """How two different words mean the same: variant, nickname, translation, abbreviation, number; empty when they
        do not."""
        means = self._means[person]
        one, other = means.get(left), means.get(right)
        if not (one or other) or (one[0] if one else left) != (other[0] if other else right):
            return ""
        how = [found[1] for found in (one, other) if found]
        return next(kind for kind in ("nickname", "translation", "abbreviation", "number", "variant") if kind in how)

    def is_number(self, word: str) -> bool:
        """Whether a word is a number: II, third, 7."""
        return word.isdigit() or self._means[False].get(word, ("", ""))[1] == "number"

    def most(self, word: str) -> float:
        """The most that a word may count, whatever the lists: less for company words and the names of very many."""
        return min(COMPANY_WORD if word in self._company else 1.0, self._common.get(word, 1.0))

    def _add(self, row: NameWord) -> None:
        if row.role == "common":
            self._common.update((word, COMMON[row.means]) for word in split(row.word))
            return
        if row.role == "native":
            self._native.setdefault(native(plain(row.word)), row.means)
            return
        parts = split(row.word)
        if len(parts) != 1:
            return
        if row.role in ROLES:
            self._roles.setdefault(parts[0], CAREFUL if row.careful else ROLES[row.role])
        elif row.role in MEANINGS:
            meant = " ".join(split(row.means))
            for person in (True, False):
                if row.of in ("", PERSON if person else ORGANISATION):
                    self._means[person].setdefault(parts[0], (meant, MEANINGS[row.role]))
            if row.of == ORGANISATION:
                self._company |= {parts[0], meant}

    def _role(self, word: str, *, person: bool) -> int:
        if word.isdigit():
            return NUMBER
        role = self._roles.get(word, CORE)
        if role == CORE and person and len(word) >= SHORTEST_PATRONYMIC and word.endswith(PATRONYMICS):
            return PATRONYMIC
        if role in (TITLE, STOP):
            return role if (role == TITLE) == person else CORE
        return role

    def _romanised(self, name: str, *, initials: bool) -> tuple[list[str], bool]:
        if name.isascii():
            return split(name, initials=initials), False
        words: list[str] = []
        bare = False
        text = plain(name)
        if not any(script(run) in NATIVE for run in _RUN.findall(text)):
            return split(name, initials=initials), False
        for run in text.replace("&", " and ").split():
            if script(run.strip(_MARKS)) in NATIVE:
                bare = bare or script(run.strip(_MARKS)) in ABJAD
                words += [word for part in _RUN.findall(run) for word in self._from_native(part)]
            else:
                words += split(run)
        return words[:MOST_WORDS], bare

    def _from_native(self, word: str) -> Sequence[str]:
        """A word of a native script in Latin letters: by the lists where they know it, letter by letter otherwise."""
        bare = native(word)
        if known := self._native.get(bare):
            return split(known)
        if script(word) in ABJAD and bare.startswith(_ARTICLE) and len(bare) > 4:
            rest = bare.removeprefix(_ARTICLE)
            return ["al", *(split(self._native[rest]) if rest in self._native else split(rest))]
        if script(word) in UNSPACED:
            return self._cut(bare)
        return split(bare)

    def _cut(self, text: str) -> list[str]:
        """A text without spaces, by the longest parts that the lists know; what lies between is romanised."""
        words: list[str] = []
        start = rest = 0
        while start < len(text):
            sizes = range(min(LONGEST_NATIVE, len(text) - start), 0, -1)
            size = next((size for size in sizes if text[start : start + size] in self._native), 0)
            if size:
                words += [*split(text[rest:start]), *split(self._native[text[start : start + size]])]
                rest = start + size
            start += size or 1
        return words + split(text[rest:])

    def _form_places(self, words: Sequence[str]) -> set[int]:
        """Places of legal forms at both ends, as long as something else is left."""
        start, end = 0, len(words)
        changed = True
        while changed:
            changed = False
            for length in range(min(self._longest, end - start - 1), 0, -1):
                if tuple(words[end - length : end]) in self._forms:
                    end, changed = end - length, True
                    break
                if tuple(words[start : start + length]) in self._forms:
                    start, changed = start + length, True
                    break
        return {*range(start), *range(end, len(words))}
