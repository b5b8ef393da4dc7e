"""What a typing error or another spelling makes of a word, as numbers: words that share a form may be the same word.

A form is the word itself, the word less one letter, its first and its last five letters, its consonants, and its
meaning. Each is a 32-bit number, so that a vocabulary's forms are one sorted array. A collision costs a comparison of
two words and nothing else.
"""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BASE = 1_000_003  # odd, so that it can be divided by
MASK = 0xFFFF_FFFF
INVERSE = pow(BASE, -1, 1 << 32)
END = 5  # letters of the first and the last part
SHORTEST_CUT, SHORTEST_ENDED = 3, 7  # letters from which a word has forms less a letter, and from which ends
LONGEST = 64  # letters of a word that are looked at
CUT, FIRST, LAST = 0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35
SOUND, BARE, WRITTEN_BARE, MEANING, PERSONAL = 0x27D4EB2F, 0x7FEB352D, 0x68E31DA4, 0x165667B1, 0x846CA68B

Numbers = npt.NDArray[np.uint32]
_POWERS = [pow(BASE, place, 1 << 32) for place in range(LONGEST + 1)]
_INVERSES = [pow(INVERSE, place, 1 << 32) for place in range(LONGEST + 1)]
_POWER = np.array(_POWERS, np.uint32)
_INVERSE = np.array(_INVERSES, np.uint32)


def number(text: str) -> int:
    """A sound or meaning as a number.

    >>> number("ab") == number("ba")
    False
    """
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def of_word(word: str) -> list[int]:
    """The forms of one word that its letters give: itself, less a letter, its ends. See `sounds` for the others."""
    letters = [letter + 1 for letter in word.encode()[:LONGEST]]
    size = len(letters)
    before = [0]
    for place, letter in enumerate(letters):
        before.append((before[-1] + letter * _POWERS[place]) & MASK)
    whole = before[size]
    found = [whole ^ CUT]
    if size >= SHORTEST_CUT:
        for place in range(size):
            found.append(((before[place] + (whole - before[place + 1]) * INVERSE) & MASK) ^ CUT)
    if size >= SHORTEST_ENDED:
        found.append(before[END] ^ FIRST)
        found.append((((whole - before[size - END]) * _INVERSES[size - END]) & MASK) ^ LAST)
    return found


def of_words(words: Sequence[str]) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """The same forms of many words at once, and the place of the word that each belongs to.

    >>> [sorted(of_words([word])[0].tolist()) == sorted(of_word(word)) for word in ("zvezdny", "ab", "a" * 70)]
    [True, True, True]
    """
    coded = [word.encode()[:LONGEST] for word in words]
    sizes = np.fromiter(map(len, coded), np.int64, len(coded))
    letters = np.frombuffer(b"".join(coded), np.uint8).astype(np.uint32) + np.uint32(1)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    owner = np.repeat(np.arange(len(coded), dtype=np.int32), sizes)
    place = np.arange(len(letters)) - starts[owner]
    running = np.concatenate([np.zeros(1, np.uint32), np.cumsum(letters * _POWER[place], dtype=np.uint32)])
    first = running[starts[:-1]]
    whole = running[starts[1:]] - first
    before = running[:-1] - first[owner]
    after = whole[owner] - (running[1:] - first[owner])
    cut = sizes[owner] >= SHORTEST_CUT
    ended = np.flatnonzero(sizes >= SHORTEST_ENDED).astype(np.int32)
    heads = running[starts[ended] + END] - first[ended]
    tails = running[starts[ended + 1] - END] - first[ended]
    forms = [
        whole ^ np.uint32(CUT),
        (before + after * np.uint32(INVERSE))[cut] ^ np.uint32(CUT),
        heads ^ np.uint32(FIRST),
        ((whole[ended] - tails) * _INVERSE[sizes[ended] - END]) ^ np.uint32(LAST),
    ]
    return np.concatenate(forms), np.concatenate([np.arange(len(coded), dtype=np.int32), owner[cut], ended, ended])
