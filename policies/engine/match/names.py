"""Names in one form: script, case, diacritics, punctuation, word order and legal form folded away."""

import re
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii

_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?\b\.?")
_APOSTROPHE = re.compile(r"['’ʼ`´ʹ]")
_WORD = re.compile(r"[a-z0-9]+")
_DOUBLED = re.compile(r"(.)\1+")
_SOUNDS = (("shch", "s"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("zh", "s"), ("ph", "f"), ("kh", "k"), ("gh", "g"))
_LETTERS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "w": "f", "x": "s", "d": "t", "b": "p", "g": "k"})
_SHIP = re.compile(r"^imo(?:no|number)?(\d{7})$")
_VOWELS = re.compile(r"[aeiouyhj]")
_ARTICLES = frozenset({"the"})


class LegalForms:
    """Company legal forms, stripped from either end of a name. A name that is nothing but forms keeps its words."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = {split for form in forms if (split := tuple(_split(form)))}
        self._longest = max((len(form) for form in self._forms), default=0)

    def strip(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without the legal forms at their start and end."""
        changed = True
        while changed:
            changed = False
            for length in range(min(self._longest, len(words) - 1), 0, -1):
                if words[-length:] in self._forms:
                    words, changed = words[:-length], True
                    break
                if words[:length] in self._forms:
                    words, changed = words[length:], True
                    break
        return words


def tokens(name: str, forms: LegalForms) -> tuple[str, ...]:
    """The words of a name that identify somebody, in their order.

    >>> tokens("The Zvezdny Ordnance Works, J.S.C.", LegalForms(["jsc"]))
    ('zvezdny', 'ordnance', 'works')
    """
    return forms.strip(tuple(word for word in _split(name) if word not in _ARTICLES))


def key(words: Iterable[str]) -> str:
    """What two names share that are equal for the law: the same words in any order."""
    return " ".join(sorted(words))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """The consonants of a word, alike across spellings and transliterations: `zvezdny` and `zvyozdny` give one.

    >>> skeleton("zvezdny") == skeleton("zvyozdny")
    True
    """
    for sound, letter in _SOUNDS:
        word = word.replace(sound, letter)
    return word[:1].translate(_LETTERS) + _DOUBLED.sub(r"\1", _VOWELS.sub("", word[1:].translate(_LETTERS)))


def identifier(value: str) -> str:
    """An identifier without its punctuation: `LV 4000-301` is `LV4000301`, `IMO 9187629` is its number."""
    plain = "".join(_WORD.findall(anyascii(value).lower()))
    return _SHIP.sub(r"\1", plain)


def _split(name: str) -> list[str]:
    text = _APOSTROPHE.sub("", anyascii(name.replace("&", " and ")).lower())
    return _WORD.findall(_DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text))
