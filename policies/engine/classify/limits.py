"""Values held against the limits of a threshold, in the base unit of their quantity."""

from collections.abc import Sequence

from policies.engine.classify.knowledge import Threshold
from policies.engine.classify.quantities import Quantity, Units

_COMPARE = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b}
ROUNDING = 1e-9


def limit(row: Threshold, units: Units) -> tuple[float, float]:
    """The limit of a threshold in base units; `between` has two."""
    low, _, high = row.value.partition("..") if row.operator == "between" else (row.value, "", "")
    lower = _scaled(float(low), row.unit, units)
    return lower, _scaled(float(high), row.unit, units) if high else lower


def _scaled(value: float, unit: str, units: Units) -> float:
    found = units.base(value, unit) if unit else None
    return found[0] if found else value


def reaches(value: float, row: Threshold, units: Units) -> bool:
    """Whether a value in base units lies beyond the limit; one that is equal but for rounding counts as equal."""
    low, high = limit(row, units)
    if row.operator == "between":
        return low * (1 - ROUNDING) <= value <= high * (1 + ROUNDING)
    slack = abs(low) * ROUNDING
    edge = low - slack if row.operator == ">=" else low + slack if row.operator in ("<=", ">") else low
    return bool(_COMPARE[row.operator](value, edge if row.operator != "<" else low - slack))


def extreme(values: Sequence[Quantity], operator: str) -> Quantity:
    """The value that comes nearest to being controlled: of a range its upper end for `>`, its lower one for `<`."""
    worth = min if operator.startswith("<") else max
    return worth(values, key=lambda item: item.value)
