"""The subjects as a typed schema: message descriptors derived from the dataclasses, and messages filled from them."""

import dataclasses
import types
import typing
from functools import cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from policies.engine import subjects

PACKAGE = "facts"
VARIABLES: dict[str, type] = {
    "shipment": subjects.Shipment,
    "line": subjects.Line,
    "party": subjects.Party,
    "country": subjects.Country,
    "so_far": subjects.SoFar,
    "setting": subjects.Setting,
}
_FIELD = descriptor_pb2.FieldDescriptorProto
_SCALARS = {str: _FIELD.TYPE_STRING, bool: _FIELD.TYPE_BOOL, float: _FIELD.TYPE_DOUBLE, int: _FIELD.TYPE_INT64}


def message(subject: Any) -> Any:
    """Turn a subject dataclass into the message that clauses read."""
    target = _messages()[type(subject).__name__]()
    _fill(target, subject, {})
    return target


def fields() -> dict[str, list[tuple[str, str]]]:
    """The field reference: variable -> (field, type) pairs, generated from the schema."""
    return {
        name: [(field.name, _type_name(hint)) for field, hint in _hints(subject)] for name, subject in VARIABLES.items()
    }


def structures() -> dict[str, list[tuple[str, str]]]:
    """The same for every type that a field may hold: `Country`, `Hit`, ..., in reading order."""
    return {item.__name__: [(field.name, _type_name(hint)) for field, hint in _hints(item)] for item in _subjects()}


@cache
def pool() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="facts.proto", package=PACKAGE, syntax="proto2")
    for subject in _subjects():
        _describe(file.message_type.add(name=subject.__name__), subject)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


@cache
def _messages() -> dict[str, Any]:
    return {
        subject.__name__: message_factory.GetMessageClass(pool().FindMessageTypeByName(f"{PACKAGE}.{subject.__name__}"))
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
            spec.type, spec.type_name = _FIELD.TYPE_MESSAGE, f".{PACKAGE}.{subject.__name__}.{entry_name}"
        elif item in _SCALARS:
            spec.type = _SCALARS[item]
        else:
            spec.type, spec.type_name = _FIELD.TYPE_MESSAGE, f".{PACKAGE}.{item.__name__}"


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


def _fill(target: Any, subject: Any, made: dict[int, Any]) -> None:
    """Copy a subject into its message. Empty values are the message's own defaults and are left out.

    `made` holds the messages of subjects that stand in several places, such as a country, by identity.
    """
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
            _put(getattr(target, name), value, made)
        elif kind == "messages":
            repeated = getattr(target, name)
            for item in value:
                _put(repeated.add(), item, made)
        elif kind == "map":
            getattr(target, name).update(value)
        else:
            getattr(target, name).extend(value)


def _put(target: Any, subject: Any, made: dict[int, Any]) -> None:
    known = made.get(id(subject))
    if known is not None:
        target.CopyFrom(known)
    elif subject != _blank(subject.__class__):
        _fill(target, subject, made)
        made[id(subject)] = target


@cache
def _blank(subject: type) -> Any:
    return subject()


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
