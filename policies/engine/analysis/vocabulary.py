"""Which words a field of a subject can hold: what a literal in a clause is compared with.

The words come from the lists of the policy, from what the engine itself computes, and from the payload's own terms.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args, get_type_hints

from policies.engine import subjects
from policies.engine.classify.codes import normalise, parents
from policies.engine.gather.declared import CLAIMS
from policies.engine.gather.terms import IN_ADDRESS, IN_DESCRIPTION, IN_END_USE, WHOLE_END_USE
from policies.engine.lists import EFFECTS, groups_of
from policies.engine.policy import Policy
from policies.engine.read_rules import DIRECTIONS
from policies.engine.schema import VARIABLES
from policies.engine.syntax import Call, Field, Items, Literal, Loop, Name, Node

Key = tuple[type, str]
Words = Mapping[Key, frozenset[str]]

ROLES = (
    *("exporter", "importer", "consignee", "end_user", "intermediary", "broker"),
    *("carrier", "freight_forwarder", "payer", "bank", "notify_party"),
)
PARTY_TYPES = (
    *("private", "armed_forces", "police", "intelligence", "interior_ministry", "government", "hospital", "university"),
    *("freight_forwarder", "person", "certified_recipient", "international_organisation", "security_company", "bank"),
)
UNITS = ("pcs", "set", "pair", "g", "mg", "kg", "t", "mL", "L", "m", "m2", "m3", "licence", "file", "dataset")
CONCERNS = ("wmd", "military", "illicit_parts", "repression")
HIT_EFFECTS = ("asset_freeze", "arms_embargo", "dual_use_end_user", "foreign_listing")
MATCHES = ("equal", "similar", "identifier", "shared", "owned", "part_owned")
PARTS = ("no", "yes", "unknown")
_CODES: set[Key] = {
    *((subjects.Line, name) for name in ("code", "codes", "entry", "declared_code", "mismatch")),
    *((shape, "code") for shape in (subjects.InitialLicence, subjects.Chemical)),
}
_OPEN: set[Key] = {*_CODES, (subjects.Country, "code")}


def words(policy: Policy) -> dict[Key, frozenset[str]]:
    """Field -> the words it may hold beside the empty one. A field that is not here holds free text."""
    codes = _codes(policy)
    found: dict[Key, Iterable[str]] = dict.fromkeys(_CODES, codes)
    for shape, fields in (
        (subjects.Line, _of_line(policy)),
        (subjects.Chemical, _of_chemical(policy)),
        (subjects.Shipment, _of_shipment(policy)),
        (subjects.Declarations, _of_declarations(policy)),
        (subjects.Country, _of_country(policy)),
        (subjects.Embargo, _of_embargo(policy)),
        (subjects.Party, {"role": ROLES, "type": PARTY_TYPES, "terms": IN_ADDRESS}),
        (subjects.Hit, {"match": MATCHES, "effect": {*HIT_EFFECTS, *policy.watch.effects}}),
        (subjects.SoFar, _of_so_far(policy)),
    ):
        found |= {(shape, name): known for name, known in fields.items()}
    return {key: frozenset(known) for key, known in found.items()}


def _of_line(policy: Policy) -> dict[str, Iterable[str]]:
    return {
        "annex_iv": PARTS,
        "section_i": PARTS,
        "category": {entry.code[0] for entry in policy.entries if entry.family == "annex_i"},
        "group": {entry.group for entry in policy.entries if entry.family == "annex_i"},
        "anti_torture": {entry.annex for entry in policy.entries if entry.family == "anti_torture"},
        "national": {entry.state for entry in policy.entries if entry.family == "national"},
        "hs_groups": policy.hs_groups,
        "terms": IN_DESCRIPTION,
        "authorisations": policy.authorisations,
        "unit": UNITS,
    }


def _of_chemical(policy: Policy) -> dict[str, Iterable[str]]:
    return {"schedule": {item.schedule for item in policy.chemicals}, "found_by": ("cas", "code")}


def _of_shipment(policy: Policy) -> dict[str, Iterable[str]]:
    claimed = dict.fromkeys(("authorised", "known_authorisations", "reexport_outside"), policy.authorisations)
    return {"direction": DIRECTIONS, "end_use_terms": (*IN_END_USE, WHOLE_END_USE), **claimed}


def _of_declarations(policy: Policy) -> dict[str, Iterable[str]]:
    return {
        "exporter_informed": CONCERNS,
        "exporter_aware": CONCERNS,
        "general_authorisations": policy.authorisations,
        "claims": {claim for claim, _last in CLAIMS.values()},
        "no_processing_in_destination": ("yes", "no"),
    }


def _of_country(policy: Policy) -> dict[str, Iterable[str]]:
    return {
        "code": policy.destinations,
        "groups": {group for row in policy.destinations.values() for group in groups_of(row, None)},
        "roles": (*ROLES, "origin", "destination", "final_destination", "transit"),
    }


def _of_embargo(policy: Policy) -> dict[str, Iterable[str]]:
    rows = [row.embargo for row in policy.destinations.values()]
    return {name: {getattr(row, name) for row in rows} for name in ("kind", "issuer", "military_end_use")}


def _of_so_far(policy: Policy) -> dict[str, Iterable[str]]:
    flags = [rule for rule in policy.rules if rule.stage == "flag"]
    return {
        "flags": {rule.id for rule in flags},
        "flag_categories": {rule.category for rule in flags},
        "reasons": {*policy.reasons, "UNDECIDED"},
        "strongest": EFFECTS,
    }


def knows(key: Key, word: str, known: Words) -> bool:
    """Whether a field may hold a word. A control code is known with everything that stands below it."""
    if not word or key not in known or word in known[key]:
        return True
    return key in _CODES and normalise(word) == word and any(code in known[key] for code in parents(word))


def closed(key: Key, known: Words) -> bool:
    """Whether a field never holds another word than these, whatever is declared."""
    return key in known and key not in _OPEN


def compared(node: Node, env: Mapping[str, Key] | None = None) -> Iterator[tuple[str, Key, str]]:
    """Every text literal that is compared with a field: the field as written, its key, the literal."""
    names = env or {}
    if isinstance(node, Call):
        if node.function in ("_==_", "_!=_", "@in") and len(node.arguments) == 2:
            yield from _pairs(*node.arguments, names)
        for argument in node.arguments:
            yield from compared(argument, names)
    elif isinstance(node, Items):
        for item in node.items:
            yield from compared(item, names)
    elif isinstance(node, Loop):
        over = key_of(node.over, names)
        inner = {name: key for name, key in names.items() if name != node.name}
        yield from compared(node.over, names)
        yield from compared(node.body, inner | ({node.name: over} if over else {}))
    elif isinstance(node, Field):
        yield from compared(node.of, names)


def key_of(node: Node, names: Mapping[str, Key]) -> Key | None:
    """The field that a node reads. A loop's name stands for the field it runs over."""
    if isinstance(node, Name):
        return names.get(node.name)
    if isinstance(node, Field):
        shape = _shape(node.of, names)
        return (shape, node.name) if shape else None
    return None


def written(node: Node) -> str:
    """A name or field as it is written in a clause; empty for anything else."""
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Field):
        of = written(node.of)
        return f"{of}.{node.name}" if of else ""
    return ""


def _pairs(left: Node, right: Node, names: Mapping[str, Key]) -> Iterator[tuple[str, Key, str]]:
    for field, other in ((left, right), (right, left)):
        key = key_of(field, names)
        if key:
            for item in other.items if isinstance(other, Items) else (other,):
                if isinstance(item, Literal) and isinstance(item.value, str):
                    yield written(field), key, item.value


def _shape(node: Node, names: Mapping[str, Key]) -> type | None:
    """The class that a node's value is of, if it is one of the subjects."""
    if isinstance(node, Name) and node.name not in names:
        return VARIABLES.get(node.name)
    key = key_of(node, names)
    if key is None:
        return None
    hint: Any = get_type_hints(key[0]).get(key[1])
    item = next(iter(get_args(hint)), hint)
    return item if isinstance(item, type) and item.__module__ == subjects.__name__ else None


def _codes(policy: Policy) -> frozenset[str]:
    lists = (policy.entries, policy.chemicals, policy.agents)
    return frozenset(code for rows in lists for row in rows for code in parents(row.code))
