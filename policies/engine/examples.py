"""A rule's own examples: what must make it fire and what must not. A rule whose examples fail is not published.

An example is a patch on a plain shipment of its direction: `line`, `exporter`, `consignee`, `end_user` merge into
what stands there, `lines` replaces them all, `also` adds parties, `without` takes roles out, `declarations`,
`end_use`, countries and dates replace; `listed`, `ownership`, `denials` and `licences` are the records it needs.
`dismissals` name entries of `listed` that an officer dismissed for every party; what they leave out is filled in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from policies.engine import read
from policies.engine.evaluate import evaluate
from policies.engine.facts import Dismissal, Licence, Shipment, day
from policies.engine.facts import read as read_facts
from policies.engine.gather import gather
from policies.engine.lists import Listed
from policies.engine.match.dismissals import entry_digest, party_digest
from policies.engine.policy import Policy, Rule

ROUTES = {"import": ("CN", "LV"), "transit": ("CN", "KZ"), "transfer": ("LV", "LT"), "brokering": ("CN", "BR")}
RECORDS = (
    *("listed", "ownership", "denials", "licences", "dismissals", "stale_lists"),
    *("also", "without", "line", "lines"),
)
ROLES = ("exporter", "consignee", "end_user", "importer", "broker")


def failures(policy: Policy) -> list[str]:
    """One sentence for every example that does not hold, and for every rule that has none. Empty means all is well."""
    return [problem for rule in policy.rules for problem in _of_rule(rule, policy)]


def shipment_of(patch: Mapping[str, Any]) -> Shipment:
    """The facts of one example."""
    direction = patch.get("direction", "export")
    origin, destination = ROUTES.get(direction, ("LV", "BR"))
    destination = patch.get("destination", destination)
    payload: dict[str, Any] = {
        "direction": direction,
        "origin": origin,
        "destination": destination,
        "shipment_date": "2025-12-01",
        "end_use": "furnishing of a head office",
        "declarations": {},
        **{name: value for name, value in patch.items() if name not in (*RECORDS, *ROLES)},
        "parties": list(_parties(direction, destination, patch)),
        "lines": _lines(patch),
    }
    shipment = read_facts(
        payload, licences=[_licence(row) for row in patch.get("licences", ())], stale_lists=patch.get("stale_lists", ())
    )
    entries = [read.listed("parties/example", row) for row in patch.get("listed", ())]
    return with_dismissals(shipment, patch.get("dismissals", ()), entries)


def with_dismissals(shipment: Shipment, rows: Sequence[Mapping[str, Any]], entries: Sequence[Listed]) -> Shipment:
    """The facts with the named `entry` dismissed for every party. Raises `KeyError` for one that is not among them."""
    known = {entry.id: entry for entry in entries}
    dismissals = tuple(
        _dismissal(row, known[str(row["entry"])], who, number)
        for number, row in enumerate(rows, start=1)
        for who in dict.fromkeys(party_digest(party) for party in shipment.parties)
    )
    return replace(shipment, dismissals=dismissals, screened_on=shipment.judged_on if dismissals else None)


def policy_of(patch: Mapping[str, Any], policy: Policy) -> Policy:
    """The policy with the list rows that an example brings along."""
    return policy.with_lists(
        parties=tuple(read.listed("parties/example", row) for row in patch.get("listed", ())),
        ownership=tuple(read.ownership(row) for row in patch.get("ownership", ())),
        denials=tuple(read.denial(row) for row in patch.get("denials", ())),
    )


def verdict(rule: Rule, patch: Mapping[str, Any], policy: Policy) -> str:
    """What a rule does on an example: `fires`, `not`, or `undecided`, which is neither and would lead to review."""
    policy = policy_of(patch, policy)
    triggers = [item for item in evaluate(gather(shipment_of(patch), policy), policy) if item.rule.id == rule.id]
    if any(trigger.undecided for trigger in triggers):
        return "undecided"
    return "fires" if triggers else "not"


def _of_rule(rule: Rule, policy: Policy) -> Iterator[str]:
    wanted, unwanted = rule.examples.get("fires", ()), rule.examples.get("not", ())
    if not unwanted or not (wanted or rule.note):
        yield f"{rule.id}: a rule needs an example that fires and one that must not"
    for expected, patches in (("fires", wanted), ("not", unwanted)):
        for number, patch in enumerate(patches, start=1):
            found = verdict(rule, patch, policy)
            if found != expected:
                said = {"fires": "fires", "not": "does not fire", "undecided": "cannot be decided"}[found]
                yield f"{rule.id}: example {number} of {expected} {said}"


def standing_roles(direction: str, destination: str = "") -> dict[str, tuple[str, str]]:
    """The parties that every example of a direction has: role -> name and country."""
    if direction == "import":
        standard = {"importer": ("Riga Cloud SIA", "LV"), "exporter": ("Overseas Supplies Inc", "")}
    else:
        standard = {"exporter": ("Baltic Precision SIA", "LV"), "consignee": ("Consignee Ltd", destination)}
        standard["end_user"] = ("Consignee Ltd", destination)
    if direction == "brokering":
        standard = {"broker": ("Baltic Precision SIA", "LV"), **standard, "exporter": ("Overseas Supplies Inc", "")}
    return standard


def _parties(direction: str, destination: str, patch: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for role, (name, country) in standing_roles(direction, destination).items():
        if role not in patch.get("without", ()):
            yield {"role": role, "name": name, "country": country, **patch.get(role, {})}
    yield from patch.get("also", ())


def _lines(patch: Mapping[str, Any]) -> list[dict[str, Any]]:
    plain = {"description": "office furniture", "quantity": 1, "unit": "pcs", "value": 100, "currency": "EUR"}
    given = patch.get("lines") or [patch.get("line", {})]
    hs = (
        {} if any(name in given[0] for name in ("control_code", "cas_number", "description")) else {"hs_code": "940330"}
    )
    return [{"number": number, **plain, **hs, **line} for number, line in enumerate(given, start=1)]


def _licence(row: Mapping[str, Any]) -> Licence:
    plain = {"exporter": "Baltic Precision SIA", "end_user": "Consignee Ltd", "destination": "BR", "unit": "pcs"}
    numbers = {"quantity": 1.0, "value_eur": 1e6, "used_quantity": 0.0, "used_value_eur": 0.0}
    days = {
        name: date.fromisoformat(row.get(name, day))
        for name, day in (("valid_from", "2025-09-01"), ("valid_to", "2026-03-01"))
    }
    return Licence(**{**plain, **numbers, **row, **days})


def _dismissal(row: Mapping[str, Any], entry: Listed, party: str, number: int) -> Dismissal:
    plain = {"match": "similar", "reason": "other", "because": "Another party", "by": "An officer", "number": number}
    who = {"party": party, "list": entry.list, "entry_digest": entry_digest(entry)}
    days = {"on": day(row.get("on", "2025-11-01")), "expires": day(row.get("expires"))}
    return Dismissal(**{**plain, **who, **row, **days})
