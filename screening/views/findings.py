"""A stored finding as the pages show it: what it is about in words, its hits, its material, its principles."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from policies.models import ListSource
from screening.forms import vocabulary
from screening.models import DismissalReason, Finding, Run
from screening.views import goods, hits
from screening.views.principles import principles_of

ORDER = ("prohibited", "licence_required", "review", "cover", "covered", "clear")
REASONS = dict(DismissalReason.choices)


def shown(run: Run | None) -> list[dict[str, Any]]:
    """The findings of a run, strongest first, lifted and informative ones last."""
    if run is None:
        return []
    return _sorted(run.findings.all(), run.snapshot_hash)


def of_screening(rows: Iterable[Mapping[str, Any]], hash: str, *, start: int = 1) -> list[dict[str, Any]]:
    """The same for findings that are not kept, as `Finding.as_dict()`; `start` numbers them apart from others."""
    return _sorted([Finding(position=position, **row) for position, row in enumerate(rows, start=start)], hash)


def counts(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Effect and number, strongest first; what is lifted or only informs is not counted.

    >>> counts([Finding(effect="review"), Finding(effect="licence_required", covered_by="GA-EU001")])
    [('review', 1)]
    """
    effects = [finding.effect for finding in findings if not finding.covered_by]
    return [(effect, effects.count(effect)) for effect in ORDER[:3] if effect in effects]


def about(subject: str) -> str:
    """The subject of a finding in words.

    >>> about("line 2"), about("party 3 end_user"), about("shipment")
    ('Line 2', 'Party 3: end user', 'Shipment')
    """
    kind, _space, rest = subject.partition(" ")
    if kind == "line":
        return _("Line %(number)s") % {"number": rest}
    if kind == "party":
        number, _space, role = rest.partition(" ")
        return _("Party %(number)s: %(role)s") % {
            "number": number,
            "role": str(vocabulary.ROLES.get(role, role)).lower(),
        }
    if kind == "country":
        return vocabulary.country_name(rest)
    return _("Shipment")


def _sorted(findings: Iterable[Finding], hash: str) -> list[dict[str, Any]]:
    quotes, found = principles_of(hash), list(findings)
    sources = hits.sources_of(hit for finding in found for hit in (*_hits_of(finding), *_dismissed_of(finding)))
    rows = [_shown(finding, quotes, sources) for finding in found]
    return sorted(rows, key=lambda row: ORDER.index(row["tone"]) if row["tone"] in ORDER else 0)


def _hits_of(finding: Finding) -> list[Mapping[str, Any]]:
    return list((finding.evidence or {}).get("hits", ()))


def _dismissed_of(finding: Finding) -> list[Mapping[str, Any]]:
    return list((finding.evidence or {}).get("dismissed", ()))


def _shown(
    finding: Finding, quotes: Mapping[str, Mapping[str, Any]], sources: Mapping[str, ListSource]
) -> dict[str, Any]:
    evidence = finding.evidence or {}
    tone = "covered" if finding.covered_by else finding.effect
    return {
        "position": finding.position,
        "tone": tone,
        "quiet": tone in ("covered", "cover", "clear"),
        "about": about(finding.subject),
        "hits": [hits.shown(hit, sources) | {"open": not number} for number, hit in enumerate(_hits_of(finding))],
        "dismissed": [_dismissed(hit, sources) for hit in _dismissed_of(finding)],
        "embargoes": [_embargo(row) for row in _countries(evidence) if row.get("embargo")],
        "material": list(_material(evidence)),
        "principles": [quotes.get(one) or {"id": one, "title": one} for one in finding.principles],
        **{name: getattr(finding, name) for name in ("reason", "title", "rule", "legal_basis", "because", "remedy")},
        "covered_by": finding.covered_by,
    }


def _dismissed(hit: Mapping[str, Any], sources: Mapping[str, ListSource]) -> dict[str, Any]:
    given = dict(hit["dismissal"])
    days = {name: date.fromisoformat(given[name]) for name in ("on", "until")}
    said = {**given, **days, "reason_word": REASONS.get(given["reason"], given["reason"])}
    return {**hits.shown(hit, sources), "given": said}


def _countries(evidence: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(evidence.get("embargoes", ())) or ([evidence] if "embargo" in evidence else [])


def _embargo(row: Mapping[str, Any]) -> str:
    parts = (row.get("name") or row.get("country"), row.get("embargo"), row.get("issuer"), row.get("instrument"))
    said = " · ".join(str(part) for part in parts if part)
    return f"{said}: {row['scope']}" if row.get("scope") else said


def _material(evidence: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if "declared" in evidence:
        entries = [f"{entry['code']} {entry['heading']}" for entry in evidence.get("entries", ())]
        yield _("Goods"), str(evidence.get("description", ""))
        if entries:
            yield _("Listed as"), "; ".join(entries)
    if chemical := evidence.get("chemical"):
        schedule = _("CWC schedule %s") % chemical["schedule"] if chemical.get("schedule") else ""
        threshold = chemical.get("threshold_percent")
        limit = _("threshold %s %%") % f"{threshold:g}" if threshold is not None else ""
        parts = (chemical.get("name"), f"CAS {chemical['cas']}" if chemical.get("cas") else "", schedule, limit)
        yield _("Chemical"), " · ".join(str(part) for part in parts if part)
    yield from goods.of_candidates(evidence.get("candidates", ()))
    for item in () if evidence.get("candidates") else evidence.get("speaks_for", ()):
        yield _("Speaks for %s") % item["code"], f"{item['heading']}: {item['text']}"
    for denial in evidence.get("denials", ()):
        yield _("Denial"), f"{denial['id']} · {denial['member_state']} · {denial['date']}"
    if licence := evidence.get("licence"):
        yield _("Licence"), str(licence)
    if error := evidence.get("error"):
        yield _("Error"), str(error)
