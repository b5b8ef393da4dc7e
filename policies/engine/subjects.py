"""What a rule may read: the subjects `shipment`, `line`, `party`, `country`, `so_far` and `setting`, field by field.

Python computes these facts, rules judge them. This module is the schema of the rule language: every field here is a
field an editor can write in a clause, and its comment is the field's line in the reference. Nothing else is readable.
A field typed `float | None` may be absent: ask `has(line.concentration_percent)` before comparing it.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Embargo:
    kind: str = ""  # FULL, PARTIAL, NGF (non-governmental forces), OSCE, SECTORAL, NONE, LAPSED; empty: no row
    issuer: str = ""  # UN, EU, UN+EU, OSCE
    instrument: str = ""  # the legal acts
    scope: str = ""  # what is embargoed, in words
    military_end_use: str = ""  # counts for Art 4(1)(b): yes, conditional, contested, no


@dataclass(frozen=True, slots=True)
class Country:
    code: str = ""  # ISO 3166-1 alpha-2; empty when not declared
    name: str = ""  # English name
    groups: list[str] = field(default_factory=list)  # EU, NATO, PARTNER (Annex VIII), EU001, EU002, ..., WA, AG, ...
    cwc_party: bool = True  # party to the Chemical Weapons Convention ("signatory only" is not)
    embargo: Embargo = field(default_factory=Embargo)  # the arms embargo row of the country
    roles: list[str] = field(default_factory=list)  # origin, destination, final_destination, transit, or a party's role


@dataclass(frozen=True, slots=True)
class Hit:
    match: str = ""  # equal (name), similar (name), identifier, owned (majority), part_owned
    effect: str = ""  # asset_freeze, dual_use_end_user, foreign_listing, arms_embargo
    list: str = ""  # the list that holds the entry
    entry: str = ""  # the entry's id on that list
    kind: str = ""  # of the entry: person, organisation, vessel, aircraft; empty when its list does not say
    programme: str = ""  # what the entry is listed under, as its list writes it: "IRAN; NPWMD"
    name: str = ""  # the listed name that matched
    declared: str = ""  # the declared name or value that matched
    score: float = 0.0  # 0 to 1
    country_contradicts: bool = False  # both countries are known and differ
    birth_contradicts: bool = False  # both dates of birth are known and more than two years apart
    near_certain: bool = False  # nobody else is likely to be meant: by the score or by what is equal
    percent: float | None = None  # summed ownership, for owned and part_owned


@dataclass(frozen=True, slots=True)
class Party:
    number: int = 0  # position in the shipment, from 1
    role: str = ""  # exporter, importer, consignee, end_user, intermediary, broker, carrier, ...
    name: str = ""
    type: str = ""  # private, armed_forces, police, intelligence, interior_ministry, government, hospital, ...
    country: Country = field(default_factory=Country)
    in_free_zone: bool = False  # delivery into a free zone or free warehouse
    wholly_owned_by_exporter: bool = False
    registered_months: float | None = None  # whole months between registration and the shipment date
    terms: list[str] = field(default_factory=list)  # term lists found in the address: po_box, ua_ngca_places
    hits: list[Hit] = field(default_factory=list)  # list entries the party met
    dismissed: list[Hit] = field(default_factory=list)  # those an officer dismissed earlier; `hits` holds the others
    third_party_payer: bool = False  # a payer that is none of exporter, importer, consignee, end user


@dataclass(frozen=True, slots=True)
class Chemical:
    code: str = ""  # control entry of the chemical, empty when none was identified
    name: str = ""
    cas: str = ""
    schedule: str = ""  # CWC schedule 1, 2 or 3; empty when not scheduled
    found_by: str = ""  # cas or code
    threshold: float | None = None  # percent by weight that applies to this destination
    below_threshold: bool = False  # declared concentration does not exceed the threshold


@dataclass(frozen=True, slots=True)
class LicenceUse:
    number: str = ""  # as declared; empty when none is declared
    found: bool = False  # the register holds it
    active: bool = False  # neither suspended, revoked nor exhausted by its state
    same_exporter: bool = False
    same_end_user: bool = False
    same_destination: bool = False
    same_goods: bool = False  # the line's code is the licence's code or below it, in the same unit
    in_force: bool = False  # the shipment date lies within its validity
    expired: bool = False  # found, and the shipment date lies outside its validity
    within_quantity: bool = False  # all lines under this licence together fit what is left
    within_value: bool = False  # the same for the value in EUR; false when the currency is another one


@dataclass(frozen=True, slots=True)
class Denial:
    id: str = ""
    member_state: str = ""
    date: str = ""
    same_item: bool = False  # the line is under the denied entry
    same_end_user: bool = False  # a foreign party has the denied end user's name
    within_years: float = 0.0  # age in years at the shipment date
    valid: bool = True  # neither withdrawn nor annulled


@dataclass(frozen=True, slots=True)
class Line:
    number: int = 0
    description: str = ""
    declared_code: str = ""  # normalised: 5A002.A.1 and 5a2a1 read as 5A002.a.1
    entry: str = ""  # the top entry: 5A002, ML10, AT-III-2.1, B4, 10A905
    code: str = ""  # the code judged: the declared one, or the one the CAS number names
    codes: list[str] = field(default_factory=list)  # every code the line is listed under, with all its parents
    annex_i: bool = False  # an Annex I item in force (declared, or named by its CAS number)
    military: bool = False  # a military-list item
    firearm: bool = False  # a firearm, essential component or ammunition of Regulation 258/2012
    anti_torture: str = ""  # II, III or IV of Regulation 2019/125
    national: str = ""  # state whose national list holds it: LV, DE, ...
    listed: bool = False  # on any list at all
    category: str = ""  # 0 to 9 for Annex I
    group: str = ""  # A to E for Annex I; D software, E technology
    annex_iv: str = "no"  # no, yes, unknown (only part of the entry is in Annex IV and the sub-entry is not declared)
    section_i: str = "no"  # no, yes, unknown: excluded from Union general authorisations
    authorisations: list[str] = field(default_factory=list)  # general authorisations whose goods include this line
    intangible: bool = False
    quantity: float | None = None
    unit: str = ""
    value: float | None = None
    currency: str = ""
    hs: str = ""  # declared HS code, digits only
    hs_groups: list[str] = field(default_factory=list)  # chpi, computer_equipment, ...
    listed_by_cas: bool = False  # the CAS number names a listed chemical that is not the declared entry
    exempted_by_cas: bool = False  # the CAS number is explicitly exempt from the declared entry
    chemical: Chemical = field(default_factory=Chemical)
    concentration_percent: float | None = None
    terms: list[str] = field(default_factory=list)  # term lists found in the description: surveillance_items, ...
    mismatch: list[str] = field(default_factory=list)  # codes that strong evidence names and the line does not declare
    unknown_code: bool = False  # a code is declared that no list holds or held
    attributes: dict[str, float] = field(default_factory=dict)  # numeric technical parameters by name
    rounds: float = 0.0  # rounds of ammunition in this line
    licence: LicenceUse = field(default_factory=LicenceUse)
    denials: list[Denial] = field(default_factory=list)  # denials that touch this line or its end user


@dataclass(frozen=True, slots=True)
class Declarations:
    exporter_informed: list[str] = field(default_factory=list)  # wmd, military, illicit_parts, repression
    exporter_aware: list[str] = field(default_factory=list)  # the same four
    general_authorisations: list[str] = field(default_factory=list)  # registered for and used in this shipment
    first_use_notified_days: float | None = None  # days between the notice and the first use
    licence: str = ""
    no_russia_clause: bool = False
    temporary_export: bool = False
    return_within_days: float | None = None
    public_fair: bool = False
    repair_return: bool = False
    initial_licence: str = ""
    same_end_user: bool = False
    personal_effects: bool = False
    invitation_on_file: bool = False
    public_domain: bool = False
    internal_compliance_programme: bool = False
    no_processing_in_destination: str = ""  # yes, no, or empty when nothing is said
    government_approval_on_file: bool = False
    exemption_claimed: str = ""  # as written
    claims: list[str] = field(
        default_factory=list
    )  # recognised in it: ru_exemption, ru_derogation, by_exemption, by_derogation


@dataclass(frozen=True, slots=True)
class InitialLicence:
    """The licence that a repair return quotes, as far as the register knows it."""

    number: str = ""
    found: bool = False
    code: str = ""  # the entry it was issued for
    revoked: bool = False
    same_exporter: bool = False
    same_end_user: bool = False
    years: float = 0.0  # from its first day to the shipment date


@dataclass(frozen=True, slots=True)
class Shipment:
    direction: str = ""  # export, import, transit, transfer, brokering, technical_assistance
    reference: str = ""
    date: str = ""  # ISO date whose law applies
    origin: Country = field(default_factory=Country)
    destination: Country = field(default_factory=Country)
    final_destination: Country = field(default_factory=Country)  # code is empty when none is declared
    transit: list[Country] = field(default_factory=list)
    ends: list[Country] = field(
        default_factory=list
    )  # where goods end up: destination, final destination, consignee, end user
    reach: list[Country] = field(default_factory=list)  # `ends`, and where an importer or intermediary stands
    outside_eu: bool = False  # any of `ends` is outside the Union
    cwc_party: bool = True  # all of `ends` (import: the origin) are parties to the CWC
    lines: list[Line] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    end_user: Party = field(default_factory=Party)  # the end user, else the consignee (import: the importer)
    end_use: str = ""
    end_use_terms: list[str] = field(
        default_factory=list
    )  # wmd, military, repression, security_end_use, generic_end_use, ...
    military_end_use: bool = False  # end user or consignee is armed forces, or the end use says so
    security_end_use: bool = False  # military, police, intelligence or security end user, consignee or end use
    free_zone: bool = False  # consignee or end user takes delivery in a free zone
    authorised: list[str] = field(default_factory=list)  # claimed ones that name the destination and allow every end
    known_authorisations: list[str] = field(default_factory=list)  # claimed ones that exist in the policy
    reexport_outside: list[str] = field(
        default_factory=list
    )  # claimed ones for whose area the final destination is outside
    missing: list[str] = field(default_factory=list)  # mandatory fields that are absent
    stale_lists: list[str] = field(default_factory=list)  # lists past their maximum age
    rounds: float = 0.0  # rounds of ammunition in all lines
    declarations: Declarations = field(default_factory=Declarations)
    initial_licence: InitialLicence = field(default_factory=InitialLicence)


@dataclass(frozen=True, slots=True)
class SoFar:
    """What earlier rules found. Flags read nothing of it; closing rules read all of it."""

    flags: list[str] = field(default_factory=list)  # ids of the red flags that fired
    flag_weight: float = 0.0  # their summed weights
    flag_categories: list[str] = field(default_factory=list)  # diversion, circumvention, end_use, ...
    reasons: list[str] = field(default_factory=list)  # reason codes raised (closing rules only)
    strongest: str = "clear"  # strongest effect raised, covers not counted (closing rules only)


@dataclass(frozen=True, slots=True)
class Setting:
    """Thresholds of the policy; their values are a list of the snapshot and an editor's choice."""

    red_flag_threshold: float = 50.0
    ownership_percent: float = 50.0
    match_review: float = 0.8
    match_near_certain: float = 0.93
    denial_years: float = 3.0
    diversion_watch: bool = False
    contested_embargoes_count: bool = False
    near_threshold_share: float = 0.8
    classify_review: float = 0.55
    classify_note: float = 0.3
    dismissals_count: bool = False
    dismissal_days: float = 365.0
