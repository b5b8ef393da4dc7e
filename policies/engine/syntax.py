"""A compiled clause as a tree that can be walked: what the analysis of rules reads.

The engine hands its checked expression out as bytes (`google.api.expr` `CheckedExpr` in an `Any`), with `exists`, `all`
and the like already unfolded into loops; this reads the few messages it needs and folds the loops back.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from policies.engine.language import Program

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """`of.name`; `test` when it stands in `has()`."""

    of: "Node"
    name: str
    test: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function or operator by the engine's name: `_&&_`, `!_`, `@in`, `size`. A method's target comes first."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`kind` is `exists`, `all`, or `other`; `body` is what is asked of each `name` of `over`."""

    kind: str
    name: str
    over: "Node"
    body: "Node"


@dataclass(frozen=True, slots=True)
class Other:
    """Something the analysis does not look into."""


Node = Literal | Name | Field | Call | Items | Loop | Other


def tree(clause: Program) -> Node:
    """The tree of a clause; `Other` for what cannot be read."""
    try:
        checked = _first(clause.expression.serialize(), 2)
        return _expression(_first(checked, 4))
    except (IndexError, KeyError, ValueError, struct.error):
        return Other()


def _expression(data: bytes) -> Node:
    for number, value in _fields(data):
        if isinstance(value, bytes) and number in _READERS:
            return _READERS[number](value)
    return Other()


def _constant(data: bytes) -> Node:
    for number, value in _fields(data):
        if number == 2:
            return Literal(bool(value))
        if number in (3, 4) and isinstance(value, int):
            return Literal(float(value - (1 << 64) if value >> 63 else value))
        if number == 5 and isinstance(value, bytes):
            return Literal(struct.unpack("<d", value)[0])
        if number == 6 and isinstance(value, bytes):
            return Literal(value.decode())
    return Other()


def _name(data: bytes) -> Node:
    return Name(_first(data, 1).decode())


def _field(data: bytes) -> Node:
    test = any(number == 3 and value for number, value in _fields(data))
    return Field(_expression(_first(data, 1)), _first(data, 2).decode(), test)


def _call(data: bytes) -> Node:
    found = list(_fields(data))
    target = [_expression(value) for number, value in found if number == 1 and isinstance(value, bytes)]
    given = [_expression(value) for number, value in found if number == 3 and isinstance(value, bytes)]
    return Call(_first(data, 2).decode(), (*target, *given))


def _items(data: bytes) -> Node:
    return Items(
        tuple(_expression(value) for number, value in _fields(data) if number == 1 and isinstance(value, bytes))
    )


def _loop(data: bytes) -> Node:
    over, step = _expression(_first(data, 2)), _expression(_first(data, 6))
    kind = {"_||_": "exists", "_&&_": "all"}.get(step.function, "other") if isinstance(step, Call) else "other"
    known = kind != "other" and isinstance(step, Call) and len(step.arguments) == 2
    known = known and isinstance(step.arguments[0], Name)  # type: ignore[union-attr]
    body = step.arguments[1] if known and isinstance(step, Call) else step
    return Loop(kind if known else "other", _first(data, 1).decode(), over, body)


_READERS = {3: _constant, 4: _name, 5: _field, 6: _call, 7: _items, 9: _loop}


def _first(data: bytes, wanted: int) -> bytes:
    return next(value for number, value in _fields(data) if number == wanted and isinstance(value, bytes))


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message: number and value, by the wire format of protocol buffers."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
        elif wire in (1, 5):
            width = 8 if wire == 1 else 4
            yield number, data[at : at + width]
            at += width
        elif wire == 2:
            length, at = _varint(data, at)
            yield number, data[at : at + length]
            at += length
        else:
            raise ValueError(f"unknown wire type {wire}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
