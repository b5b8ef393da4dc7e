"""List rows -> policy. A list edition is a kind and plain rows (text, as in the CSV and YAML files); `build` reads them all.

Every problem is a `PolicyError` that names the list, the row and what to do: a pack is loaded whole or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from policies.engine.language import SCOPES, ClauseError, compile_clause
from policies.engine.lists import (
    EFFECTS,
    Authorisation,
    Chemical,
    Denial,
    Destination,
    Entry,
    Listed,
    Ownership,
    Parameter,
    Reason,
)
from policies.engine.policy import STAGES, Policy, Rule
from policies.engine.subjects import Embargo, Setting

Row = Mapping[str, Any]


class PolicyError(Exception):
    """A list or rule of the pack is wrong; the message names the list, the row and what to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The rows of one list, as data."""

    kind: str
    rows: Sequence[Row]


def build(editions: Mapping[str, Edition], *, hash: str) -> Policy:
    """Read all editions of a snapshot into one policy. Raises `PolicyError` for the first row that is wrong."""
    gathered: dict[str, Any] = {"embargoes": {}, "pointers": {}, "terms": {}, "hs_groups": {}, "settings": {}}
    for kind in (
        "goods",
        "chemicals",
        "agents",
        "destinations",
        "authorisations",
        "parameters",
        "phrases",
        "legal_forms",
    ):
        gathered[kind] = []
    for kind in ("parties", "ownership", "denials", "reasons", "principles", "rules"):
        gathered[kind] = []
    for list_id in sorted(editions):
        edition = editions[list_id]
        reader = READERS.get(edition.kind)
        if reader is None:
            raise PolicyError(f"{list_id}: unknown kind {edition.kind!r}; use one of {', '.join(sorted(READERS))}")
        for number, row in enumerate(edition.rows, start=1):
            try:
                reader(gathered, list_id, row)
            except (KeyError, ValueError, TypeError) as error:
                label = row.get("id") or row.get("code") or f"row {number}"
                raise PolicyError(f"{list_id}, {label}: {_sentence(error)}") from error
    return _assemble(gathered, hash)


def rule(row: Row) -> Rule:
    """Read and compile one rule. Raises `ClauseError` (with the column) or `ValueError` for what is wrong with it."""
    scope, effect, stage = (
        row["scope"],
        row["effect"],
        row.get("stage") or ("flag" if row["effect"] == "flag" else "rule"),
    )
    if scope not in SCOPES:
        raise ValueError(f"unknown scope {scope!r}: use one of {', '.join(SCOPES)}")
    if effect not in (*EFFECTS, "flag", "cover"):
        raise ValueError(f"unknown effect {effect!r}: use one of {', '.join((*EFFECTS, 'flag', 'cover'))}")
    if stage not in STAGES or (effect == "flag") != (stage == "flag"):
        raise ValueError(f"stage {stage!r} does not go with effect {effect!r}")
    if effect == "cover" and scope != "line":
        raise ValueError("a cover lifts the licence requirement of its own line: its scope must be line")
    if effect != "flag" and not row.get("reason"):
        raise ValueError("a rule needs a reason code")
    if not row["clauses"]:
        raise ValueError("a rule needs at least one clause")
    known = {field.name for field in fields(Rule)}
    unknown = set(row) - known
    if unknown:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
    return Rule(
        id=row["id"],
        title=row["title"],
        scope=scope,
        clauses=tuple(compile_clause(source, scope=scope, stage=stage) for source in row["clauses"]),
        effect=effect,
        reason=row.get("reason", ""),
        stage=stage,
        weight=float(row.get("weight", 0)),
        category=row.get("category", ""),
        legal_basis=row.get("legal_basis", ""),
        principles=tuple(row.get("principles", ())),
        directions=tuple(row.get("directions", ())),
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        remedy=row.get("remedy", ""),
        note=row.get("note", ""),
        examples=row.get("examples", {}),
    )


def listed(list_id: str, row: Row) -> Listed:
    """Read one party-list entry. `effect` is mandatory: without it nobody could say what a match means."""
    return Listed(
        list=row.get("list") or list_id,
        id=str(row["id"]),
        name=row["name"],
        effect=row["effect"],
        kind=row.get("kind", ""),
        aliases=tuple(row.get("aliases", ())),
        weak=tuple(row.get("weak", ())),
        countries=tuple(row.get("countries") or ([row["country"]] if row.get("country") else [])),
        addresses=tuple(row.get("addresses", ())),
        identifiers=tuple((str(kind), str(value)) for kind, value in row.get("identifiers", ())),
        births=tuple(row.get("births", ())),
        programme=row.get("programme", ""),
        note=row.get("note", ""),
    )


def denial(row: Row) -> Denial:
    return Denial(
        id=str(row["id"]),
        member_state=row.get("member_state", ""),
        date=date.fromisoformat(str(row["date"])),
        item_code=row.get("item_code", ""),
        end_user=row.get("end_user", ""),
        country=row.get("country", ""),
        valid=bool(row.get("valid", True)),
    )


def ownership(row: Row) -> Ownership:
    return Ownership(owner=str(row["owner"]), owned=row["owned"], percent=float(row["percent"]))


def _goods(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["goods"].append(
        Entry(
            list=list_id,
            code=row["code"],
            heading=row["heading"],
            family=row["family"],
            parent=row["parent"],
            regime=row["regime"],
            group=row["group"],
            state=row["state"],
            annex=row["annex"],
            annex_iv=row["annex_iv"] or "no",
            annex_iv_codes=_split(row["annex_iv_codes"]),
            section_i=row["section_i"] or "no",
            section_i_codes=_split(row["section_i_codes"]),
            also=_split(row["also"]),
            hs=_split(row["hs"]),
            keywords=_split(row["keywords"]),
            intangible=row["intangible"] == "yes",
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            confidence=row["confidence"],
            note=row["note"],
        )
    )


def _chemical(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["chemicals"].append(
        Chemical(
            code=row["code"],
            name=row["name"],
            cas=row["cas"],
            hs=row["hs"],
            schedule=row["schedule"],
            regime=row["regime"],
            threshold_party=_number(row["threshold_party"]),
            threshold_non_party=_number(row["threshold_non_party"]),
            exempts=row["exempts"],
            role=row["role"],
            confidence=row["confidence"],
        )
    )


def _agent(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["agents"].append(Chemical(code=row["code"], name=row["agent"], hs=row["hs"], role=row["type"]))


def _destination(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["destinations"].append(row)


def _embargo(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["embargoes"][row["target"]] = Embargo(
        kind=row["kind"],
        issuer=row["imposed_by"],
        instrument=row["instrument"],
        scope=row["scope"],
        military_end_use=row["counts_for_art4_1_b"],
    )


def _authorisation(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["authorisations"].append(
        Authorisation(
            id=row["id"],
            title=row["title"],
            legal_basis=row.get("legal_basis", ""),
            include=tuple(row["include"]),
            exclude=tuple(row.get("exclude", ())),
            included_groups=tuple(row.get("included_groups", ())),
            section_i=bool(row.get("section_i")),
            reexport_area=tuple(row.get("reexport_area", ())),
            reminders=tuple(row.get("reminders", ())),
        )
    )


def _parameter(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["parameters"].append(
        Parameter(row["code"], row["parameter"], row["operator"], row["value"], row["unit"], row["joint_condition"])
    )


def _assemble(found: dict[str, Any], hash: str) -> Policy:
    embargoes: dict[str, Embargo] = found["embargoes"]
    known = {field.name for field in fields(Setting)}
    if unknown := set(found["settings"]) - known:
        raise PolicyError(f"settings: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}")
    reasons = {reason.code: reason for reason in found["reasons"]}
    _check_rules(found["rules"], reasons, {str(row["id"]) for row in found["principles"]})
    return Policy(
        hash=hash,
        entries=tuple(found["goods"]),
        chemicals=tuple(found["chemicals"]),
        agents=tuple(found["agents"]),
        destinations={
            row["code"]: Destination(
                code=row["code"],
                name=row["name"],
                groups=_split(row["groups"]),
                cwc_party=row["cwc"] == "party",
                embargo=embargoes.get(row["code"], Embargo()),
            )
            for row in found["destinations"]
        },
        authorisations={item.id: item for item in found["authorisations"]},
        parameters=tuple(found["parameters"]),
        pointers=found["pointers"],
        phrases=tuple(found["phrases"]),
        terms={name: tuple(terms) for name, terms in found["terms"].items()},
        legal_forms=tuple(found["legal_forms"]),
        hs_groups={name: tuple(codes) for name, codes in found["hs_groups"].items()},
        parties=tuple(found["parties"]),
        ownership=tuple(found["ownership"]),
        denials=tuple(found["denials"]),
        reasons=reasons,
        principles={str(row["id"]): row for row in found["principles"]},
        rules=tuple(sorted(found["rules"], key=lambda item: (STAGES.index(item.stage), item.id))),
        setting=Setting(**found["settings"]),
    )


def _check_rules(rules: Sequence[Rule], reasons: Mapping[str, Reason], principles: set[str]) -> None:
    seen: set[str] = set()
    for item in rules:
        if item.id in seen:
            raise PolicyError(f"rule {item.id} stands twice in the pack; give one of them another id")
        seen.add(item.id)
        if item.effect != "flag" and item.reason not in reasons:
            raise PolicyError(f"rule {item.id}: reason code {item.reason!r} is not in the list of reason codes")
        if missing := [name for name in item.principles if name not in principles]:
            raise PolicyError(f"rule {item.id}: unknown principle {', '.join(missing)}")


def _put(kind: str, read: Callable[[str, Row], Any]) -> Callable[[dict[str, Any], str, Row], None]:
    def reader(into: dict[str, Any], list_id: str, row: Row) -> None:
        into[kind].append(read(list_id, row))

    return reader


def _term(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["terms"].setdefault(row["list"], []).append(row["term"])


def _hs_group(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["hs_groups"].setdefault(row["group"], []).append(row["hs"])


def _pointer(into: dict[str, Any], list_id: str, row: Row) -> None:
    into["pointers"][row["code"]] = row["points_to"]


def _setting(into: dict[str, Any], list_id: str, row: Row) -> None:
    value = row["value"]
    into["settings"][row["name"]] = value if isinstance(value, bool) else float(value)


READERS: dict[str, Callable[[dict[str, Any], str, Row], None]] = {
    "goods": _goods,
    "chemicals": _chemical,
    "agents": _agent,
    "destinations": _destination,
    "embargoes": _embargo,
    "authorisations": _authorisation,
    "parameters": _parameter,
    "pointers": _pointer,
    "terms": _term,
    "hs_groups": _hs_group,
    "settings": _setting,
    "phrases": _put("phrases", lambda list_id, row: (row["code"], row["phrase"])),
    "legal_forms": _put("legal_forms", lambda list_id, row: row["form"]),
    "parties": _put("parties", listed),
    "ownership": _put("ownership", lambda list_id, row: ownership(row)),
    "denials": _put("denials", lambda list_id, row: denial(row)),
    "reasons": _put("reasons", lambda list_id, row: Reason(row["code"], row["floor"], row["basis"])),
    "principles": _put("principles", lambda list_id, row: row),
    "rules": _put("rules", lambda list_id, row: rule(row)),
    "reference": lambda into, list_id, row: None,
}


def _sentence(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the field {error.args[0]!r} is missing"
    return f"clause refused, {error}" if isinstance(error, ClauseError) else str(error)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split("|") if part.strip())


def _number(text: Any) -> float | None:
    return None if text in ("", None) else float(text)


def _day(text: Any) -> date | None:
    if not text:
        return None
    return text if isinstance(text, date) else date.fromisoformat(str(text))
