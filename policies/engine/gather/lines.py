"""The facts of one line: its lists, general authorisations, chemical, licence and denials, as rules read them."""

from typing import Any

from policies.engine import facts, subjects
from policies.engine.classify.codes import within
from policies.engine.classify.lines import Classification
from policies.engine.classify.parameters import numbers
from policies.engine.gather import annexes
from policies.engine.policy import Policy

AMMUNITION = ("AMMO", "M1")
EPSILON = 1e-9


def line_subject(
    line: facts.Line, found: Classification, shipment: facts.Shipment, policy: Policy, *, terms: list[str]
) -> subjects.Line:
    """Everything a rule may read about one line."""
    return subjects.Line(
        number=line.number,
        description=line.description,
        intangible=line.intangible,
        quantity=line.quantity,
        unit=line.unit,
        value=line.value,
        currency=line.currency,
        hs=line.hs_code,
        hs_groups=_hs_groups(line.hs_code, policy),
        chemical=_chemical(found),
        concentration_percent=line.concentration_percent,
        terms=terms,
        attributes=numbers(line),
        rounds=(line.quantity or 0.0) if _is_ammunition(found, line) else 0.0,
        licence=_licence(line, found, shipment, policy),
        denials=_denials(found, shipment, policy),
        **_listing(found),
        **annexes.of_line(line, found, policy),
    )


def _listing(found: Classification) -> dict[str, Any]:
    """Which lists the line is on."""
    families = {entry.family: entry for entry in reversed(found.entries)}
    torture, national = families.get("anti_torture"), families.get("national")
    return {
        "declared_code": found.declared,
        "entry": annexes.top(found.entries[0].code) if found.entries else "",
        "code": found.codes[0] if found.entries else "",
        "codes": list(found.codes) if found.entries else [],
        "annex_i": "annex_i" in families,
        "military": "military" in families,
        "firearm": "firearm" in families,
        "anti_torture": torture.annex if torture else "",
        "national": national.state if national else "",
        "listed": bool(found.entries),
        "listed_by_cas": found.listed_by_cas,
        "exempted_by_cas": found.exempted,
        "mismatch": list(found.mismatch),
        "unknown_code": found.unknown_code,
    }


def _hs_groups(code: str, policy: Policy) -> list[str]:
    named = policy.hs_groups.items()
    return [name for name, codes in named if code.startswith(codes)] if code else []


def _chemical(found: Classification) -> subjects.Chemical:
    if found.substance is None:
        return subjects.Chemical()
    chemical = found.substance.chemical
    return subjects.Chemical(
        code=chemical.code,
        name=chemical.name,
        cas=chemical.cas,
        schedule=chemical.schedule,
        found_by=found.substance.found_by,
        threshold=found.substance.threshold,
        below_threshold=found.below_threshold,
    )


def _is_ammunition(found: Classification, line: facts.Line) -> bool:
    return any(entry.code in AMMUNITION for entry in found.entries) or line.hs_code.startswith("9306")


def _licence(line: facts.Line, found: Classification, shipment: facts.Shipment, policy: Policy) -> subjects.LicenceUse:
    number = shipment.declarations.licence
    held = next((item for item in shipment.licences if item.number == number), None)
    if not number or held is None:
        return subjects.LicenceUse(number=number)
    same = policy.watch.same_name
    day = shipment.judged_on
    in_force = bool(day and held.valid_from <= day <= held.valid_to)
    drawn = [item for item in shipment.lines if _same_goods(item, held, policy)]
    values = [item.value if item.currency == "EUR" else None for item in drawn]
    return subjects.LicenceUse(
        number=number,
        found=True,
        active=held.state == "active",
        same_exporter=any(
            same(held.exporter, party.name)
            for party in shipment.parties
            if party.role in ("exporter", "broker", "importer")
        ),
        same_end_user=any(
            same(held.end_user, party.name) and party.country in ("", held.destination)
            for party in _receivers(shipment)
        ),
        same_destination=held.destination == shipment.destination
        and shipment.final_destination in ("", held.destination),
        same_goods=line in drawn,
        in_force=in_force,
        expired=bool(day) and not in_force,
        within_quantity=sum(item.quantity or 0.0 for item in drawn) <= held.quantity - held.used_quantity + EPSILON,
        within_value=None not in values
        and sum(value for value in values if value) <= held.value_eur - held.used_value_eur + EPSILON,
    )


def _receivers(shipment: facts.Shipment) -> list[facts.Party]:
    """The end users; where none is named the consignees, on import the importers."""
    for role in ("end_user", "consignee", "importer"):
        if named := [party for party in shipment.parties if party.role == role]:
            return named
    return []


def _same_goods(line: facts.Line, held: facts.Licence, policy: Policy) -> bool:
    return within(policy.goods.normal(line.control_code), policy.goods.normal(held.code)) and line.unit == held.unit


def _denials(found: Classification, shipment: facts.Shipment, policy: Policy) -> list[subjects.Denial]:
    day = shipment.judged_on
    receivers = [party for party in shipment.parties if party.role not in ("exporter", "carrier", "bank")]
    result = []
    for item in policy.denials:
        denied = policy.goods.normal(item.item_code)
        same_end_user = any(
            policy.watch.same_name(item.end_user, name) for party in receivers for name in (party.name, *party.aliases)
        )
        same_item = any(within(code, denied) or within(denied, code) for code in found.codes[:1]) if denied else False
        if same_end_user or (same_item and item.country in (shipment.destination, shipment.final_destination)):
            result.append(
                subjects.Denial(
                    id=item.id,
                    member_state=item.member_state,
                    date=item.date.isoformat(),
                    same_item=same_item,
                    same_end_user=same_end_user,
                    within_years=(day - item.date).days / 365.25 if day else 0.0,
                    valid=item.valid,
                )
            )
    return result
