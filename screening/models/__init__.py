"""The records of screening. Rules that span rows live in the verbs (intake, runs, cases); models hold columns."""

from screening.models.audit import AuditEvent, AuditHead
from screening.models.case import TRANSITIONS, Case, CaseState, CaseStep, Decision, DecisionKind
from screening.models.licence import Licence, LicenceState
from screening.models.people import ApiToken, Organisation, Role, Scope, User
from screening.models.run import Finding, Run, RunState
from screening.models.shipment import (
    Direction,
    Line,
    Outcome,
    Party,
    Shipment,
    ShipmentRevision,
    ShipmentStatus,
)

__all__ = [
    "TRANSITIONS",
    "ApiToken",
    "AuditEvent",
    "AuditHead",
    "Case",
    "CaseState",
    "CaseStep",
    "Decision",
    "DecisionKind",
    "Direction",
    "Finding",
    "Licence",
    "LicenceState",
    "Line",
    "Organisation",
    "Outcome",
    "Party",
    "Role",
    "Run",
    "RunState",
    "Scope",
    "Shipment",
    "ShipmentRevision",
    "ShipmentStatus",
    "User",
]
