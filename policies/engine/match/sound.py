"""How a word sounds, roughly, whatever alphabet it came through: its consonants."""

import re
from functools import lru_cache

_SOUNDS = (
    *(("shch", "s"), ("sch", "s"), ("tch", "s"), ("sh", "s"), ("ch", "s"), ("zh", "s"), ("ts", "s"), ("tz", "s")),
    *(("ph", "f"), ("kh", "k"), ("gh", "g"), ("ck", "k"), ("dj", "j"), ("ks", "s")),
)
_LETTERS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "w": "f", "x": "s", "d": "t", "b": "p", "g": "k"})
_VOWELS = re.compile(r"[aeiouyhj]")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=262144)
def skeleton(word: str, *, bare: bool = False) -> str:
    """The consonants of a word, alike across spellings and transliterations; `bare` without a vowel at its start too.

    >>> skeleton("zvezdny") == skeleton("zvyozdny"), skeleton("abbas", bare=True), skeleton("bs", bare=True)
    (True, 'ps', 'ps')
    """
    for sound, letter in _SOUNDS:
        word = word.replace(sound, letter)
    first, rest = word[:1].translate(_LETTERS), _VOWELS.sub("", word[1:].translate(_LETTERS))
    return (
        _DOUBLED.sub(r"\1", ("" if bare and _VOWELS.match(first) else first) + rest)
        if bare
        else first + _DOUBLED.sub(r"\1", rest)
    )
