"""Rules that stand in each other's light: one that always fires where another does, and rules that fire together."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations

from policies.engine.analysis.conditions import conjuncts, implied
from policies.engine.evaluate import evaluate
from policies.engine.examples import policy_of, shipment_of
from policies.engine.gather import gather
from policies.engine.policy import Policy, Rule


def shadowed(rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """(narrow, wide) pairs, one for a narrow rule. Of two rules that say the same, the later by id is shadowed."""
    parts = {rule.id: conjuncts(rule) for rule in rules}
    seen: set[str] = set()
    for narrow, wide in permutations(sorted(rules, key=lambda rule: rule.id), 2):
        if narrow.id in seen or wide.id in seen or not _outranks(wide, narrow):
            continue
        if all(implied(part, parts[narrow.id]) for part in parts[wide.id]):
            mutual = _outranks(narrow, wide) and all(implied(part, parts[wide.id]) for part in parts[narrow.id])
            if not mutual or narrow.id > wide.id:
                seen.add(narrow.id)
                yield narrow.id, wide.id


def overlapping(rules: Sequence[Rule], policy: Policy) -> dict[tuple[str, str], tuple[int, int]]:
    """(rule, other) -> on how many of the rule's firing examples the other raises the same reason on the same subject,
    and how many firing examples there are."""
    found: Counter[tuple[str, str]] = Counter()
    ids = {rule.id for rule in rules}
    for rule in rules:
        for patch in rule.examples.get("fires", ()) if rule.reason else ():
            richer = policy_of(patch, policy)
            triggers = [item for item in evaluate(gather(shipment_of(patch), richer), richer) if not item.undecided]
            places = {(item.scope, item.position) for item in triggers if item.rule.id == rule.id}
            others = {
                item.rule.id
                for item in triggers
                if item.rule.reason == rule.reason and (item.scope, item.position) in places
            }
            found.update((rule.id, other) for other in others & ids - {rule.id})
    counts = {rule.id: len(rule.examples.get("fires", ())) for rule in rules}
    return {pair: (number, counts[pair[0]]) for pair, number in found.items()}


def _outranks(wide: Rule, narrow: Rule) -> bool:
    """Whether a rule makes a finding of another needless wherever both fire. A cover lifts no ban and no review."""
    if (wide.scope, wide.stage) != (narrow.scope, narrow.stage) or wide.stage == "flag":
        return False
    same = wide.reason == narrow.reason and wide.effect == narrow.effect
    stronger = wide.effect == "prohibited" and narrow.effect in ("clear", "review", "licence_required")
    return (same or stronger) and _directions(wide, narrow) and _days(wide, narrow)


def _directions(wide: Rule, narrow: Rule) -> bool:
    return not wide.directions or (bool(narrow.directions) and set(narrow.directions) <= set(wide.directions))


def _days(wide: Rule, narrow: Rule) -> bool:
    begins = (wide.valid_from or date.min) <= (narrow.valid_from or date.min)
    return begins and (wide.valid_to or date.max) >= (narrow.valid_to or date.max)
