"""What was declared: the payload of a shipment, and the records held about it, as frozen dataclasses.

The engine is a function of these facts and a policy, and of nothing else. Shapes follow the payload vocabulary of
the REST API; units are the declared ones, money is a float of the declared currency, dates are `datetime.date`.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.engine import held
from policies.engine.held import Dismissal as Dismissal
from policies.engine.held import Licence as Licence
from policies.engine.held import day as day


@dataclass(frozen=True, slots=True)
class Owner:
    name: str
    country: str = ""
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """One party in one role. `identifiers` maps a kind (registration, vat, imo, ...) to its declared value."""

    role: str
    name: str
    country: str = ""
    aliases: tuple[str, ...] = ()
    address: str = ""
    type: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    registered_on: date | None = None
    date_of_birth: str = ""
    in_free_zone: bool = False
    wholly_owned_by_exporter: bool = False
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of goods. `attributes` are technical parameters by name; only numbers can meet a threshold."""

    number: int
    description: str = ""
    control_code: str = ""
    hs_code: str = ""
    cas_number: str = ""
    concentration_percent: float | None = None
    quantity: float | None = None
    unit: str = ""
    value: float | None = None
    currency: str = ""
    intangible: bool = False
    attributes: tuple[tuple[str, str | float | bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Declarations:
    """What the exporter declares beside the goods. A field left out is `False`, empty or `None`, never an error."""

    exporter_informed: tuple[str, ...] = ()
    exporter_aware: tuple[str, ...] = ()
    general_authorisations: tuple[str, ...] = ()
    first_use_notified_days: int | None = None
    licence: str = ""
    no_russia_clause: bool = False
    temporary_export: bool = False
    return_within_days: int | None = None
    public_fair: bool = False
    repair_return: bool = False
    initial_licence: str = ""
    same_end_user: bool = False
    personal_effects: bool = False
    invitation_on_file: bool = False
    public_domain: bool = False
    internal_compliance_programme: bool = False
    no_processing_in_destination: bool | None = None
    government_approval_on_file: bool = False
    exemption_claimed: str = ""


@dataclass(frozen=True, slots=True)
class Shipment:
    """Everything the engine knows of one shipment. `stale_lists` are those past their age when it was asked.

    `screened_on` is the day on which it was asked; it is kept only where dismissals are held, which count by it.
    """

    direction: str
    reference: str = ""
    origin: str = ""
    destination: str = ""
    final_destination: str = ""
    transit_countries: tuple[str, ...] = ()
    shipment_date: date | None = None
    received_on: date | None = None
    parties: tuple[Party, ...] = ()
    lines: tuple[Line, ...] = ()
    end_use: str = ""
    declarations: Declarations = Declarations()
    licences: tuple[Licence, ...] = ()
    stale_lists: tuple[str, ...] = ()
    dismissals: tuple[Dismissal, ...] = ()
    screened_on: date | None = None

    @property
    def judged_on(self) -> date | None:
        """The day whose law applies: the shipment date, or the day of receipt while no date is declared."""
        return self.shipment_date or self.received_on


def read(
    payload: Mapping[str, Any],
    *,
    licences: Sequence[Licence] = (),
    stale_lists: Sequence[str] = (),
    received_on: date | None = None,
    dismissals: Sequence[Dismissal] = (),
    screened_on: date | None = None,
) -> Shipment:
    """Build the facts from a cleaned payload (see `screening.payload.clean`) and the records held about it.

    >>> read({"direction": "export", "destination": "NO"}).destination
    'NO'
    """
    return Shipment(
        direction=payload.get("direction", ""),
        reference=payload.get("reference", ""),
        origin=payload.get("origin", ""),
        destination=payload.get("destination", ""),
        final_destination=payload.get("final_destination", ""),
        transit_countries=tuple(payload.get("transit_countries", ())),
        shipment_date=day(payload.get("shipment_date")),
        received_on=received_on,
        parties=tuple(_party(party) for party in payload.get("parties", ())),
        lines=tuple(_line(line) for line in payload.get("lines", ())),
        end_use=payload.get("end_use", ""),
        declarations=_declarations(payload.get("declarations", {})),
        licences=tuple(licences),
        stale_lists=tuple(sorted(stale_lists)),
        dismissals=tuple(dismissals),
        screened_on=screened_on if dismissals else None,
    )


def as_dict(shipment: Shipment) -> dict[str, Any]:
    """The facts as plain JSON values, complete enough for `restore` to rebuild them."""
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(shipment), default=str))
    if not shipment.dismissals:  # facts that were kept before there were dismissals keep their digest
        del plain["dismissals"], plain["screened_on"]
    return plain


def restore(stored: Mapping[str, Any]) -> Shipment:
    """Rebuild the facts of a stored run from what `as_dict` gave. Raises `KeyError` or `ValueError` otherwise."""
    pairs = {"identifiers", "attributes"}
    parties = [
        {key: dict(value) if key in pairs else value for key, value in party.items()} for party in stored["parties"]
    ]
    lines = [{key: dict(value) if key in pairs else value for key, value in line.items()} for line in stored["lines"]]
    return read(
        {**stored, "parties": parties, "lines": lines},
        licences=[held.licence(row) for row in stored["licences"]],
        stale_lists=stored["stale_lists"],
        received_on=day(stored["received_on"]),
        dismissals=[held.dismissal(row) for row in stored.get("dismissals", ())],
        screened_on=day(stored.get("screened_on")),
    )


def digest(shipment: Shipment) -> str:
    """SHA-256 (hex) of the canonical content: the same facts give the same digest on every machine."""
    canonical = json.dumps(as_dict(shipment), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _party(row: Mapping[str, Any]) -> Party:
    return Party(
        role=row["role"],
        name=row.get("name", ""),
        country=row.get("country", ""),
        aliases=tuple(row.get("aliases", ())),
        address=row.get("address", ""),
        type=row.get("type", ""),
        identifiers=tuple(sorted(row.get("identifiers", {}).items())),
        registered_on=day(row.get("registered_on")),
        date_of_birth=row.get("date_of_birth", ""),
        in_free_zone=bool(row.get("in_free_zone")),
        wholly_owned_by_exporter=bool(row.get("wholly_owned_by_exporter")),
        owners=tuple(
            Owner(owner["name"], owner.get("country", ""), _number(owner.get("percent")))
            for owner in row.get("owners", ())
        ),
    )


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        number=row["number"],
        description=row.get("description", ""),
        control_code=row.get("control_code", ""),
        hs_code=row.get("hs_code", ""),
        cas_number=row.get("cas_number", ""),
        concentration_percent=_number(row.get("concentration_percent")),
        quantity=_number(row.get("quantity")),
        unit=row.get("unit", ""),
        value=_number(row.get("value")),
        currency=row.get("currency", ""),
        intangible=bool(row.get("intangible")),
        attributes=tuple(sorted(row.get("attributes", {}).items())),
    )


def _declarations(row: Mapping[str, Any]) -> Declarations:
    known = {field.name for field in dataclasses.fields(Declarations)}
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items() if key in known
    }
    return Declarations(**values)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
