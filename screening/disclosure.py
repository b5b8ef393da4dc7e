"""What an exporter may not read: denials are exchanged between states in confidence (Reg 2021/821 Art 16 and 23)."""

from screening.models import Finding, Shipment

WITHHELD = "not shown: exchanged between states in confidence"
_SUBJECT = "denials"


def withhold(shipment: Shipment) -> Shipment:
    """Blank confidential material in a loaded shipment that its exporter is about to read. Nothing is stored.

    The finding itself stays: an exporter has to know that the shipment is held, not which state denied what.
    """
    run = shipment.latest_run
    if run is not None:
        run.flags = [flag for flag in run.flags or [] if flag.get("category") != "denial"]
        for finding in run.findings.all():
            _blank(finding)
    return shipment


def _blank(finding: Finding) -> None:
    finding.evidence = {name: value for name, value in finding.evidence.items() if name != _SUBJECT}
    finding.because = [
        {**cause, "value": WITHHELD} if f".{_SUBJECT}" in cause["clause"] else cause for cause in finding.because
    ]
