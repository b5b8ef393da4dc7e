"""Whether the clauses of a rule can hold together. Only what is certain is said: what is not understood may hold.

Clauses become alternatives of atoms (`a and b, or c`). An alternative that contradicts itself can never hold; when all
do, the rule can never fire.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from policies.engine.analysis.vocabulary import Words, closed, key_of, written
from policies.engine.policy import Rule
from policies.engine.syntax import Call, Field, Items, Literal, Loop, Name, Node, tree

MOST = 200  # alternatives that are looked at; a rule with more is taken as one that may fire
_ORDER = {"_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">="}
_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Atom:
    """`subject` compared by `how`: in, not in (a set), <, <=, >, >= (a number), has, lacks (a word), is (yes or no)."""

    subject: Node
    how: str
    value: Any


Alternatives = list[tuple[Atom, ...]]


def conjuncts(rule: Rule) -> list[Node]:
    """What must hold for a rule, taken apart at every `&&`."""
    return [part for clause in rule.clauses for part in _parts(tree(clause))]


def never(rule: Rule, known: Words) -> str:
    """Why a rule can never fire, or nothing."""
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        return f"its last day, {rule.valid_to}, lies before its first day, {rule.valid_from}"
    alternatives: Alternatives = [_given(rule)]
    for part in conjuncts(rule):
        further = alternatives_of(part)
        alternatives = [(*left, *right) for left in alternatives for right in further]
        if len(alternatives) > MOST:
            return ""
        if not further:
            return "a clause is never true"
    reasons = [next(contradictions(atoms, known), "") for atoms in alternatives]
    return "; or ".join(dict.fromkeys(reasons)) if all(reasons) else ""


def alternatives_of(node: Node, *, holds: bool = True) -> Alternatives:
    """The ways in which a condition can hold (or fail to). None at all: it never does."""
    if isinstance(node, Literal) and isinstance(node.value, bool):
        return [()] if node.value is holds else []
    if isinstance(node, Call):
        if node.function == "!_":
            return alternatives_of(node.arguments[0], holds=not holds)
        if node.function in ("_&&_", "_||_"):
            sides = [alternatives_of(side, holds=holds) for side in node.arguments]
            if (node.function == "_&&_") is holds:
                return [(*left, *right) for left in sides[0] for right in sides[1]][: MOST + 1]
            return [way for side in sides for way in side]
        if atom := _compare(node, holds):
            return [atom] if isinstance(atom, tuple) else [(atom,)]
    return [(Atom(node, "is", holds), *_implied(node, holds))]


def contradictions(atoms: Sequence[Atom], known: Words) -> Iterator[str]:
    """What cannot hold together, in words."""
    by_subject: dict[Node, list[Atom]] = {}
    for atom in atoms:
        by_subject.setdefault(atom.subject, []).append(atom)
    for subject, found in by_subject.items():
        label = written(subject) or "a condition"
        size = isinstance(subject, Call) and subject.function == "size"
        if size and isinstance(subject, Call):
            label = f"the number of {written(subject.arguments[0]) or 'items'}"
        answers = {atom.value for atom in found if atom.how == "is"}
        if len(answers) > 1:
            yield f"{label} would have to be both true and false"
        yield from _words(label, subject, found, known)
        yield from _range(label, found, least=0.0 if size else -inf, whole=size)


def _given(rule: Rule) -> tuple[Atom, ...]:
    """What the rule's own fields say before any clause is read."""
    found = []
    if rule.directions:
        found.append(Atom(Field(Name("shipment"), "direction"), "in", frozenset(rule.directions)))
    if rule.stage == "rule":  # only closing rules see what the other rules raised
        found.append(Atom(Field(Name("so_far"), "strongest"), "in", frozenset({"clear"})))
        found.append(Atom(Call("size", (Field(Name("so_far"), "reasons"),)), "<=", 0.0))
    return tuple(found)


def _parts(node: Node) -> list[Node]:
    if isinstance(node, Call) and node.function == "_&&_":
        return [part for side in node.arguments for part in _parts(side)]
    return [node]


def _compare(node: Call, holds: bool) -> Atom | tuple[Atom, ...] | None:
    """A comparison with literals as atoms, or `None` when it is another thing."""
    if len(node.arguments) != 2:
        return None
    left, right = node.arguments
    if node.function in ("_==_", "_!=_"):
        if isinstance(left, Literal):
            left, right = right, left
        if isinstance(left, Literal) or not isinstance(right, Literal) or right.value is None:
            return None
        if isinstance(right.value, bool):
            return Atom(left, "is", right.value is ((node.function == "_==_") is holds))
        return Atom(left, "in" if (node.function == "_==_") is holds else "not in", frozenset({right.value}))
    if node.function == "@in":
        if isinstance(right, Items) and (values := _literals(right.items)) is not None:
            return Atom(left, "in" if holds else "not in", values)
        if isinstance(left, Literal) and isinstance(left.value, str):
            has = Atom(right, "has" if holds else "lacks", left.value)
            return (has, Atom(Call("size", (right,)), ">=", 1.0)) if holds else has
        return None
    how = _ORDER.get(node.function)
    if how and isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, how = right, left, _TURNED[how]
    if how and isinstance(right, Literal) and isinstance(right.value, float) and not isinstance(left, Literal):
        return Atom(left, how if holds else _NOT[how], right.value)
    return None


