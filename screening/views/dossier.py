"""Everything the page of a case shows, gathered for its template: goods with their classification, parties, history."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from screening import queries
from screening.models import Case, Outcome, Run, RunState, Shipment
from screening.views import earlier_classifications, findings, goods
from screening.views.earlier_classifications import Earlier


def of_shipment(shipment: Shipment, *, earlier: Earlier | None = None) -> dict[str, Any]:
    """Findings, flags, goods and parties of the run in force: what officers and the exporter both may read.

    `earlier` are the precedents by line. They are for officers and auditors only.
    """
    run = shipment.latest_run
    payload = shipment.current.payload if shipment.current else {}
    return {
        "shipment": shipment,
        "payload": payload,
        "declarations": _declared(payload.get("declarations", {})),
        "run": run,
        "findings": findings.shown(run),
        "flags": [{**flag, "about": findings.about(flag.get("subject", ""))} for flag in (run.flags if run else ())],
        "flag_weight": flag_weight(run.flags if run else ()),
        "goods": _goods(payload, run, earlier or {}),
        "parties": _parties(payload, run),
    }


def flag_weight(flags: Iterable[Mapping[str, Any]]) -> float:
    """The weight that the rules added up: a flag counts once, on however many lines it fired.

    >>> flag_weight([{"id": "RF23", "weight": 45}, {"id": "RF23", "weight": 45}, {"id": "RF12", "weight": 20}])
    65.0
    """
    weights = {flag.get("id"): float(flag.get("weight", 0)) for flag in flags}
    return sum(weights.values())


def of_case(case: Case) -> dict[str, Any]:
    """The same, with the history of runs and decisions: for officers only."""
    runs = list(queries.runs_of(case.shipment))
    numbers = {run.pk: number for number, run in enumerate(reversed(runs), start=1)}
    latest = case.shipment.latest_run
    return {
        **of_shipment(case.shipment, earlier=earlier_classifications.of_lines(case.shipment)),
        "case": case,
        "rescreened": _rescreened(latest),
        "run_number": numbers.get(latest.pk) if latest else None,
        "history": _history(case, runs, numbers),
        "legal_bases": list(dict.fromkeys(row.legal_basis for row in _standing(latest) if row.legal_basis)),
    }


def _standing(run: Run | None) -> list[Any]:
    return [row for row in run.findings.all() if not row.covered_by] if run else []


def _rescreened(run: Run | None) -> dict[str, Any] | None:
    """What the latest run changed, when a new policy and not a submitter was its reason."""
    if run is None or not run.changes or not run.trigger.startswith("rescreen"):
        return None
    before, after = run.changes["outcome"]
    parts = (("added", _("New")), ("removed", _("Gone")), ("changed", _("Changed")))
    shown = [
        {**row, "word": word, "kind": kind, "about": findings.about(row.get("subject", ""))}
        for kind, word in parts
        for row in run.changes.get(kind, ())
    ]
    return {"at": run.finished_at, "hash": run.snapshot_hash, "before": before, "after": after, "findings": shown}


def _history(case: Case, runs: list[Run], numbers: Mapping[int, int]) -> list[dict[str, Any]]:
    entries = [
        {"at": step.at, "who": step.by or _("The system"), "text": step.text, "detail": "", "order": (step.version, 1)}
        for step in case.steps.all()
    ]
    words = dict(Outcome.choices)
    for run in runs:
        if run.finished_at is None:
            continue
        text = _("finished run %(number)s, outcome “%(outcome)s”") % {
            "number": numbers[run.pk],
            "outcome": words.get(run.outcome, run.outcome),
        }
        if run.state == RunState.FAILED:
            text = _("could not finish run %(number)s; a person must look") % {"number": numbers[run.pk]}
        detail = _("snapshot %(hash)s · engine %(engine)s") % {
            "hash": run.snapshot_hash[:12],
            "engine": run.engine_version,
        }
        who = _("The system")
        entries.append({"at": run.finished_at, "who": who, "text": text, "detail": detail, "order": (0, 0)})
    return sorted(entries, key=lambda entry: (entry["at"], entry["order"]), reverse=True)


def _goods(payload: Mapping[str, Any], run: Run | None, earlier: Earlier) -> list[dict[str, Any]]:
    judged = {row.get("line"): row for row in (run.classifications if run else ())}
    shown = {
        number: goods.shown(earlier_classifications.beside(row, earlier.get(number, ())))
        for number, row in judged.items()
    }
    # A template cannot leave out the argument of a filter: a line without a currency has an empty one.
    return [
        {
            "currency": "",
            **line,
            "judged": shown.get(line.get("number"), {}),
            "earlier": earlier.get(line.get("number"), ()),
        }
        for line in payload.get("lines", ())
    ]


def _parties(payload: Mapping[str, Any], run: Run | None) -> list[dict[str, Any]]:
    """Parties with the strongest effect found on each, so that the eye lands on the right one."""
    worst: dict[str, str] = {}
    for row in _standing(run):
        kind, _space, rest = row.subject.partition(" ")
        number = rest.partition(" ")[0]
        if kind == "party" and row.effect in findings.ORDER[:3]:
            rank = findings.ORDER.index
            worst[number] = min(worst.get(number, row.effect), row.effect, key=rank)
    return [
        {**party, "number": number, "worst": worst.get(str(number), "")}
        for number, party in enumerate(payload.get("parties", ()), start=1)
    ]


def _declared(declarations: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was declared, as name and value in words."""
    shown = []
    for name, value in declarations.items():
        if isinstance(value, list):
            text = ", ".join(str(item) for item in value)
        else:
            text = {True: _("yes"), False: _("no")}[value] if isinstance(value, bool) else str(value)
        if text:
            shown.append((name.replace("_", " ").capitalize(), text))
    return shown
