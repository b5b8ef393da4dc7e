"""Policy x subjects -> triggers: which rules fire on what, and why. What cannot be decided fires too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from policies.engine.gather import Gathered
from policies.engine.language import SCOPES, Program, Undecided, activation
from policies.engine.lists import EFFECTS
from policies.engine.policy import Policy, Rule
from policies.engine.schema import message
from policies.engine.subjects import SoFar


@dataclass(frozen=True, slots=True)
class Cause:
    """One clause that held, and the values that made it hold."""

    clause: str
    value: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """A rule that fired on a subject. `undecided` says why, when the rule could not be decided."""

    rule: Rule
    scope: str
    position: int
    because: tuple[Cause, ...]
    undecided: str = ""


def evaluate(gathered: Gathered, policy: Policy) -> list[Trigger]:
    """Run flags, then rules, then closing rules. Each stage reads what the stages before it found."""
    messages = _messages(gathered, policy)
    flags = list(_stage("flag", gathered, policy, messages))
    seen = _with_flags(flags)
    triggers = list(_stage("rule", gathered, policy, {**messages, "so_far": [message(seen)]}))
    seen = _with_reasons(seen, [*flags, *triggers])
    return [*flags, *triggers, *_stage("closing", gathered, policy, {**messages, "so_far": [message(seen)]})]


def _messages(gathered: Gathered, policy: Policy) -> dict[str, Sequence[Any]]:
    """The subjects of each scope as messages, built once. Lines and parties are those within the shipment's message."""
    shipment = message(gathered.shipment)
    return {
        "shipment": [shipment],
        "line": list(shipment.lines),
        "party": list(shipment.parties),
        "country": [message(country) for country in gathered.countries],
        "setting": [message(policy.setting)],
    }


def _stage(stage: str, gathered: Gathered, policy: Policy, messages: Mapping[str, Sequence[Any]]) -> Iterator[Trigger]:
    common = {name: messages[name][0] for name in ("shipment", "setting", "so_far") if name in messages}
    for scope in SCOPES:
        rules, batch = policy.batches.of(stage, scope, gathered.shipment.direction)
        for position, subject in enumerate(messages[scope] if rules else ()):
            prepared = activation(scope, stage, **{**common, scope: subject})
            holds = batch.holds(prepared)
            # Undecided as a batch: each rule is tried by itself.
            for rule in rules if holds is None else compress(rules, holds):
                if rule.in_force(gathered.on) and (
                    trigger := _try(rule, scope, position, prepared, known=holds is not None)
                ):
                    yield trigger


def _try(rule: Rule, scope: str, position: int, prepared: Any, *, known: bool) -> Trigger | None:
    """The trigger of a rule on one subject, or nothing; `known` when it is known to hold.

    A clause that errors is decided by none of the others.
    """
    clause: Program | None = None
    try:
        for clause in rule.clauses:
            if not known and not clause.holds(prepared):
                return None
        because = tuple(Cause(clause.source, clause.cause(prepared)) for clause in rule.clauses)
    except Undecided as problem:
        source = clause.source if clause else ""
        return Trigger(
            rule, scope, position, (Cause(source, f"could not be decided: {problem}"),), undecided=str(problem)
        )
    return Trigger(rule, scope, position, because)


def _with_flags(flags: Sequence[Trigger]) -> SoFar:
    fired = {trigger.rule.id: trigger.rule for trigger in flags if not trigger.undecided}
    return SoFar(
        flags=sorted(fired),
        flag_weight=sum(rule.weight for rule in fired.values()),
        flag_categories=sorted({rule.category for rule in fired.values()}),
    )


def _with_reasons(seen: SoFar, triggers: Sequence[Trigger]) -> SoFar:
    raised = [trigger for trigger in triggers if trigger.rule.stage == "rule" or trigger.undecided]
    effects = ["review" if trigger.undecided else trigger.rule.effect for trigger in raised]
    return SoFar(
        flags=seen.flags,
        flag_weight=seen.flag_weight,
        flag_categories=seen.flag_categories,
        reasons=sorted({"UNDECIDED" if trigger.undecided else trigger.rule.reason for trigger in raised}),
        strongest=max((effect for effect in effects if effect in EFFECTS), key=EFFECTS.index, default="clear"),
    )