def _implied(node: Node, holds: bool) -> tuple[Atom, ...]:
    """What the truth of a loop says beside itself: something exists only in a list that is not empty."""
    if isinstance(node, Loop) and (node.kind, holds) in (("exists", True), ("all", False)):
        return (Atom(Call("size", (node.over,)), ">=", 1.0),)
    return ()


def _literals(items: Iterable[Node]) -> frozenset[Any] | None:
    values = [item.value for item in items if isinstance(item, Literal)]
    return frozenset(values) if len(values) == len(tuple(items)) else None


def _words(label: str, subject: Node, atoms: Sequence[Atom], known: Words) -> Iterator[str]:
    has = {atom.value for atom in atoms if atom.how == "has"}
    if both := has & {atom.value for atom in atoms if atom.how == "lacks"}:
        yield f"{label} would have to hold and not to hold {_list(both)}"
    sets = [atom.value for atom in atoms if atom.how == "in"]
    key = key_of(subject, {})
    words = known[key] | {""} if key and closed(key, known) else None
    if words is not None and has - words:
        yield f"{label} never holds {_list(has - words)}"
    if sets:
        left = frozenset.intersection(*sets)
        if not left:
            yield f"{label} would have to be {' and '.join(_list(one) for one in dict.fromkeys(sets))} at once"
        elif not left - frozenset().union(*(atom.value for atom in atoms if atom.how == "not in")):
            yield f"{label} would have to be and not to be {_list(left)}"
        elif words is not None and not left & words:
            yield f"{label} is never {_list(left)}"


def _range(label: str, atoms: Sequence[Atom], *, least: float, whole: bool) -> Iterator[str]:
    low, high, open_low, open_high = least, inf, False, False
    for atom in atoms:
        if atom.how in (">", ">=") and (atom.value, atom.how == ">") > (low, open_low):
            low, open_low = atom.value, atom.how == ">"
        if atom.how in ("<", "<=") and (-atom.value, atom.how == "<") > (-high, open_high):
            high, open_high = atom.value, atom.how == "<"
    if whole:
        low, open_low = (low + 1 if open_low and low == int(low) else low), False
    if low > high or (low == high and (open_low or open_high)):
        yield f"{label} would have to be {'more than' if open_low else 'at least'} {low:g} and {_most(high, open_high)}"
        return
    values = [one for atom in atoms if atom.how == "in" for one in atom.value if isinstance(one, float)]
    if values and not any(low <= one <= high for one in values):
        yield f"{label} would have to be {_list(values)}, which the other clauses exclude"


def _most(high: float, exclusive: bool) -> str:
    return f"{'less than' if exclusive else 'at most'} {high:g}"


def _list(values: Iterable[Any]) -> str:
    return " or ".join(sorted(f"{value:g}" if isinstance(value, float) else f"“{value}”" for value in values))


def implied(wanted: Node, given: Iterable[Node]) -> bool:
    """Whether a condition certainly holds where the given ones do."""
    have = list(given)
    if wanted in have:
        return True
    if isinstance(wanted, Call) and wanted.function == "_||_":
        return any(implied(side, have) for side in wanted.arguments)
    if isinstance(wanted, Call) and wanted.function == "_&&_":
        return all(implied(side, have) for side in wanted.arguments)
    target = _single(wanted)
    return target is not None and any(_covers(target, atom) for atom in map(_single, have) if atom)


def _single(node: Node) -> Atom | None:
    ways = alternatives_of(node)
    return ways[0][0] if len(ways) == 1 and len(ways[0]) == 1 else None


def _covers(wide: Atom, narrow: Atom) -> bool:
    if wide.subject != narrow.subject:
        return False
    if wide.how == narrow.how == "in":
        return bool(narrow.value <= wide.value)
    if wide.how == "not in" and narrow.how in ("in", "not in"):
        return bool(not narrow.value & wide.value if narrow.how == "in" else wide.value <= narrow.value)
    if wide.how in (">", ">=") and narrow.how in (">", ">="):
        return bool((narrow.value, narrow.how == ">") >= (wide.value, wide.how == ">"))
    if wide.how in ("<", "<=") and narrow.how in ("<", "<="):
        return bool((-narrow.value, narrow.how == "<") >= (-wide.value, wide.how == "<"))
    return wide == narrow
