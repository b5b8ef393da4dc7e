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


_NEUTRAL = (
    *(("ks", "x"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("tch", "ch"), ("tz", "ts"), ("dj", "zh"), ("dzh", "zh")),
    *(
        ("yo", "o"),
        ("ye", "e"),
        ("ie", "e"),
        ("yu", "u"),
        ("iu", "u"),
        ("ya", "a"),
        ("ia", "a"),
        ("iy", "i"),
        ("yi", "i"),
    ),
)
_SOFT = str.maketrans({"j": "i", "y": "i", "w": "v", "q": "k"})
MOST_W = 2  # of these letters in a word of a script without vowels each may be a vowel


@lru_cache(maxsize=32768)
def skeleton(word: str) -> str:
    """The consonants of a word, alike across spellings and transliterations.

    >>> skeleton("zvezdny") == skeleton("zvyozdny")
    True
    """
    return _consonants(word, keep_first=True)


@lru_cache(maxsize=8192)
def bare_skeletons(word: str) -> tuple[str, ...]:
    """What the consonants of a word may be when it comes from a script that writes no vowels; most likely first.

    A waw may be a vowel, and so may be the first letter.

    >>> bare_skeletons("mwswyn")
    ('msn', 'msfn', 'mfsn', 'mfsfn')
    """
    places = [place for place, letter in enumerate(word) if letter == "w" and place]
    if not 0 < len(places) <= MOST_W:
        return (_consonants(word, keep_first=False),)
    found = []
    for kept in range(2 ** len(places)):
        gone = {place for number, place in enumerate(places) if not kept >> (len(places) - 1 - number) & 1}
        found.append(_consonants("".join(one for at, one in enumerate(word) if at not in gone), keep_first=False))
    order = sorted(range(len(found)), key=lambda number: (number.bit_count(), number))
    return tuple(dict.fromkeys(found[number] for number in order))


def bare_skeleton(word: str) -> str:
    """The consonants of a word in Latin letters, without a vowel at its start either.

    >>> bare_skeleton("abbas"), bare_skeleton("mousavian")
    ('ps', 'msfn')
    """
    return _consonants(word, keep_first=False)


@lru_cache(maxsize=32768)
def neutral(word: str) -> str:
    """A word without what transliterations write one way or the other.

    >>> neutral("trimiks") == neutral("trimix"), neutral("tyagachey") == neutral("tyagachei")
    (True, True)
    """
    for spelled, letter in _NEUTRAL:
        word = word.replace(spelled, letter)
    word = word.translate(_SOFT)
    return _DOUBLED.sub(r"\1", word if "ch" in word else word.replace("c", "k"))


def _consonants(word: str, *, keep_first: bool) -> str:
    for sound, letter in _SOUNDS:
        word = word.replace(sound, letter)
    first, rest = word[:1].translate(_LETTERS), _VOWELS.sub("", word[1:].translate(_LETTERS))
    if keep_first:
        return first + _DOUBLED.sub(r"\1", rest)
    return _DOUBLED.sub(r"\1", ("" if _VOWELS.match(first) else first) + rest)
