"""What a person must know of how a line was read: what is missing, doubtful, of another list or out of date."""

import re
from collections.abc import Iterator
from datetime import date

from policies.engine.classify.codes import normalise, parents, within
from policies.engine.classify.index import GoodsIndex
from policies.engine.classify.rank import Seen
from policies.engine.facts import Line
from policies.engine.lists import Entry

CHAPTERS = frozenset(range(1, 98)) - {77}
HS_LENGTHS = (4, 6, 8, 10)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_US = re.compile(r"^(?:[0-9][A-E]9(?:8|9)[0-9]|EAR99)", re.ASCII)
_OTHER_LIST = re.compile(r"^\s*(?:ECCN|UK|US|USML|EAR|ITAR|CCL)[\s:.-]", re.IGNORECASE)


def notes(line: Line, seen: Seen, goods: GoodsIndex, *, on: date | None) -> tuple[str, ...]:
    """Sentences for the page of a case and for whoever submitted; none when there is nothing to say."""
    return tuple(
        dict.fromkeys(
            [
                *_description(line.description, seen),
                *_code(line.control_code, goods, on),
                *_hs(line.hs_code),
                *_cas(line.cas_number, goods),
                *seen.said.misfits,
                *_attributes(line, goods),
            ]
        )
    )


def cas_valid(cas: str) -> bool:
    """Whether a CAS number has its form and check digit.

    >>> cas_valid("111-48-8"), cas_valid("111-48-9"), cas_valid("thiodiglycol")
    (True, False, False)
    """
    match = re.fullmatch(r"(\d{2,7})-(\d{2})-(\d)", cas.strip(), re.ASCII)
    if not match:
        return False
    digits = (match[1] + match[2])[::-1]
    return sum(place * int(digit) for place, digit in enumerate(digits, start=1)) % 10 == int(match[3])


def _description(text: str, seen: Seen) -> Iterator[str]:
    if not text.strip():
        yield "The description is empty: only the codes could be looked at. Say what the goods are, in a few words."
    elif not any(sign.isalpha() for sign in text):
        yield "The description holds no words: only the codes could be looked at. Say what the goods are."
    elif not any(seen.reading.found):
        yield "No word of the description is known to any list. Describe the goods with their usual technical name."
    if _TAG.search(text):
        yield "The description holds markup (HTML), which was taken away before it was read."
    if seen.reading.cut:
        yield "The description is very long; only its beginning was classified. Put what the goods are first."


def _code(written: str, goods: GoodsIndex, on: date | None) -> Iterator[str]:
    if not written.strip():
        return
    code = normalise(written)
    if not code:
        yield f"“{written.strip()[:40]}” is no code of any list here. Write it as 5A002.a.1, ML10.c or AT-III-2.1."
        return
    if not goods.known(code) and not _US.match(code) and goods.point(code) == code:
        yield f"{code} is on no list here: neither now nor earlier. Look for the entry in the control lists."
    if _US.match(code):
        yield f"{code} is a designation of the United States. It says nothing about the lists of the Union."
    elif _OTHER_LIST.match(written):
        yield f"“{written.strip()[:40]}” was read as {code} of the Union's lists; another state's list may differ."
    if (pointed := goods.point(code)) != code:
        yield f"{code} points to {pointed}; the line was judged as {pointed}."
    entry = goods.find(pointed, on)
    if entry and entry.annex_iv == "partial" and not _told_apart(pointed, entry):
        parts = ", ".join(entry.annex_iv_codes)
        yield f"Only a part of {entry.code} is in Annex IV{f' ({parts})' if parts else ''}; declare the sub-entry."
    if goods.known(code) and entry is None and on:
        yield from _out_of_force(code, goods, on)


def _attributes(line: Line, goods: GoodsIndex) -> Iterator[str]:
    for name, value in line.attributes:
        if not goods.book.thresholds.knows(name):
            yield f"“{name[:40]}” is no parameter that any list compares; it was kept and not compared."
        elif isinstance(value, str) and not value.strip():
            yield f"“{name[:40]}” has no value; it was not compared."


def _told_apart(code: str, entry: Entry) -> bool:
    """Whether a code is exact enough to say if it is in the part of its entry that Annex IV names."""
    parts = entry.annex_iv_codes
    return code != entry.code and not any(item != code and within(item, code) for item in parts)


def _out_of_force(code: str, goods: GoodsIndex, on: date) -> Iterator[str]:
    rows = [entry for parent in parents(code) for entry in goods.editions(parent)]
    begins = [entry.valid_from for entry in rows if entry.valid_from and entry.valid_from > on]
    ends = [entry.valid_to for entry in rows if entry.valid_to and entry.valid_to < on]
    if begins:
        yield f"{code} is listed only from {min(begins).isoformat()}; the shipment is judged by {on.isoformat()}."
    elif ends:
        yield f"{code} was listed until {max(ends).isoformat()}; look for the entry that took its place."


def _hs(hs: str) -> Iterator[str]:
    if not hs:
        return
    if not (hs.isascii() and hs.isdigit()) or len(hs) not in HS_LENGTHS:
        yield f"The HS code {hs[:20]} should have 4, 6, 8 or 10 digits; what it has was compared."
    elif int(hs[:2]) not in CHAPTERS:
        yield f"The HS code {hs} is of no chapter of the Harmonised System and was left aside."
    elif len(hs) == HS_LENGTHS[0]:
        yield f"The HS code {hs} has four digits; with six the goods could be told apart better."


def _cas(cas: str, goods: GoodsIndex) -> Iterator[str]:
    if cas and not cas_valid(cas):
        yield f"The CAS number {cas[:20]} is mistyped: its check digit does not fit. No substance was looked up by it."
    elif cas and not goods.by_cas(cas):
        yield f"The CAS number {cas} is on no list of chemicals here; salts and mixtures have numbers of their own."
