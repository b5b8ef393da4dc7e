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
from policies.engine.language import Batch, Program, Undecided
from policies.engine.policy import STAGES, Batches, Policy, Rule

TOO_LONG = "Not decided: the trial took too long. Make the clauses simpler, or the examples smaller."
MAX_SUBJECTS = 5  # subjects of one example that an explanation shows


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example went. `kind` is `fires` or `not`, `number` counts from 1, `said` says why in words.

    `in_time` is false when it was stopped, or not begun, because the trial took too long.
    """

    kind: str
    number: int
    ok: bool
    said: str
    patch: Mapping[str, Any]
    in_time: bool = True


class _OutOfTime(Exception):
    """The trial has taken too long."""


@dataclass(frozen=True, slots=True)
class _Timed(Program):
    """A clause that is not begun once the time is up."""

    in_time: Callable[[], bool]

    def holds(self, activation: Any) -> bool:
        self.check()
        return Program.holds(self, activation)

    def check(self) -> None:
        if not self.in_time():
            raise _OutOfTime


@dataclass(frozen=True, slots=True)
class _Probe(_Timed):
    """A clause that always holds; its cause is what the real clause answers."""

    def holds(self, activation: Any) -> bool:
        return True

    def cause(self, activation: Any) -> str:
        self.check()
        try:
            said = "holds" if Program.holds(self, activation) else "does not hold"
            values = Program.cause(self, activation)
        except Undecided as problem:
            return f"could not be decided ({problem})"
        return f"{said}, {values}" if values else said


class _Single(Batch):
    """Has each rule asked by itself, clause by clause, so that a trial can stop between two of them."""

    def holds(self, activation: Any) -> None:
        return None


class _Singly(Batches):
    def of(self, stage: str, scope: str, direction: str) -> tuple[tuple[Rule, ...], Batch]:
        rules = [rule for rule in self._rules if (rule.stage, rule.scope) == (stage, scope)]
        return tuple(rule for rule in rules if not rule.directions or direction in rule.directions), _Single(())


def run(rule: Rule, policy: Policy, *, in_time: Callable[[], bool] = lambda: True) -> Iterator[ExampleResult]:
    """Try every example. `in_time` is asked before each clause; once it says no, nothing more is tried."""
    timed = replace(rule, clauses=tuple(_Timed(one.source, one.expression, one.paths, in_time) for one in rule.clauses))
    changed = with_rule(policy, timed)
    for kind in ("fires", "not"):
        for number, patch in enumerate(rule.examples.get(kind, ()), start=1):
            try:
                ok, said = try_one(timed, patch, changed, fires=kind == "fires") if in_time() else (False, "")
            except _OutOfTime:
                ok, said = False, ""
            yield ExampleResult(kind, number, ok, said or TOO_LONG, patch, bool(said))


def with_rule(policy: Policy, rule: Rule) -> Policy:
    """The policy to try a rule in: with the rules that it can read of, in the place of the one of the same id.

    Only `so_far` lets a rule see other rules. The indexes of the lists are kept.
    """
    reads_others = any("so_far" in clause.source for clause in rule.clauses)
    others = [item for item in policy.rules if item.id != rule.id] if reads_others else []
    rules = tuple(sorted([*others, rule], key=lambda item: (STAGES.index(item.stage), item.id)))
    changed = replace(policy, rules=rules)
    vars(changed).update(goods=policy.goods, watch=policy.watch, term_index=policy.term_index, batches=_Singly(rules))
    return changed


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
    clauses = [clause for clause in rule.clauses if isinstance(clause, _Timed)]
    probes = tuple(_Probe("true", clause.expression, clause.paths, clause.in_time) for clause in clauses)
    probe = replace(rule, clauses=probes)
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
