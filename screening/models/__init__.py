"""The records of screening. Rules that span rows live in the verbs (intake, runs, cases); models hold columns."""

from screening.models.audit import AuditEvent, AuditHead
from screening.models.backtest import Backtest, BacktestChange, BacktestChunk, BacktestReading, BacktestState
from screening.models.case import TRANSITIONS, Case, CaseState, CaseStep, Decision, DecisionKind
from screening.models.dismissal import Dismissal, DismissalReason
from screening.models.licence import Licence, LicenceState
from screening.models.people import ApiToken, Organisation, Role, Scope, User
from screening.models.precedent import KeyKind, Precedent, PrecedentKey
from screening.models.rescreening import (
    DeclaredName,
    LicenceCheck,
    NameUse,
    Notice,
    Rescreening,
)
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
    "ApiToken",
    "AuditEvent",
    "AuditHead",
    "Backtest",
    "BacktestChange",
    "BacktestChunk",
    "BacktestReading",
    "BacktestState",
    "Case",
    "CaseState",
    "CaseStep",
    "Decision",
    "DecisionKind",
    "DeclaredName",
    "Direction",
    "Dismissal",
    "DismissalReason",
    "Finding",
    "KeyKind",
    "Licence",
    "LicenceCheck",
    "LicenceState",
    "Line",
    "NameUse",
    "Notice",
    "Organisation",
    "Outcome",
    "Party",
    "Precedent",
    "PrecedentKey",
    "Rescreening",
    "Role",
    "Run",
    "RunState",
    "Scope",
    "Shipment",
    "ShipmentRevision",
    "ShipmentStatus",
    "TRANSITIONS",
    "User",
]
