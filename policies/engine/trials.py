"""Try a rule on its own examples, and say for each one that goes wrong which clause decided it, with the values.

The judgement is `evaluate`, as in a screening. The explanation asks it too: a probe is the same rule with clauses that
always hold, so it fires on every subject and its causes say what each real clause answers there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from policies.engine.evaluate import Trigger, evaluate
from policies.engine.evidence import subject_of
from policies.engine.examples import policy_of, shipment_of
from policies.engine.facts import Shipment
from policies.engine.gather import gather
from policies.engine.language import Program, Undecided
from policies.engine.policy import STAGES, Policy, Rule

MAX_SUBJECTS = 5  # subjects of one example that an explanation shows


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example went. `kind` is `fires` or `not`, `number` counts from 1, `said` says why in words."""

    kind: str
    number: int
    ok: bool
    said: str
    patch: Mapping[str, Any]


class _Probe(Program):
    """A clause that always holds; its cause is what the real clause answers."""

    def holds(self, activation: Any) -> bool:
        return True

    def cause(self, activation: Any) -> str:
        try:
            said = "holds" if Program.holds(self, activation) else "does not hold"
            values = Program.cause(self, activation)
        except Undecided as problem:
            return f"could not be decided ({problem})"
        return f"{said}, {values}" if values else said


def with_rule(policy: Policy, rule: Rule) -> Policy:
    """The policy to try a rule in: with the rules that it can read of, in the place of the one of the same id.

    Only `so_far` lets a rule see other rules. The indexes of the lists are kept.
    """
    reads_others = any("so_far" in clause.source for clause in rule.clauses)
    rules = [item for item in policy.rules if item.id != rule.id] if reads_others else []
    changed = replace(policy, rules=tuple(sorted([*rules, rule], key=lambda item: (STAGES.index(item.stage), item.id))))
    vars(changed).update(goods=policy.goods, watch=policy.watch, term_index=policy.term_index)
    return changed


def run(rule: Rule, policy: Policy, *, in_time: Callable[[], bool] = lambda: True) -> Iterator[ExampleResult]:
    """Try every example. `in_time` is asked before each one; once it says no, the rest is not tried and not ok."""
    changed = with_rule(policy, rule)
    for kind in ("fires", "not"):
        for number, patch in enumerate(rule.examples.get(kind, ()), start=1):
            if in_time():
                ok, said = try_one(rule, patch, changed, fires=kind == "fires")
            else:
                ok, said = False, "Not tried: the examples before it took too long. Make the clauses simpler."
            yield ExampleResult(kind, number, ok, said, patch)


def try_one(rule: Rule, patch: Mapping[str, Any], policy: Policy, *, fires: bool) -> tuple[bool, str]:
    """Whether the rule does on one example what it should, and why. `policy` holds the rule."""
    shipment, policy = shipment_of(patch), policy_of(patch, policy)
    gathered = gather(shipment, policy)
    triggers = [trigger for trigger in evaluate(gathered, policy) if trigger.rule.id == rule.id]
    if undecided := [trigger for trigger in triggers if trigger.undecided]:
        where = subject_of(undecided[0], gathered)
        return False, f"It could not be decided on {where}: {undecided[0].undecided}. A shipment would go to review."
    if triggers:
        causes = "; ".join(
            f"{cause.clause} ({cause.value})" if cause.value else cause.clause for cause in triggers[0].because
        )
        where = ", ".join(subject_of(trigger, gathered) for trigger in triggers[:MAX_SUBJECTS])
        return fires, f"It fires on {where}: {causes}."
    return not fires, f"It does not fire: {explain(rule, shipment, policy)}"


def explain(rule: Rule, shipment: Shipment, policy: Policy) -> str:
    """Why a rule does not fire on a shipment: on each subject, the clauses that do not hold and what they read."""
    if rule.directions and shipment.direction not in rule.directions:
        return f"it is for {', '.join(rule.directions)}, the example is of direction {shipment.direction}."
    if not rule.in_force(shipment.judged_on):
        return f"it is not in force on {shipment.judged_on}."
    probe = replace(rule, clauses=tuple(_Probe("true", clause.expression, clause.paths) for clause in rule.clauses))
    gathered = gather(shipment, policy)
    shown = [
        f"{subject_of(trigger, gathered)}: {_failed(rule, trigger)}"
        for trigger in evaluate(gathered, with_rule(policy, probe))
        if trigger.rule.id == rule.id
    ]
    more = f"; and {len(shown) - MAX_SUBJECTS} more" if len(shown) > MAX_SUBJECTS else ""
    return f"{'; '.join(shown[:MAX_SUBJECTS]) or f'the shipment has no {rule.scope}'}{more}."


def _failed(rule: Rule, trigger: Trigger) -> str:
    answers = zip(rule.clauses, trigger.because, strict=True)
    failed = [f"{clause.source} {cause.value}" for clause, cause in answers if not cause.value.startswith("holds")]
    return ", ".join(failed) or "each clause holds"
