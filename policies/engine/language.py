"""The rule language: CEL clauses, typed against the subjects' schema and refused when they are wrong.

A clause is compiled once, when a rule is saved or a policy is built, and evaluated on prepared activations. A name,
field or type that does not exist is a `ClauseError` with the column; a run-time error (missing map key, index, budget)
is `UNDECIDED`, never a silent "no".
"""

import dataclasses
import re
import types
import typing
from dataclasses import dataclass
from functools import cache
from typing import Any

from cel_expr_python import cel
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from policies.engine import subjects

VARIABLES: dict[str, type] = {
    "shipment": subjects.Shipment,
    "line": subjects.Line,
    "party": subjects.Party,
    "country": subjects.Country,
    "so_far": subjects.SoFar,
    "setting": subjects.Setting,
}
SCOPES = {
    "shipment": ("shipment",),
    "line": ("shipment", "line"),
    "party": ("shipment", "party"),
    "country": ("shipment", "country"),
}
MAX_SOURCE = 4000
_PACKAGE = "facts"
_FIELD = descriptor_pb2.FieldDescriptorProto
_SCALARS = {str: _FIELD.TYPE_STRING, bool: _FIELD.TYPE_BOOL, float: _FIELD.TYPE_DOUBLE, int: _FIELD.TYPE_INT64}
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


def activation(scope: str, stage: str, **messages: Any) -> Any:
    """Prepare the variables of a scope once, to evaluate many clauses on them. Values come from `message`."""
    return _environment(scope, stage == "flag").Activation(messages)


def message(subject: Any) -> Any:
    """Turn a subject dataclass into the message that clauses read."""
    target = _messages()[type(subject).__name__]()
    _fill(target, subject)
    return target


def fields() -> dict[str, list[tuple[str, str]]]:
    """The field reference: variable -> (field, type) pairs, generated from the schema."""
    return {
        name: [(field.name, _type_name(hint)) for field, hint in _hints(subject)] for name, subject in VARIABLES.items()
    }


def _compile(environment: Any, source: str) -> Any:
    try:
        return environment.compile(source)
    except Exception as error:  # cel raises RuntimeError for every kind of mistake
        found = _WHERE.search(str(error))
        raise ClauseError(found[3], int(found[2]) + 1) if found else ClauseError(str(error)) from error


def _evaluate(expression: Any, prepared: Any) -> Any:
    try:
        value = expression.eval(prepared)
    except Exception as error:  # the iteration budget is raised, not returned
        raise Undecided(str(error)) from error
    if value.type() in (cel.Type.ERROR, cel.Type.UNKNOWN):
        raise Undecided(str(value.plain_value()))
    return value.plain_value()


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
    variables = {name: cel.Type(f"{_PACKAGE}.{VARIABLES[name].__name__}") for name in names}
    return cel.NewEnv(descriptor_pool=_pool(), variables=variables)


@cache
def _pool() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="facts.proto", package=_PACKAGE, syntax="proto2")
    for subject in _subjects():
        _describe(file.message_type.add(name=subject.__name__), subject)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


@cache
def _messages() -> dict[str, Any]:
    return {
        subject.__name__: message_factory.GetMessageClass(
            _pool().FindMessageTypeByName(f"{_PACKAGE}.{subject.__name__}")
        )
        for subject in _subjects()
    }


def _subjects() -> list[type]:
    return [item for item in vars(subjects).values() if isinstance(item, type) and dataclasses.is_dataclass(item)]


@cache
def _hints(subject: type) -> list[tuple[Any, Any]]:
    hints = typing.get_type_hints(subject)
    return [(field, hints[field.name]) for field in dataclasses.fields(subject)]


def _describe(target: Any, subject: type) -> None:
    for number, (field, hint) in enumerate(_hints(subject), start=1):
        repeated, item = _unwrap(hint)
        spec = target.field.add(name=field.name, number=number)
        spec.label = _FIELD.LABEL_REPEATED if repeated else _FIELD.LABEL_OPTIONAL
        if item is dict:
            entry_name = "".join(part.title() for part in field.name.split("_")) + "Entry"
            entry = target.nested_type.add(name=entry_name)
            entry.options.map_entry = True
            entry.field.add(name="key", number=1, type=_FIELD.TYPE_STRING, label=_FIELD.LABEL_OPTIONAL)
            entry.field.add(name="value", number=2, type=_FIELD.TYPE_DOUBLE, label=_FIELD.LABEL_OPTIONAL)
            spec.type, spec.type_name = _FIELD.TYPE_MESSAGE, f".{_PACKAGE}.{subject.__name__}.{entry_name}"
        elif item in _SCALARS:
            spec.type = _SCALARS[item]
        else:
            spec.type, spec.type_name = _FIELD.TYPE_MESSAGE, f".{_PACKAGE}.{item.__name__}"


def _unwrap(hint: Any) -> tuple[bool, type]:
    """(repeated, item type) of a field's type hint; a map counts as repeated, `X | None` as X."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        return True, arguments[0]
    if origin is dict:
        return True, dict
    if origin is types.UnionType:
        return False, next(item for item in arguments if item is not type(None))
    return False, hint


def _fill(target: Any, subject: Any) -> None:
    """Copy a subject into its message. Empty values are the message's own defaults and are left out."""
    for name, kind in _plan(subject.__class__):
        value = getattr(subject, name)
        if kind == "optional":
            if value is not None:
                setattr(target, name, value)
        elif not value:
            continue
        elif kind == "scalar":
            setattr(target, name, value)
        elif kind == "message":
            _fill(getattr(target, name), value)
        elif kind == "messages":
            repeated = getattr(target, name)
            for item in value:
                _fill(repeated.add(), item)
        elif kind == "map":
            getattr(target, name).update(value)
        else:
            getattr(target, name).extend(value)


@cache
def _plan(subject: type) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, _kind(hint)) for field, hint in _hints(subject))


def _kind(hint: Any) -> str:
    repeated, item = _unwrap(hint)
    if item is dict:
        return "map"
    if dataclasses.is_dataclass(item):
        return "messages" if repeated else "message"
    if repeated:
        return "list"
    return "optional" if typing.get_origin(hint) is types.UnionType else "scalar"


def _type_name(hint: Any) -> str:
    repeated, item = _unwrap(hint)
    name = (
        "map of numbers"
        if item is dict
        else {str: "text", bool: "yes/no", float: "number", int: "whole number"}.get(item, item.__name__)
    )
    return f"list of {name}" if repeated and item is not dict else name
