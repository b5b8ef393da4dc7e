"""The facts of one party: who it is, where, and which list entries it met."""

from datetime import date

from policies.engine import facts, subjects
from policies.engine.gather.route import country
from policies.engine.gather.terms import IN_ADDRESS, Terms
from policies.engine.match.dismissals import Dismissed
from policies.engine.match.hits import Hit
from policies.engine.policy import Policy

Met = tuple[tuple[Hit, ...], tuple[Dismissed, ...]]  # the hits that stand, and those dismissed earlier


def party_subject(
    number: int, party: facts.Party, met: Met, shipment: facts.Shipment, policy: Policy, terms: Terms
) -> subjects.Party:
    """Everything a rule may read about one party."""
    hits, dismissed = met
    return subjects.Party(
        number=number,
        role=party.role,
        name=party.name,
        type=party.type,
        country=country(party.country, [party.role], policy, on=shipment.judged_on)
        if party.country
        else subjects.Country(),
        in_free_zone=party.in_free_zone,
        wholly_owned_by_exporter=party.wholly_owned_by_exporter,
        registered_months=_months(party.registered_on, shipment.judged_on),
        terms=terms.found(party.address, *IN_ADDRESS),
        hits=[_hit(hit) for hit in hits],
        dismissed=[_hit(item.hit) for item in dismissed],
        third_party_payer=party.role == "payer" and _is_third_party(party, shipment, policy),
    )


def dismissals_shown(shipment: facts.Shipment, policy: Policy) -> tuple[facts.Dismissal, ...]:
    """The dismissals held, if a rule would say that they were used: no hit is put away without a word."""
    if not shipment.dismissals:
        return ()
    told = any(
        ".dismissed" in clause.source
        for rule in policy.rules
        if rule.in_force(shipment.judged_on) and (not rule.directions or shipment.direction in rule.directions)
        for clause in rule.clauses
    )
    return shipment.dismissals if told else ()


def _months(since: date | None, day: date | None) -> float | None:
    if since is None or day is None:
        return None
    return float((day.year - since.year) * 12 + day.month - since.month - (day.day < since.day))


def _is_third_party(payer: facts.Party, shipment: facts.Shipment, policy: Policy) -> bool:
    principals = ("exporter", "importer", "consignee", "end_user")
    return not any(
        other.role in principals and policy.watch.same_name(other.name, payer.name) for other in shipment.parties
    )


def _hit(hit: Hit) -> subjects.Hit:
    return subjects.Hit(
        match=hit.match,
        effect=hit.entry.effect,
        list=hit.entry.list,
        entry=hit.entry.id,
        kind=hit.entry.kind,
        programme=hit.entry.programme,
        name=hit.name,
        declared=hit.declared,
        score=hit.score,
        country_contradicts=hit.country_contradicts,
        birth_contradicts=hit.birth_contradicts,
        near_certain=hit.near_certain,
        percent=hit.percent,
    )
