"""What carries out each of the principles: rules, checks of the program, screens; and what nothing carries out yet.

Rules name the principles they serve. Checks, screens and gaps are rows of the list `principles/coverage`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies import editions
from policies.engine.policy import Policy, Rule
from policies.models import Edition, EditionState

LIST = "principles/coverage"
NOTHING = "Neither a rule nor a check carries out this principle."
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """What the program enforces, in a sentence, and the module or class where it does."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page shows of the principle; `url` is its URL name, some of which need arguments."""

    url: str
    what: str


@dataclass(frozen=True, slots=True)
class Covered:
    """A principle (the row of its list) with what implements it. `gaps` are sentences."""

    principle: Row
    rules: tuple[Rule, ...]
    checks: tuple[Check, ...]
    screens: tuple[Screen, ...]
    gaps: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether nothing at all carries it out."""
        return not self.rules and not self.checks


def coverage(policy: Policy, *, rows: Iterable[Row] | None = None, on: date | None = None) -> list[Covered]:
    """Every principle in the order of ids. `rows` are those of `LIST`, by default of its active edition.

    With a day, a rule whose last day lies before it does not count.
    """
    said = {row["id"]: row for row in (_active() if rows is None else rows)}
    standing = [rule for rule in policy.rules if not (on and rule.valid_to and rule.valid_to < on)]
    return [
        _covered(policy.principles[name], said.get(name, {}), [rule for rule in standing if name in rule.principles])
        for name in sorted(policy.principles)
    ]


def _covered(principle: Row, said: Row, rules: list[Rule]) -> Covered:
    checks = tuple(Check(item["what"], item["where"]) for item in said.get("checks", ()))
    found = [] if rules or checks else [NOTHING]
    return Covered(
        principle=principle,
        rules=tuple(rules),
        checks=checks,
        screens=tuple(Screen(item["url"], item["what"]) for item in said.get("screens", ())),
        gaps=(*found, *said.get("gaps", ())),
    )


def _active() -> list[dict[str, Any]]:
    edition = Edition.objects.filter(source=LIST, state=EditionState.ACTIVE).first()
    return editions.rows(edition) if edition else []
