"""The numeric attributes of a line, as rules and annexes read them."""

from policies.engine.facts import Line


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
