"""The facts of one line: its lists, general authorisations, chemical, licence and denials, as rules read them."""

from collections.abc import Sequence

from policies.engine import facts, subjects
from policies.engine.classify.codes import parents, within
from policies.engine.classify.lines import Classification
from policies.engine.classify.parameters import numbers
from policies.engine.lists import Authorisation, Entry
from policies.engine.policy import Policy

AMMUNITION = ("AMMO", "M1")
RECEIVERS = ("end_user", "consignee")
EPSILON = 1e-9


def line_subject(
    line: facts.Line, found: Classification, shipment: facts.Shipment, policy: Policy, *, terms: list[str]
) -> subjects.Line:
    """Everything a rule may read about one line."""
    annex_i = _family(found, "annex_i")
    code = next((item for item in found.codes), "")
    entry = next((item for item in found.entries), None)
    judged = _judged(found, annex_i)
    return subjects.Line(
        number=line.number,
        description=line.description,
        declared_code=found.declared,
        entry=_top(entry.code) if entry else "",
        code=code if found.entries else "",
        codes=list(found.codes) if found.entries else [],
        annex_i=annex_i is not None,
        military=_family(found, "military") is not None,
        firearm=_family(found, "firearm") is not None,
        anti_torture=next((item.annex for item in found.entries if item.family == "anti_torture"), ""),
        national=next((item.state for item in found.entries if item.family == "national"), ""),
        listed=bool(found.entries),
        category=annex_i.code[0] if annex_i else "",
        group=annex_i.group if annex_i else "",
        annex_iv=_part(annex_i.annex_iv, annex_i.annex_iv_codes, judged) if annex_i else "no",
        section_i=_part(annex_i.section_i, annex_i.section_i_codes, judged) if annex_i else "no",
        authorisations=_authorisations(annex_i, judged, policy) if annex_i else [],
        intangible=line.intangible,
        quantity=line.quantity,
        unit=line.unit,
        value=line.value,
        currency=line.currency,
        hs=line.hs_code,
        hs_groups=[
            name for name, codes in policy.hs_groups.items() if any(line.hs_code.startswith(item) for item in codes)
        ]
        if line.hs_code
        else [],
        listed_by_cas=found.listed_by_cas,
        exempted_by_cas=found.exempted,
        chemical=_chemical(found),
        concentration_percent=line.concentration_percent,
        terms=terms,
        mismatch=list(found.mismatch),
        unknown_code=found.unknown_code,
        attributes=numbers(line),
        rounds=(line.quantity or 0.0) if _is_ammunition(found, line) else 0.0,
        licence=_licence(line, found, shipment, policy),
        denials=_denials(found, shipment, policy),
    )


def _family(found: Classification, family: str) -> Entry | None:
    return next((entry for entry in found.entries if entry.family == family), None)


def _top(code: str) -> str:
    return code if code.startswith("AT-") else parents(code)[-1]


def _judged(found: Classification, entry: Entry | None) -> str:
    """The most exact code the line has under an entry: the declared sub-entry, or the chemical's."""
    return next((code for code in found.codes if entry and within(code, _top(entry.code))), "")


def _part(whole: str, codes: Sequence[str], code: str) -> str:
    """Whether a code is in the part of an entry that an annex names: yes, no, or unknown while it is too general."""
    if whole in ("no", "full"):
        return "yes" if whole == "full" else "no"
    if any(within(code, item) for item in codes):
        return "yes"
    return "unknown" if not codes or any(within(item, code) for item in codes) else "no"


def _authorisations(entry: Entry, code: str, policy: Policy) -> list[str]:
    section_i = _part(entry.section_i, entry.section_i_codes, code)
    return [
        item.id
        for item in policy.authorisations.values()
        if _includes(item, entry, code) and (section_i == "no" or not item.section_i)
    ]


def _includes(item: Authorisation, entry: Entry, code: str) -> bool:
    """A code counts as included only when all of it is: a parent of an excluded sub-entry is not."""
    if item.included_groups and entry.group not in item.included_groups:
        return False
    if any(within(code, other) or within(other, code) for other in item.exclude):
        return False
    return "*" in item.include or any(within(code, other) for other in item.include)


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
            same(held.end_user, party.name) for party in shipment.parties if party.role in (*RECEIVERS, "importer")
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
