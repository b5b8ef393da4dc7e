"""Chemicals of a line: found by CAS number or code, and released below the threshold that its destination has."""

from dataclasses import dataclass

from policies.engine.classify.codes import within
from policies.engine.classify.index import GoodsIndex
from policies.engine.facts import Line
from policies.engine.lists import Chemical


@dataclass(frozen=True, slots=True)
class Substance:
    """What a line's chemical is, and whether its share in the mixture exceeds the threshold (percent by weight)."""

    chemical: Chemical
    found_by: str
    threshold: float | None
    below: bool


def substances(line: Line, declared: str, goods: GoodsIndex, *, cwc_party: bool) -> list[Substance]:
    """Every listed chemical that the line names, by CAS number else by code; the strictest first."""
    by_cas = [item for item in goods.by_cas(line.cas_number) if item.code]
    found_by = "cas" if by_cas else "code"
    named = sorted(by_cas or goods.by_code(declared), key=lambda item: (item.schedule or "4", item.code, item.name))
    return [_judge(item, found_by, line, cwc_party) for item in named]


def exempted(line: Line, declared: str, goods: GoodsIndex) -> bool:
    """Whether the CAS number is one that the declared entry explicitly spares (Fonofos in 1C450.b.1)."""
    spared = [item.exempts for item in goods.by_cas(line.cas_number) if item.exempts]
    return bool(declared) and any(within(declared, code) or within(code, declared) for code in spared)


def released(code: str, line: Line, goods: GoodsIndex, *, cwc_party: bool) -> bool:
    """Whether every chemical of a code is free at the share that the line declares; without a share none is."""
    listed = goods.by_code(code)
    return bool(listed) and all(_judge(item, "name", line, cwc_party).below for item in listed)


def _judge(chemical: Chemical, found_by: str, line: Line, cwc_party: bool) -> Substance:
    threshold = chemical.threshold_party if cwc_party else chemical.threshold_non_party
    share = line.concentration_percent
    below = threshold is not None and share is not None and share <= threshold
    return Substance(chemical, found_by, threshold, below)
