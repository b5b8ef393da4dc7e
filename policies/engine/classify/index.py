"""The goods lists, indexed: entries by code and date, chemicals by CAS number and code, phrases by word."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property

from policies.engine.classify.book import Book, top
from policies.engine.classify.codes import normalise, parents
from policies.engine.classify.knowledge import Knowledge, Threshold
from policies.engine.lists import Chemical, Entry, in_force


class GoodsIndex:
    """Answers which entry a code or CAS number names on a day, and which phrases of which entries stand in a text."""

    def __init__(
        self,
        entries: Sequence[Entry],
        chemicals: Sequence[Chemical] = (),
        *,
        agents: Sequence[Chemical] = (),
        known: Knowledge | None = None,
        pointers: Mapping[str, str] | None = None,
    ) -> None:
        self.entries, self.knowledge = tuple(entries), known or Knowledge()
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.code, []).append(entry)
        self._pointers = dict(pointers or {})
        self._by_cas = _group(chemicals, lambda item: item.cas)
        self._by_code = _group(chemicals, lambda item: item.code)
        self._chemical_hs = {item.code: item.hs for item in (*chemicals, *agents) if item.hs}
        self.substances = (*chemicals, *agents)
        self._hs: dict[str, set[str]] = {}
        for entry in entries:
            self._hs.setdefault(top(entry.code), set()).update(entry.hs)
        for code, hs in self._chemical_hs.items():
            self._hs.setdefault(top(code), set()).add(hs)

    @cached_property
    def book(self) -> Book:
        """What the classifier looks things up in; made when a line is first classified."""
        return Book(self.entries, self.knowledge, self.substances)

    def normal(self, code: str) -> str:
        """A code as anybody writes it, in its one form and followed to where it points; empty when it is no code."""
        return self.point(normalise(code)) if normalise(code) else ""

    def point(self, code: str) -> str:
        """The code that a pointer entry refers to (1C350.4 stands on the military list), else the code itself."""
        return next((self._pointers[item] for item in parents(code) if item in self._pointers), code)

    def find(self, code: str, on: date | None) -> Entry | None:
        """The most exact entry in force on a day for a code: itself, or the nearest entry above it."""
        for candidate in parents(code):
            for entry in self._entries.get(candidate, ()):
                if in_force(entry.valid_from, entry.valid_to, on):
                    return entry
        return self.find("10A9xx", on) if code.startswith("10") and code[:4] == "10A9" and code != "10A9xx" else None

    def editions(self, code: str) -> Sequence[Entry]:
        """All rows of a code, whatever their dates."""
        return self._entries.get(code, ())

    def known(self, code: str) -> bool:
        """Whether any edition of any list ever held the code's top entry."""
        return parents(code)[-1] in self._entries or code.startswith("10A9")

    def below(self, code: str) -> Sequence[str]:
        """Every code below this one that has a row of its own: an entry, a substance, a threshold or a pointer."""
        return self._below.get(code, ())

    def limits(self, code: str) -> Sequence[Threshold]:
        """The thresholds that stand exactly under a code."""
        return self._limits.get(code, ())

    @cached_property
    def _limits(self) -> Mapping[str, Sequence[Threshold]]:
        found: dict[str, list[Threshold]] = {}
        for row in self.knowledge.thresholds:
            found.setdefault(row.code, []).append(row)
        return found

    @cached_property
    def _below(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for code in sorted({*self._entries, *self._by_code, *self._pointers, *self._limits} - {""}):
            for above in parents(code)[1:]:
                found.setdefault(above, []).append(code)
            if code.startswith("10A9") and code != "10A9xx":
                found.setdefault("10A9xx", []).append(code)
        return found

    def by_cas(self, cas: str) -> Sequence[Chemical]:
        """The list rows of a CAS number; exemption rows included. CAS is no unique key, so there may be several."""
        return self._by_cas.get(cas, ()) if cas else ()

    def by_code(self, code: str) -> Sequence[Chemical]:
        """The chemicals that stand exactly under a code."""
        return self._by_code.get(code, ()) if code else ()

    def hs_of(self, code: str) -> tuple[str, ...]:
        """The HS codes correlated with a top entry, its sub-entries and its substances."""
        return tuple(sorted(self._hs.get(code, ())))

    def hs_supports(self, code: str, entry: Entry, hs: str) -> bool:
        """Whether the declared HS code is among those correlated with an entry (or with the chemical of that code)."""
        correlated = (self._chemical_hs[code],) if code in self._chemical_hs else entry.hs
        return bool(hs) and any(hs.startswith(item) for item in correlated if item)


def _group(chemicals: Sequence[Chemical], key: Callable[[Chemical], str]) -> dict[str, list[Chemical]]:
    groups: dict[str, list[Chemical]] = {}
    for item in chemicals:
        groups.setdefault(key(item), []).append(item)
    return groups
