"""Listed parties -> the arrays of an index. The same parties and lexicon give the same bytes, with or without help.

`previous` saves reading names anew that an earlier index has read; what comes out does not depend on it.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from itertools import chain
from typing import Any

import numpy as np

from policies.engine.lists import Listed
from policies.engine.match import forms
from policies.engine.match.fold import identifier, split
from policies.engine.match.lexicon import PERSON, Lexicon, key
from policies.engine.match.packed import Array, pack
from policies.engine.match.signature import first_letters, signatures
from policies.engine.match.sound import bare_skeleton, bare_skeletons, skeleton
from policies.engine.match.weights import weights

SHORTEST_IDENTIFIER, FEWEST_ADDRESS_WORDS = 5, 4
ANY = ("utf-8", "surrogatepass")  # half a surrogate pair is a letter like any other, and no reason to stop
FIELDS = tuple(one.name for one in fields(Listed))
Read = tuple[tuple[str, ...], tuple[int, ...], bool]  # words, roles, whether its script wrote no vowels


@dataclass
class _Names:
    """Distinct names in the order of their first appearance, and who bears them."""

    numbers: dict[Read, int] = field(default_factory=dict)
    hashes: list[int] = field(default_factory=list)
    link_name: list[int] = field(default_factory=list)
    link_entry: list[int] = field(default_factory=list)
    link_place: list[int] = field(default_factory=list)


def build(entries: Iterable[Listed], lexicon: Lexicon, *, previous: Mapping[int, Read] | None = None) -> bytes:
    """The packed index of some listed parties. `previous` is `NameIndex.readings()` of an index of the same lexicon."""
    names, keys, rows = _Names(), [], []
    known = previous or {}
    effects = set()
    for number, entry in enumerate(entries):
        rows.append(row(entry))
        effects.add(entry.effect)
        keys += _keys(number, entry)
        person = entry.kind == PERSON
        for place, text in enumerate((entry.name, *entry.aliases, *entry.weak)):
            _add(names, text, number, place, person=person, lexicon=lexicon, known=known)
    arrays = {**_named(names, lexicon, len(rows)), **_texts("entry", rows), **_keyed(keys)}
    return pack(arrays, about={"entries": len(rows), "names": len(names.numbers), "effects": sorted(effects)})


def row(entry: Listed) -> bytes:
    """An entry as the index keeps it, field by field in the order of `Listed`; see `entry_of`."""
    return json.dumps([getattr(entry, name) for name in FIELDS], ensure_ascii=False, separators=(",", ":")).encode(*ANY)


def entry_of(text: bytes) -> Listed:
    """The entry of a row."""
    return Listed(*(_tuples(value) for value in json.loads(text)))


def hashed(text: str, *, person: bool) -> int:
    """What a name is remembered by, so that it need not be read again: 63 bits of its digest."""
    return int.from_bytes(blake2b(b"%d%s" % (person, text.encode(*ANY)), digest_size=8).digest(), "little") >> 1


def key_of(kind: str, value: str) -> int:
    """An identifier or address as the index looks it up."""
    return int.from_bytes(blake2b(f"{kind} {value}".encode(*ANY), digest_size=8).digest(), "little") >> 1


def address_key(address: str) -> str:
    """The words of an address in any order; empty for one too short to say where."""
    words = split(address)
    return " ".join(sorted(words)) if len(words) >= FEWEST_ADDRESS_WORDS else ""


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _add(
    names: _Names, text: str, entry: int, place: int, *, person: bool, lexicon: Lexicon, known: Mapping[int, Read]
) -> None:
    hash = hashed(text, person=person)
    read = known.get(hash)
    if read is None:
        name = lexicon.read(text, person=person)
        read = (name.words, name.roles, name.bare)
    if read[0]:
        names.link_name.append(names.numbers.setdefault(read, len(names.numbers)))
        names.link_entry.append(entry)
        names.link_place.append(place)
        names.hashes.append(hash)


def _keys(number: int, entry: Listed) -> list[tuple[int, int]]:
    found = [
        (key_of(kind, folded), number)
        for kind, value in entry.identifiers
        if len(folded := identifier(value)) >= SHORTEST_IDENTIFIER
    ]
    found.append((key_of("id", entry.id), number))
    return found + [(key_of("address", folded), number) for folded in map(address_key, entry.addresses) if folded]


def _keyed(keys: Sequence[tuple[int, int]]) -> dict[str, Array]:
    table = np.array(sorted(set(keys)), np.int64).reshape(-1, 2)
    return {"key": table[:, 0].copy(), "key_entry": table[:, 1].astype(np.int32)}


def _texts(name: str, texts: Sequence[bytes]) -> dict[str, Array]:
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    return {f"{name}_text": np.frombuffer(b"".join(texts), np.uint8), f"{name}_start": ends}


def _named(names: _Names, lexicon: Lexicon, entries: int) -> dict[str, Array]:
    read = list(names.numbers)
    words = sorted({word for ours, _roles, _bare in read for word in ours})
    place = {word: number for number, word in enumerate(words)}
    sizes = np.fromiter((len(ours) for ours, _roles, _bare in read), np.int64, len(read))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    flat = np.fromiter((place[word] for ours, _roles, _bare in read for word in ours), np.int32, int(starts[-1]))
    roles = np.fromiter(chain.from_iterable(ours for _words, ours, _bare in read), np.uint8, int(starts[-1]))
    owner = np.repeat(np.arange(len(read), dtype=np.int64), sizes)
    links = np.array([names.link_name, names.link_entry, names.link_place, names.hashes], np.int64).reshape(4, -1)
    links = links[:, np.lexsort((links[2], links[1], links[0]))]
    arrays: dict[str, Array] = {
        "name_start": starts.astype(np.int32),
        "name_word": flat,
        "name_role": roles,
        "name_bare": np.fromiter((bare for _words, _roles, bare in read), np.uint8, len(read)),
        "link_start": np.searchsorted(links[0], np.arange(len(read) + 1)).astype(np.int32),
        "link_entry": links[1].astype(np.int32),
        "link_place": links[2].astype(np.int32),
        "link_hash": links[3],
    }
    keys = np.array([key_of("name", key(ours, roles)) for ours, roles, _bare in read], np.int64)
    order = np.argsort(keys, kind="stable")
    arrays |= {"equal": keys[order], "equal_name": order.astype(np.int32)}
    arrays |= _postings(flat, owner, links, len(words), entries, len(read))
    unvoiced = {word for ours, _roles, bare in read if bare for word in ours}
    arrays |= _vocabulary(words, lexicon, arrays["word_entries"], unvoiced)
    arrays |= {"name_sign": signatures(words, flat, starts), "name_first": first_letters(words, flat, starts)}
    return arrays


def _postings(flat: Array, owner: Array, links: Array, words: int, entries: int, names: int) -> dict[str, Array]:
    """Which names hold each word, and how many entries."""
    pairs = np.unique(flat.astype(np.int64) * max(names, 1) + owner)
    word, name = pairs // max(names, 1), pairs % max(names, 1)
    first = np.searchsorted(links[0], np.arange(names + 1))
    counts = np.diff(first)[name]
    offsets = np.repeat(np.cumsum(counts) - counts, counts)
    bearer = links[1][np.repeat(first[name], counts) + np.arange(int(counts.sum())) - offsets]
    borne = np.unique(np.repeat(word, counts) * max(entries, 1) + bearer)
    return {
        "post_start": np.searchsorted(word, np.arange(words + 1)).astype(np.int32),
        "post_name": name.astype(np.int32),
        "word_entries": np.bincount(borne // max(entries, 1), minlength=words).astype(np.int32),
    }


def _vocabulary(words: Sequence[str], lexicon: Lexicon, counts: Array, unvoiced: Collection[str]) -> dict[str, Array]:
    hashes, owners = forms.of_words(words)
    sounds = np.array([forms.number(skeleton(word)) for word in words], np.uint32)
    bare = np.array([forms.number(bare_skeleton(word)) for word in words], np.uint32)
    means = [
        np.array([forms.number(lexicon.meaning(word, person=person)) for word in words], np.uint32)
        for person in (False, True)
    ]
    whole = np.arange(len(words), dtype=np.int32)
    letters = np.fromiter((not word.isdigit() and len(word) > 1 for word in words), bool, len(words))
    written = [
        (forms.number(one) ^ forms.WRITTEN_BARE, number)
        for number, word in enumerate(words)
        if word in unvoiced
        for one in bare_skeletons(word)
        if len(one) > 1
    ]
    hashes = np.concatenate(
        [
            hashes,
            np.array([form for form, _owner in written], np.uint32),
            sounds[letters] ^ np.uint32(forms.SOUND),
            bare[letters] ^ np.uint32(forms.BARE),
            means[False] ^ np.uint32(forms.MEANING),
            means[True] ^ np.uint32(forms.PERSONAL),
        ]
    )
    owners = np.concatenate(
        [owners, np.array([owner for _form, owner in written], np.int32), whole[letters], whole[letters], whole, whole]
    )
    order = np.lexsort((owners, hashes))
    text: dict[str, Any] = {"words": np.frombuffer("\n".join(words).encode(), np.uint8)}
    return text | {
        "form": hashes[order],
        "form_word": owners[order],
        "word_sound": sounds,
        "word_bare": bare,
        "word_means": np.stack(means),
        "word_weight": weights(words, counts, lexicon),
    }
