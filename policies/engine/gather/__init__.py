"""Facts + lists -> subjects: everything a rule may read about a shipment, computed once before the rules run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.engine import facts, subjects
from policies.engine.classify.lines import Classification, classify
from policies.engine.gather import declared, route
from policies.engine.gather.lines import line_subject
from policies.engine.gather.parties import Met, dismissals_shown, party_subject
from policies.engine.gather.terms import Terms
from policies.engine.match.dismissals import Dismissed, split
from policies.engine.match.hits import Hit
from policies.engine.policy import Policy

SECURITY = ("police", "intelligence", "interior_ministry", "security_company")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The subjects, with the classifications and hits behind them for the evidence of findings.

    `hits` are those that stand, `dismissed` those that an officer dismissed earlier; a tuple for each party.
    """

    on: date | None
    shipment: subjects.Shipment
    countries: tuple[subjects.Country, ...]
    classifications: tuple[Classification, ...]
    hits: tuple[tuple[Hit, ...], ...]
    dismissed: tuple[tuple[Dismissed, ...], ...] = ()


def gather(shipment: facts.Shipment, policy: Policy) -> Gathered:
    """Classify the lines, match the parties, look up the countries and put it all in the shape that rules read."""
    terms = Terms(policy)
    on = shipment.judged_on
    countries = {
        code: route.country(code, sorted(roles), policy, on=on) for code, roles in route.roles(shipment).items()
    }
    ends = [countries[code] for code in route.ends(shipment)]
    judged = [countries[shipment.origin]] if shipment.direction == "import" and shipment.origin else ends
    cwc_party = all(country.cwc_party for country in judged)
    met = _met(shipment, policy)
    classifications = _classified(shipment, policy, terms, cwc_party=cwc_party)
    people = _people(shipment, met, policy, terms)
    security = people["security_end_use"] or "repression" in (
        *people["end_use_terms"],
        *shipment.declarations.exporter_aware,
    )
    lines = [
        line_subject(line, found, shipment, policy, terms=terms.description(line.description, security=security))
        for line, found in zip(shipment.lines, classifications, strict=True)
    ]
    subject = subjects.Shipment(
        cwc_party=cwc_party,
        ends=ends,
        reach=[countries[code] for code in route.reach(shipment)],
        outside_eu=any("EU" not in country.groups for country in ends),
        lines=lines,
        rounds=sum(line.rounds for line in lines),
        **_route(shipment, countries),
        **people,
        **_claims(shipment, ends, countries, policy),
        **_declared(shipment, policy),
    )
    standing, dismissed = tuple(hits for hits, _ in met), tuple(earlier for _, earlier in met)
    return Gathered(shipment.judged_on, subject, tuple(countries.values()), classifications, standing, dismissed)


def _classified(
    shipment: facts.Shipment, policy: Policy, terms: Terms, *, cwc_party: bool
) -> tuple[Classification, ...]:
    return tuple(
        classify(
            line,
            policy.goods,
            on=shipment.judged_on,
            cwc_party=cwc_party,
            negated=terms.negations(line.description),
            review=policy.setting.classify_review,
        )
        for line in shipment.lines
    )


def _met(shipment: facts.Shipment, policy: Policy) -> list[Met]:
    """For each party the hits that stand, and those that an officer dismissed earlier."""
    setting, known = policy.setting, dismissals_shown(shipment, policy)
    review, majority = setting.match_review, setting.ownership_percent
    return [
        split(
            party,
            policy.watch.hits(party, review=review, majority=majority),
            known,
            on=shipment.screened_on,
            setting=setting,
        )
        for party in shipment.parties
    ]


def _route(shipment: facts.Shipment, countries: dict[str, subjects.Country]) -> dict[str, Any]:
    absent = subjects.Country()
    return {
        "direction": shipment.direction,
        "reference": shipment.reference,
        "date": shipment.judged_on.isoformat() if shipment.judged_on else "",
        "origin": countries.get(shipment.origin, absent),
        "destination": countries.get(shipment.destination, absent),
        "final_destination": countries.get(shipment.final_destination, absent),
        "transit": [countries[code] for code in shipment.transit_countries],
    }


def _people(shipment: facts.Shipment, met: Sequence[Met], policy: Policy, terms: Terms) -> dict[str, Any]:
    parties = [
        party_subject(number, party, met[number - 1], shipment, policy, terms)
        for number, party in enumerate(shipment.parties, start=1)
    ]
    receivers = [party for role in route.END_USER_ROLES for party in parties if party.role == role]
    importers = [party for party in parties if party.role == "importer" and shipment.direction == "import"]
    end_use = terms.end_use(shipment.end_use)
    military = "military" in end_use or any(party.type == "armed_forces" for party in receivers)
    security = military or "security_end_use" in end_use or any(party.type in SECURITY for party in receivers)
    return {
        "parties": parties,
        "end_user": next(iter([*receivers, *importers]), subjects.Party()),
        "end_use": shipment.end_use,
        "end_use_terms": end_use,
        "military_end_use": military,
        "security_end_use": security,
        "free_zone": any(party.in_free_zone for party in receivers),
    }


def _claims(
    shipment: facts.Shipment, ends: list[subjects.Country], countries: dict[str, subjects.Country], policy: Policy
) -> dict[str, Any]:
    claimed = shipment.declarations.general_authorisations
    final = countries.get(shipment.final_destination)
    return {
        "authorised": [name for name in claimed if route.authorised(name, shipment.destination, ends, policy)],
        "known_authorisations": [name for name in claimed if name in policy.authorisations],
        "reexport_outside": [name for name in claimed if route.leaves_area(name, final, policy)],
    }


def _declared(shipment: facts.Shipment, policy: Policy) -> dict[str, Any]:
    return {
        "missing": declared.missing(shipment),
        "stale_lists": list(shipment.stale_lists),
        "declarations": declared.declarations(shipment.declarations),
        "initial_licence": declared.initial_licence(shipment, policy),
    }
