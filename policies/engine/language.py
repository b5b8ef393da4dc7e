"""The rule language: CEL clauses, typed against the subjects' schema and refused when they are wrong.

A clause is compiled once, when a rule is saved or a policy is built, and evaluated on prepared activations. A name,
field or type that does not exist is a `ClauseError` with the column; a run-time error (missing map key, index, budget)
is `UNDECIDED`, never a silent "no".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cel_expr_python import cel

from policies.engine.schema import PACKAGE, VARIABLES, pool

SCOPES = {
    "shipment": ("shipment",),
    "line": ("shipment", "line"),
    "party": ("shipment", "party"),
    "country": ("shipment", "country"),
}
MAX_SOURCE = 4000
BATCH_SOURCE = 30_000  # the engine refuses a source of 100,000
_PATH = re.compile(r"(?<![\w.])(?:" + "|".join(VARIABLES) + r")(?:\.[a-z_]\w*)+(?!\w)(\s*\()?")
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_WHERE = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


class ClauseError(ValueError):
    """A clause that cannot be compiled. `column` counts from 1; the message says what is wrong with it."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(f"column {column}: {message}" if column else message)
        self.message = message
        self.column = column


class Undecided(Exception):
    """A clause could not be decided on these facts; the message is the engine's own."""


@dataclass(frozen=True, slots=True)
class Program:
    """One compiled clause. `paths` are the fields it reads, each compiled with its `has`, to show the cause."""

    source: str
    expression: Any
    paths: tuple[tuple[str, Any, Any], ...]

    def holds(self, activation: Any) -> bool:
        """Whether the clause is true. Raises `Undecided` for every answer that is neither true nor false."""
        answer = _evaluate(self.expression, activation)
        if not isinstance(answer, bool):
            raise Undecided(f"{self.source}: the answer is not true or false")
        return answer

    def cause(self, activation: Any) -> str:
        """The values that the clause read, as one line: `destination.code = RU`."""
        return "; ".join(f"{path} = {_value(read, given, activation)}" for path, read, given in self.paths)


def compile_clause(source: str, *, scope: str, stage: str = "rule") -> Program:
    """Compile one clause for a scope and stage. Raises `ClauseError` with the column of the first mistake.

    >>> compile_clause('shipment.destination.code == "RU"', scope="shipment").source
    'shipment.destination.code == "RU"'
    """
    if len(source) > MAX_SOURCE:
        raise ClauseError(f"a clause may have {MAX_SOURCE} characters, this one has {len(source)}")
    environment = _environment(scope, stage == "flag")
    expression = _compile(environment, source)
    if str(expression.return_type()) != "BOOL":
        raise ClauseError(f"a clause must be true or false, this one gives {expression.return_type()}", 1)
    paths = tuple((path, _compile(environment, path), _compile(environment, f"has({path})")) for path in _paths(source))
    return Program(source=source, expression=expression, paths=paths)


@dataclass(frozen=True, slots=True)
class Batch:
    """The clauses of many rules as one expression: a list of yes and no, one for each rule, in one evaluation.

    Crossing into the engine costs more than most clauses do. Each rule is a chain `c1 ? c2 ? c3 : false : false`, so a
    clause is reached only when those before it hold, as one after the other. Without expressions (a rule nested too
    deeply for that) every rule is asked singly.
    """

    expressions: tuple[Any, ...] | None

    def holds(self, activation: Any) -> list[bool] | None:
        """For each rule whether all its clauses hold; `None` when one of them could not be decided: ask them singly."""
        if self.expressions is None:
            return None
        found: list[bool] = []
        try:
            for expression in self.expressions:
                answer = _evaluate(expression, activation)
                found += answer
        except (Undecided, TypeError):
            return None
        return found


def compile_batch(rules: Sequence[Sequence[Program]], *, scope: str, stage: str) -> Batch:
    """Compile the clauses of rules of one scope and stage, which are each known to compile, into as few as possible."""
    environment = _environment(scope, stage == "flag")
    chains = [_chain(clauses) for clauses in rules]
    parts: list[list[str]] = [[]]
    for chain in chains:
        if parts[-1] and sum(map(len, parts[-1])) + len(chain) > BATCH_SOURCE:
            parts.append([])
        parts[-1].append(chain)
    try:
        return Batch(tuple(_compile(environment, f"[{', '.join(part)}]") for part in parts if part))
    except ClauseError:  # each clause compiles alone; as a chain it may nest deeper than the engine allows
        return Batch(None)


def _chain(clauses: Sequence[Program]) -> str:
    chain = "true"
    for clause in reversed(clauses):
        chain = f"({clause.source}\n)" if chain == "true" else f"(({clause.source}\n) ? {chain} : false)"
    return chain


def activation(scope: str, stage: str, **messages: Any) -> Any:
    """Prepare the variables of a scope once, to evaluate many clauses on them. Values come from `schema.message`."""
    return _environment(scope, stage == "flag").Activation(messages)


def _compile(environment: Any, source: str) -> Any:
    try:
        return environment.compile(source)
    except Exception as error:  # cel raises RuntimeError for every kind of mistake
        found = _WHERE.search(str(error))
        raise ClauseError(found[3], int(found[2])) if found else ClauseError(str(error)) from error


def _evaluate(expression: Any, prepared: Any) -> Any:
    try:
        value = expression.eval(prepared)
    except Exception as error:  # the iteration budget is raised, not returned
        raise Undecided(str(error)) from error
    answer = value.plain_value()
    if not isinstance(answer, bool) and value.type() in (cel.Type.ERROR, cel.Type.UNKNOWN):
        raise Undecided(str(answer))
    return answer


def _paths(source: str) -> list[str]:
    found: dict[str, None] = {}
    for match in _PATH.finditer(_STRING.sub('""', source)):
        path = match[0].rstrip("( \t")
        if match[1]:
            path = path.rsplit(".", 1)[0]
        if "." in path:
            found[path] = None
    return list(found)


def _value(read: Any, given: Any, prepared: Any) -> str:
    value = _evaluate(read, prepared)
    if isinstance(value, float) and not value and not _evaluate(given, prepared):
        return "(not given)"
    return _show(value)


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        return value if value else "(empty)"
    if isinstance(value, list):
        return (
            ", ".join(_show(item) for item in value[:8]) + (f" and {len(value) - 8} more" if len(value) > 8 else "")
            or "(none)"
        )
    if isinstance(value, dict):
        return ", ".join(f"{key} {_show(item)}" for key, item in sorted(value.items())) or "(none)"
    return next(
        (str(getattr(value, name)) for name in ("code", "name", "number", "id") if getattr(value, name, "")), "(none)"
    )


@cache
def _environment(scope: str, flags: bool) -> Any:
    if scope not in SCOPES:
        raise ClauseError(f"unknown scope {scope!r}: use one of {', '.join(SCOPES)}")
    names = [*SCOPES[scope], "setting", *([] if flags else ["so_far"])]
    variables = {name: cel.Type(f"{PACKAGE}.{VARIABLES[name].__name__}") for name in names}
    return cel.NewEnv(descriptor_pool=pool(), variables=variables)
