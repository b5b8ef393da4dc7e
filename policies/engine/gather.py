"""Facts + lists -> subjects: everything a rule may read about a shipment, computed once before the rules run."""

from dataclasses import asdict, dataclass
from datetime import date

from policies.engine import facts, subjects
from policies.engine.classify.lines import Classification, classify
from policies.engine.classify.text import words
from policies.engine.gather_lines import line_subject
from policies.engine.match.index import Hit
from policies.engine.policy import Policy

END_USER_ROLES = ("end_user", "consignee")
CLAIMS = (
    ("ru_derogation", ("2(4)", "2a(4)", "2b")),
    ("ru_exemption", ("2(3)", "2a(3)")),
    ("by_derogation", ("1e(4)", "1f(4)")),
    ("by_exemption", ("1e(3)", "1f(3)")),
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The subjects, with the classifications and hits behind them for the evidence of findings."""

    on: date | None
    shipment: subjects.Shipment
    countries: tuple[subjects.Country, ...]
    classifications: tuple[Classification, ...]
    hits: tuple[tuple[Hit, ...], ...]


def gather(shipment: facts.Shipment, policy: Policy) -> Gathered:
    """Classify the lines, match the parties, look up the countries and put it all in the shape that rules read."""
    on = shipment.judged_on
    terms = _Terms(policy)
    hits = tuple(
        tuple(policy.watch.hits(party, review=policy.setting.match_review, majority=policy.setting.ownership_percent))
        for party in shipment.parties
    )
    parties = [
        _party(number, party, hits[number - 1], shipment, policy, terms)
        for number, party in enumerate(shipment.parties, 1)
    ]
    roles = _roles(shipment)
    countries = tuple(_country(code, sorted(found), policy) for code, found in roles.items())
    by_code = {country.code: country for country in countries}
    ends = [by_code[code] for code in _ends(shipment)]
    import_side = [by_code[shipment.origin]] if shipment.origin else []
    cwc_party = all(country.cwc_party for country in (import_side if shipment.direction == "import" else ends))
    classified = tuple(
        classify(line, policy.goods, on=on, cwc_party=cwc_party, negations=terms.index["negations"])
        for line in shipment.lines
    )
    lines = [
        line_subject(line, found, shipment, policy, terms=terms.found(line.description, "surveillance_items"))
        for line, found in zip(shipment.lines, classified, strict=True)
    ]
    end_users = [party for role in END_USER_ROLES for party in parties if party.role == role]
    end_use_terms = terms.end_use(shipment.end_use)
    military = "military" in end_use_terms or any(party.type == "armed_forces" for party in end_users)
    claimed = shipment.declarations.general_authorisations
    subject = subjects.Shipment(
        direction=shipment.direction,
        reference=shipment.reference,
        date=on.isoformat() if on else "",
        origin=by_code.get(shipment.origin, subjects.Country()),
        destination=by_code.get(shipment.destination, subjects.Country()),
        final_destination=by_code.get(shipment.final_destination, subjects.Country()),
        transit=[by_code[code] for code in shipment.transit_countries],
        ends=ends,
        outside_eu=any("EU" not in country.groups for country in ends),
        cwc_party=cwc_party,
        lines=lines,
        parties=parties,
        end_user=_end_user(shipment, parties, end_users),
        end_use=shipment.end_use,
        end_use_terms=end_use_terms,
        military_end_use=military,
        security_end_use=military
        or "security_end_use" in end_use_terms
        or any(
            party.type in ("police", "intelligence", "interior_ministry", "security_company") for party in end_users
        ),
        free_zone=any(party.in_free_zone for party in end_users),
        authorised=[name for name in claimed if ends and all(_authorised(name, country) for country in ends)],
        known_authorisations=[name for name in claimed if name in policy.authorisations],
        reexport_outside=[
            name for name in claimed if _leaves_area(name, by_code.get(shipment.final_destination), policy)
        ],
        missing=_missing(shipment),
        stale_lists=list(shipment.stale_lists),
        rounds=sum(line.rounds for line in lines),
        declarations=_declarations(shipment.declarations),
        initial_licence=_initial_licence(shipment, policy),
    )
    return Gathered(on, subject, countries, classified, hits)


class _Terms:
    """The term lists of a policy, each indexed once and kept with the policy's own index."""

    def __init__(self, policy: Policy) -> None:
        self.index = policy.term_index

    def found(self, text: str, *names: str) -> list[str]:
        split = words(text)
        return [name for name in names if self.index[name].find(split)]

    def end_use(self, text: str) -> list[str]:
        """Term lists found in an end-use statement. A negation next to a military term takes it back."""
        split = words(text)
        found = self.found(text, "wmd", "military", "repression", "security_end_use", "hunting", "sport_shooting")
        if "military" in found and self.index["negations"].find(split):
            found.remove("military")
        if text and self.index["generic_end_use"].equals(split):
            found.append("generic_end_use")
        return found


def _roles(shipment: facts.Shipment) -> dict[str, set[str]]:
    roles: dict[str, set[str]] = {}
    named = [
        ("origin", shipment.origin),
        ("destination", shipment.destination),
        ("final_destination", shipment.final_destination),
    ]
    named += [("transit", code) for code in shipment.transit_countries]
    named += [(party.role, party.country) for party in shipment.parties]
    for role, code in named:
        if code:
            roles.setdefault(code, set()).add(role)
    return roles


def _ends(shipment: facts.Shipment) -> list[str]:
    """Countries where the goods end up. A person who takes goods along and brings them back is no destination."""
    codes = [shipment.destination, shipment.final_destination]
    if not shipment.declarations.personal_effects:
        codes += [party.country for party in shipment.parties if party.role in END_USER_ROLES]
    return list(dict.fromkeys(code for code in codes if code))


def _country(code: str, roles: list[str], policy: Policy) -> subjects.Country:
    row = policy.destinations.get(code)
    if row is None:
        return subjects.Country(code=code, roles=roles, cwc_party=False)
    return subjects.Country(
        code=code, name=row.name, groups=list(row.groups), cwc_party=row.cwc_party, embargo=row.embargo, roles=roles
    )


def _authorised(name: str, country: subjects.Country) -> bool:
    return name in country.groups


def _leaves_area(name: str, final: subjects.Country | None, policy: Policy) -> bool:
    area = policy.authorisations[name].reexport_area if name in policy.authorisations else ()
    return bool(final and final.code and area) and not set(area) & set(final.groups if final else ())


def _party(
    number: int, party: facts.Party, hits: tuple[Hit, ...], shipment: facts.Shipment, policy: Policy, terms: _Terms
) -> subjects.Party:
    months = None
    if party.registered_on and shipment.judged_on:
        day = shipment.judged_on
        months = (
            (day.year - party.registered_on.year) * 12
            + day.month
            - party.registered_on.month
            - (day.day < party.registered_on.day)
        )
    return subjects.Party(
        number=number,
        role=party.role,
        name=party.name,
        type=party.type,
        country=_country(party.country, [party.role], policy) if party.country else subjects.Country(),
        in_free_zone=party.in_free_zone,
        wholly_owned_by_exporter=party.wholly_owned_by_exporter,
        registered_months=None if months is None else float(months),
        terms=terms.found(party.address, "po_box", "ua_ngca_places"),
        hits=[_hit(hit) for hit in hits],
        third_party_payer=party.role == "payer" and _is_third_party(party, shipment),
    )


def _is_third_party(payer: facts.Party, shipment: facts.Shipment) -> bool:
    principals = ("exporter", "importer", "consignee", "end_user")
    return not any(
        other.role in principals and other.name.casefold() == payer.name.casefold() for other in shipment.parties
    )


def _hit(hit: Hit) -> subjects.Hit:
    return subjects.Hit(
        match=hit.match,
        effect=hit.entry.effect,
        list=hit.entry.list,
        entry=hit.entry.id,
        name=hit.name,
        declared=hit.declared,
        score=hit.score,
        country_contradicts=hit.country_contradicts,
        percent=hit.percent,
    )


def _end_user(
    shipment: facts.Shipment, parties: list[subjects.Party], end_users: list[subjects.Party]
) -> subjects.Party:
    if shipment.direction == "import":
        end_users = [*end_users, *(party for party in parties if party.role == "importer")]
    return end_users[0] if end_users else subjects.Party()


def _declarations(declared: facts.Declarations) -> subjects.Declarations:
    plain = asdict(declared)
    processing = {None: "", True: "yes", False: "no"}[plain.pop("no_processing_in_destination")]
    squeezed = declared.exemption_claimed.lower().replace(" ", "")
    claims = [claim for claim, marks in CLAIMS if any(mark in squeezed for mark in marks)]
    for name in ("first_use_notified_days", "return_within_days"):
        plain[name] = None if plain[name] is None else float(plain[name])
    lists = {name: list(value) for name, value in plain.items() if isinstance(value, tuple)}
    return subjects.Declarations(**{**plain, **lists}, no_processing_in_destination=processing, claims=claims)


def _initial_licence(shipment: facts.Shipment, policy: Policy) -> subjects.InitialLicence:
    number = shipment.declarations.initial_licence
    found = next((item for item in shipment.licences if item.number == number), None)
    if not number or found is None:
        return subjects.InitialLicence(number=number)
    same = policy.watch.same_name
    exporters = [party.name for party in shipment.parties if party.role == "exporter"]
    receivers = [party.name for party in shipment.parties if party.role in END_USER_ROLES]
    day = shipment.judged_on
    return subjects.InitialLicence(
        number=number,
        found=True,
        revoked=found.state in ("revoked", "suspended"),
        same_exporter=any(same(found.exporter, name) for name in exporters),
        same_end_user=any(same(found.end_user, name) for name in receivers),
        years=(day - found.valid_from).days / 365.25 if day else 0.0,
    )


def _missing(shipment: facts.Shipment) -> list[str]:
    """Mandatory fields that are absent, as paths. Which they are is RULES.md 1: complete enough to be judged."""
    absent = [name for name in ("direction", "origin", "destination", "shipment_date") if not getattr(shipment, name)]
    if not shipment.lines:
        absent.append("lines")
    for position, line in enumerate(shipment.lines):
        absent += [
            f"lines[{position}].{name}" for name in ("description", "quantity", "unit") if not getattr(line, name)
        ]
    roles = {party.role for party in shipment.parties}
    sender = {"import": "importer", "brokering": "broker"}.get(shipment.direction, "exporter")
    if sender not in roles:
        absent.append(f"parties: {sender}")
    if shipment.direction != "import" and not roles & set(END_USER_ROLES):
        absent.append("parties: consignee or end_user")
    return absent
