"""Technical parameters of a line against the thresholds of an entry: from its attributes, or as written in the text."""

import re
from collections.abc import Iterator

from policies.engine.facts import Line
from policies.engine.lists import Parameter

_COMPARE = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
_PREFIX = {"G": 1e9, "M": 1e6, "k": 1e3, "": 1.0, "m": 1e-3, "u": 1e-6, "µ": 1e-6}
_SCALED = {"Hz", "Pa", "V", "A", "s", "m"}


def beyond(line: Line, parameter: Parameter) -> str:
    """The value of the line that lies beyond the threshold, in words, or an empty string.

    An upper limit of an exclusion is never evidence for an entry, and a value without the parameter's unit counts only
    when an attribute bears the parameter's own name.
    """
    if parameter.operator not in (">", ">=", "between") or "exclusion" in parameter.joint:
        return ""
    for value in _values(line, parameter):
        if _reaches(value, parameter):
            return (
                f"{parameter.name} {value:g} {parameter.unit} ({parameter.operator} {parameter.value} {parameter.unit})"
            )
    return ""


def numbers(line: Line) -> dict[str, float]:
    """The numeric attributes of a line; text that reads as a number counts, `yes`/`no` do not."""
    found: dict[str, float] = {}
    for name, value in line.attributes:
        if isinstance(value, bool):
            continue
        try:
            found[name] = float(value)
        except ValueError:
            continue
    return found


def _values(line: Line, parameter: Parameter) -> Iterator[float]:
    named = {parameter.name.lower(), f"{parameter.name}_{parameter.unit}".lower()}
    for name, value in numbers(line).items():
        if name.lower() in named:
            yield value
    base = parameter.unit[1:] if parameter.unit[:1] in _PREFIX and parameter.unit[1:] in _SCALED else parameter.unit
    own = _PREFIX.get(parameter.unit[: len(parameter.unit) - len(base)], 1.0)
    if base not in _SCALED:
        base, prefixes, own = parameter.unit, "", 1.0
    else:
        prefixes = "GMkmuµ"
    pattern = (
        rf"(?<![\w.,])([0-9]+(?:[.,][0-9]+)?)\s?([{prefixes}]?){re.escape(base)}(?![\w/])"
        if prefixes
        else (rf"(?<![\w.,])([0-9]+(?:[.,][0-9]+)?)\s?(){re.escape(base)}(?![\w/])")
    )
    for number, prefix in re.findall(pattern, line.description):
        yield float(number.replace(",", ".")) * _PREFIX[prefix] / own


def _reaches(value: float, parameter: Parameter) -> bool:
    if parameter.operator == "between":
        low, high = (float(part) for part in parameter.value.split("-"))
        return low <= value <= high
    return bool(_COMPARE[parameter.operator](value, float(parameter.value)))
