"""What an exporter may not read: denials, which states exchange in confidence (Reg 2021/821 Art 16 and 23), and what
officers wrote for themselves when they dismissed a match or classified goods.
"""

from typing import Any

from django.db.models import QuerySet

from screening.models import Finding, Outcome, Shipment

WITHHELD = "not shown: exchanged between states in confidence"
INTERNAL = "not shown: an internal matter of the authority"
DISMISSED = "PARTY_DISMISSED_EARLIER"
DECLARED = (
    "declared",
    "description",
    "hs",
    "cas",
    "parameters",
)  # sources of the conflict card that are its exporter's
_SUBJECTS = {"denials": WITHHELD, "dismissed": INTERNAL}  # evidence, and the field that clauses read it by


def findings() -> QuerySet[Finding]:
    """The findings that an exporter may know of. That a match was dismissed, and so that there was one, is not theirs.

    A rule of an editor's own that holds a shipment up for it stays, without what it read: see `withhold`.
    """
    return Finding.objects.exclude(reason=DISMISSED, effect=Outcome.CLEAR)


def withhold(shipment: Shipment) -> Shipment:
    """Blank confidential material in a loaded shipment that its exporter is about to read. Nothing is stored.

    The finding itself stays: an exporter has to know that the shipment is held, not which state denied what.
    """
    run = shipment.latest_run
    if run is not None:
        run.classifications = [_own(row) for row in run.classifications or []]
        run.flags = [flag for flag in run.flags or [] if flag.get("category") != "denial" and not _reads(flag)]
        for finding in run.findings.all():
            _blank(finding)
    return shipment


def _own(row: dict[str, Any]) -> dict[str, Any]:
    """A classification without what the authority knows beside the declaration, such as earlier decisions."""
    if "card" not in row:
        return row
    sources = [source for source in row["card"]["sources"] if source["kind"] in DECLARED]
    pairs = [pair for pair in row["card"]["pairs"] if pair["left"] in DECLARED and pair["right"] in DECLARED]
    return {**row, "card": {"sources": sources, "pairs": pairs}}


def _blank(finding: Finding) -> None:
    finding.evidence = {name: value for name, value in finding.evidence.items() if name not in _SUBJECTS}
    finding.because = [{**cause, "value": _said(cause)} for cause in finding.because]


def _said(cause: dict[str, str]) -> str:
    hidden = (words for subject, words in _SUBJECTS.items() if f".{subject}" in cause["clause"])
    return next(hidden, cause["value"])


def _reads(flag: dict[str, Any]) -> bool:
    """Whether a red flag is about matches that were dismissed."""
    return any(".dismissed" in cause.get("clause", "") for cause in flag.get("because", ()))
