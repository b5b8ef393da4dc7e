"""The countries of a shipment: which there are, in which role, and where the goods end up."""

from datetime import date

from policies.engine import facts, subjects
from policies.engine.lists import groups_of
from policies.engine.policy import Policy

END_USER_ROLES = ("end_user", "consignee")
BUYERS = ("importer", "intermediary")


def roles(shipment: facts.Shipment) -> dict[str, set[str]]:
    """Every country of the shipment, with what it is there for: origin, destination, transit, or a party's role."""
    found: dict[str, set[str]] = {}
    named = [
        ("origin", shipment.origin),
        ("destination", shipment.destination),
        ("final_destination", shipment.final_destination),
    ]
    named += [("transit", code) for code in shipment.transit_countries]
    named += [(party.role, party.country) for party in shipment.parties]
    for role, code in named:
        if code:
            found.setdefault(code, set()).add(role)
    return found


def ends(shipment: facts.Shipment) -> list[str]:
    """Countries where the goods end up. A person who takes goods along and brings them back is no destination."""
    codes = [shipment.destination, shipment.final_destination]
    if not shipment.declarations.personal_effects:
        codes += [party.country for party in shipment.parties if party.role in END_USER_ROLES]
    return list(dict.fromkeys(code for code in codes if code))


def reach(shipment: facts.Shipment) -> list[str]:
    """Countries where somebody receives, buys or passes on the goods: sanctions ask for every person there."""
    buyers = () if shipment.direction == "import" else BUYERS
    bought = [party.country for party in shipment.parties if party.role in buyers and party.country]
    return list(dict.fromkeys([*ends(shipment), *bought]))


def country(code: str, roles: list[str], policy: Policy, *, on: date | None) -> subjects.Country:
    """The country as rules read it, in its groups of that day. One that the policy has no row for has no name.

    A rule makes a finding of a country without a name.
    """
    row = policy.destinations.get(code)
    if row is None:
        return subjects.Country(code=code, roles=roles, cwc_party=False)
    return subjects.Country(
        code=code,
        name=row.name,
        groups=groups_of(row, on),
        cwc_party=row.cwc_party,
        embargo=row.embargo,
        roles=roles,
    )


def authorised(name: str, destination: str, ends: list[subjects.Country], policy: Policy) -> bool:
    """Whether a general authorisation names the destination, and every other end lies in the area it allows onward."""
    row = policy.authorisations.get(name)
    onward = {name, "EU", *(row.reexport_area if row else ())}
    return any(country.code == destination and name in country.groups for country in ends) and all(
        onward & set(country.groups) for country in ends
    )


def leaves_area(name: str, final: subjects.Country | None, policy: Policy) -> bool:
    """Whether the known final destination lies outside the area that a general authorisation allows onward."""
    area = policy.authorisations[name].reexport_area if name in policy.authorisations else ()
    return bool(final and final.code and area) and not set(area) & set(final.groups if final else ())
