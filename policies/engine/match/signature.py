"""The pairs of letters of a name in 128 bits: how alike two long names are at a glance, whatever their word order."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from policies.engine.match.packed import Array

SALT = np.uint32(2_654_435_761)
Bits = npt.NDArray[np.uint64]


def signature(words: Sequence[str]) -> Bits:
    """The bits of one name, two numbers of 64.

    >>> int(np.bitwise_count(signature(["ab"])).sum()), bool((signature(["ab", "c"]) == signature(["abc"])).all())
    (1, True)
    """
    letters = np.frombuffer("".join(words).encode(), np.uint8).astype(np.uint32)
    found = np.zeros(2, np.uint64)
    if len(letters) > 1:
        half, bit = _place(letters[:-1], letters[1:])
        np.bitwise_or.at(found, half, bit)
    return found


def signatures(words: Sequence[str], flat: Array, starts: Array) -> Bits:
    """The bits of many names, given as places in a vocabulary: name `n` has `flat[starts[n]:starts[n + 1]]`."""
    coded = [word.encode() for word in words]
    inner = _within(coded)
    first = np.fromiter((word[0] for word in coded), np.uint32, len(coded))
    last = np.fromiter((word[-1] for word in coded), np.uint32, len(coded))
    found = inner[flat]
    half, bit = _place(last[flat[:-1]], first[flat[1:]])
    inside = np.ones(len(flat), bool)
    inside[starts[1:-1]] = False  # the first word of the next name joins nothing
    joined = np.flatnonzero(inside[1:])
    found[joined + 1, half[joined]] |= bit[joined]
    if not len(starts) - 1:
        return np.zeros((0, 2), np.uint64)
    return np.bitwise_or.reduceat(found, starts[:-1], axis=0)


def letter(word: str) -> int:
    """The bit of a word's first letter; digits share one."""
    return 1 << (ord(word[0]) - ord("a") if word[0].isalpha() else 26)


def first_letters(words: Sequence[str], flat: Array, starts: Array) -> npt.NDArray[np.uint32]:
    """The bits of the first letters of the words of each name."""
    if not len(starts) - 1:
        return np.zeros(0, np.uint32)
    bits = np.array([letter(word) for word in words], np.uint32)
    return np.bitwise_or.reduceat(bits[flat], starts[:-1])


def shared(left: Bits, right: Bits) -> npt.NDArray[np.float32]:
    """The share of pairs of letters that a name has in common with each of many, from 0 to 1."""
    both = np.bitwise_count(right & left).sum(axis=1, dtype=np.float32)
    either = np.bitwise_count(right).sum(axis=1, dtype=np.float32) + np.float32(np.bitwise_count(left).sum())
    share: npt.NDArray[np.float32] = 2 * both / np.maximum(either, 1)
    return share


def _within(coded: Sequence[bytes]) -> Bits:
    """The bits of each of many words."""
    letters = np.frombuffer(b"".join(coded), np.uint8).astype(np.uint32)
    owner = np.repeat(np.arange(len(coded)), np.fromiter(map(len, coded), np.int64, len(coded)))
    inside = owner[1:] == owner[:-1]
    half, bit = _place(letters[:-1][inside], letters[1:][inside])
    found = np.zeros((len(coded), 2), np.uint64)
    np.bitwise_or.at(found, (owner[1:][inside], half), bit)
    return found


def _place(left: Array, right: Array) -> tuple[Array, Bits]:
    mixed = ((left * np.uint32(131) + right) * SALT) >> np.uint32(25)
    return (mixed >> np.uint32(6)).astype(np.int64), np.uint64(1) << (mixed & np.uint32(63)).astype(np.uint64)
