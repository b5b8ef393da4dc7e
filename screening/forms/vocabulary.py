"""The words for people behind the codes of the payload vocabulary."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries

ROLES: dict[str, Any] = {
    "exporter": _("Exporter"),
    "importer": _("Importer"),
    "consignee": _("Consignee"),
    "end_user": _("End user"),
    "intermediary": _("Intermediary"),
    "broker": _("Broker"),
    "carrier": _("Carrier"),
    "freight_forwarder": _("Freight forwarder"),
    "payer": _("Payer"),
    "bank": _("Bank"),
    "notify_party": _("Notify party"),
}
PARTY_TYPES: dict[str, Any] = {
    "private": _("Private company"),
    "armed_forces": _("Armed forces"),
    "police": _("Police"),
    "intelligence": _("Intelligence service"),
    "interior_ministry": _("Ministry of the interior"),
    "government": _("Government body"),
    "hospital": _("Hospital"),
    "university": _("University or research institute"),
    "freight_forwarder": _("Freight forwarder"),
    "person": _("Natural person"),
    "certified_recipient": _("Certified recipient"),
    "international_organisation": _("International organisation"),
    "security_company": _("Security company"),
    "bank": _("Bank"),
}
UNITS: dict[str, Any] = {
    "pcs": _("pieces"),
    "set": _("sets"),
    "pair": _("pairs"),
    "g": "g",
    "mg": "mg",
    "kg": "kg",
    "t": "t",
    "mL": "mL",
    "L": "L",
    "m": "m",
    "m2": "m²",
    "m3": "m³",
    "licence": _("licences"),
    "file": _("files"),
    "dataset": _("data sets"),
}
CONCERNS: dict[str, Any] = {
    "wmd": _("Weapons of mass destruction or their delivery"),
    "military": _("Military end use in an embargoed country"),
    "illicit_parts": _("Parts for military goods exported without authorisation"),
    "repression": _("Internal repression or human rights violations"),
}
IDENTIFIERS: dict[str, Any] = {
    "registration": _("Registration number"),
    "vat": _("VAT number"),
    "imo": _("IMO number"),
    "passport": _("Passport"),
    "tax": _("Tax number"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
}
AUTHORISATIONS = ("EU001", "EU002", "EU003", "EU004", "EU005", "EU006", "EU007", "EU008")
STATEMENTS: dict[str, Any] = {
    "no_russia_clause": _("The contract forbids re-export to Russia and Belarus"),
    "temporary_export": _("The goods leave temporarily and come back"),
    "public_fair": _("They are shown at a public fair or exhibition"),
    "repair_return": _("They are returned after repair or replacement"),
    "same_end_user": _("They go back to the end user of the initial licence"),
    "personal_effects": _("They are accompanied personal effects"),
    "invitation_on_file": _("An invitation or proof of the activity is on file"),
    "public_domain": _("The technology or software is in the public domain"),
    "internal_compliance_programme": _("We run an internal compliance programme"),
    "government_approval_on_file": _("An approval of the recipient state's government is on file"),
}


def country_name(code: str) -> str:
    """The name in the reader's language; the code itself when it is no country."""
    if code == "XK":
        return "Kosovo"
    return str(countries.name(code) or code)


def country_choices() -> list[tuple[str, str]]:
    """Every country by name, with its code shown: exporters know both."""
    named = [(code, f"{name} ({code})") for code, name in countries] + [("XK", "Kosovo (XK)")]
    return [("", "—"), *sorted(named, key=lambda pair: pair[1].casefold())]
