"""What is declared beside route, parties and goods: declarations, a quoted earlier licence, and what is missing."""

import re
from dataclasses import fields

from policies.engine import facts, subjects
from policies.engine.gather.route import END_USER_ROLES
from policies.engine.policy import Policy

_CITED = re.compile(
    r"^(?:reg(?:ulation)?\.?\s*)?(?:\(eu\)\s*)?(?:no\.?\s*)?(?:833/2014|765/2006)?[\s,]*(?:art(?:icle)?s?\.?\s*)?"
    r"(2a?|1e|1f)\s*\(\s*([34])\s*\)\s*\(\s*([a-z])\s*\)",
    re.IGNORECASE,
)
_DECLARED = tuple(field.name for field in fields(facts.Declarations))
CLAIMS = {  # article and paragraph -> the claim, and the last letter that the paragraph has
    ("2", "3"): ("ru_exemption", "g"),
    ("2a", "3"): ("ru_exemption", "g"),
    ("2", "4"): ("ru_derogation", "h"),
    ("2a", "4"): ("ru_derogation", "h"),
    ("1e", "3"): ("by_exemption", "h"),
    ("1f", "3"): ("by_exemption", "h"),
    ("1e", "4"): ("by_derogation", "h"),
    ("1f", "4"): ("by_derogation", "h"),
}


def declarations(declared: facts.Declarations) -> subjects.Declarations:
    """The declarations, with the articles that an exemption claim names."""
    plain = {name: getattr(declared, name) for name in _DECLARED}
    processing = {None: "", True: "yes", False: "no"}[plain.pop("no_processing_in_destination")]
    for name in ("first_use_notified_days", "return_within_days"):
        plain[name] = None if plain[name] is None else float(plain[name])
    lists = {name: list(value) for name, value in plain.items() if isinstance(value, tuple)}
    return subjects.Declarations(
        **{**plain, **lists}, no_processing_in_destination=processing, claims=claims(declared.exemption_claimed)
    )


def claims(text: str) -> list[str]:
    """The claim that an exemption text opens with. A text that cites no paragraph with its letter claims nothing.

    >>> claims("Art 2(3)(b) medical"), claims("Art 2(3)(h)"), claims("not Art 2(3)(b)")
    (['ru_exemption'], [], [])
    """
    if not (cited := _CITED.match(text.strip())):
        return []
    claim, last = CLAIMS.get((cited[1].lower(), cited[2]), ("", ""))
    return [claim] if claim and cited[3].lower() <= last else []


def initial_licence(shipment: facts.Shipment, policy: Policy) -> subjects.InitialLicence:
    """The licence that a repair return quotes, as far as the register knows it."""
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
        code=policy.goods.normal(found.code),
        revoked=found.state in ("revoked", "suspended"),
        same_exporter=any(same(found.exporter, name) for name in exporters),
        same_end_user=any(same(found.end_user, name) for name in receivers),
        years=(day - found.valid_from).days / 365.25 if day else 0.0,
    )


def missing(shipment: facts.Shipment) -> list[str]:
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
