"""Remarks about the rules of a policy, for a person to act on: each one is certain, not a guess.

Pure: a policy goes in, and, where a backtest has been run, how often each rule fired in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from policies.engine.analysis import overlap
from policies.engine.analysis.conditions import conjuncts, never
from policies.engine.analysis.vocabulary import compared, knows, words
from policies.engine.policy import Policy, Rule

KINDS = ("never_fires", "unknown_name", "shadowed", "overlaps", "no_example", "never_fired")


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark about a rule. `kind` is one of `KINDS`; `other` is the second rule it is about, or empty."""

    rule: str
    kind: str
    sentence: str
    other: str = ""


def analyse(policy: Policy, *, fired: Mapping[str, int] | None = None, on: date | None = None) -> list[Remark]:
    """Every remark, by kind and rule. Rules whose last day lies before `on` are retired and left alone."""
    rules = [rule for rule in policy.rules if not (on and rule.valid_to and rule.valid_to < on)]
    remarks = [*_conditions(rules, policy), *_pairs(rules, policy), *_examples(rules)]
    if fired is not None:
        remarks += _never_fired(rules, fired, {remark.rule for remark in remarks if remark.kind == "never_fires"}, on)
    return sorted(remarks, key=lambda remark: (KINDS.index(remark.kind), remark.rule, remark.other))


def names(policy: Policy) -> list[Remark]:
    """The remarks that depend on the lists alone: rules that can never fire, and names that no list knows."""
    return list(_conditions(policy.rules, policy))


def _conditions(rules: Sequence[Rule], policy: Policy) -> Iterator[Remark]:
    known = words(policy)
    for rule in rules:
        if why := never(rule, known):
            yield Remark(rule.id, "never_fires", f"It can never fire: {why}.")
        strange = {
            (field, word): None
            for node in conjuncts(rule)
            for field, key, word in compared(node)
            if not knows(key, word, known)
        }
        for field, word in strange:
            yield Remark(
                rule.id,
                "unknown_name",
                f"It compares {field} with “{word}”, which nothing in the lists of the policy can put there.",
            )


def _pairs(rules: list[Rule], policy: Policy) -> Iterator[Remark]:
    shadowed = dict(overlap.shadowed(rules))
    for narrow, wide in shadowed.items():
        yield Remark(
            narrow,
            "shadowed",
            f"Whenever it fires, {wide} fires too and is as strong or stronger: it adds nothing.",
            wide,
        )
    known = {frozenset(pair) for pair in shadowed.items()}
    for pair, (number, of) in overlap.overlapping(rules, policy).items():
        if frozenset(pair) not in known:
            said = f"{pair[1]} raises the same reason code on {number} of its {of} examples."
            yield Remark(pair[0], "overlaps", said, pair[1])


def _examples(rules: list[Rule]) -> Iterator[Remark]:
    for rule in rules:
        if not rule.examples.get("fires"):
            said = "No example shows where it must fire."
            yield Remark(rule.id, "no_example", f"{said} Its note: {rule.note}" if rule.note else said)
        if not rule.examples.get("not"):
            yield Remark(rule.id, "no_example", "No example shows where it must not fire.")


def _never_fired(
    rules: list[Rule], fired: Mapping[str, int], impossible: set[str], on: date | None
) -> Iterator[Remark]:
    for rule in rules:
        if not fired.get(rule.id) and rule.id not in impossible:
            said = "It fired on no shipment of the backtest."
            later = bool(on and rule.valid_from and rule.valid_from > on)
            yield Remark(rule.id, "never_fired", f"{said} It is in force from {rule.valid_from}." if later else said)
