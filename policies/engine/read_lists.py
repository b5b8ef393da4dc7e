"""The rows of list editions, read into the shapes of `lists.py` and gathered by kind."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from policies.engine import read_goods
from policies.engine.facts import day
from policies.engine.lists import (
    Authorisation,
    Chemical,
    Denial,
    Entry,
    Listed,
    Membership,
    Ownership,
    Reason,
)
from policies.engine.match.lexicon import COMMON, MEANINGS, ROLES, NameWord
from policies.engine.read_rules import rule
from policies.engine.subjects import Embargo

Row = Mapping[str, Any]
Gathered = dict[str, Any]
Reader = Callable[[Gathered, str, Row], None]


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
    return Ownership(owner=str(row["owner"]), owned=row["owned"], percent=number(row["percent"]))


def name_word(row: Row) -> NameWord:
    """Read one word of names. `means` is needed where the role gives a word a meaning."""
    role = row["role"]
    if role not in (*ROLES, *MEANINGS, "native", "common"):
        raise ValueError(
            f"the role {role!r} is unknown; use one of {', '.join(sorted((*ROLES, *MEANINGS, 'native', 'common')))}"
        )
    if role == "common" and row.get("means") not in COMMON:
        raise ValueError(f"a common name needs its tier in `means`: {' or '.join(COMMON)}")
    if role not in ROLES and not row.get("means"):
        raise ValueError(f"a word of the role {role} needs what it means")
    return NameWord(row["word"], role, row.get("means", ""), row.get("of", ""), row.get("careful", "") == "yes")


def _goods(into: Gathered, list_id: str, row: Row) -> None:
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
            annex_iv_codes=split(row["annex_iv_codes"]),
            section_i=row["section_i"] or "no",
            section_i_codes=split(row["section_i_codes"]),
            least=_least(row["least"]),
            also=split(row["also"]),
            hs=split(row["hs"]),
            keywords=split(row["keywords"]),
            intangible=row["intangible"] == "yes",
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            confidence=row["confidence"],
            note=row["note"],
            version=row.get("list_version") or "",
        )
    )


def _least(text: str) -> tuple[tuple[str, float], ...]:
    """`range_km>=300|payload_kg>=500` as pairs."""
    return tuple((name, float(value)) for name, _, value in (part.partition(">=") for part in split(text)))


def _chemical(into: Gathered, list_id: str, row: Row) -> None:
    into["chemicals"].append(
        Chemical(
            code=row["code"],
            name=row["name"],
            cas=row["cas"],
            hs=row["hs"],
            schedule=row["schedule"],
            regime=row["regime"],
            threshold_party=number(row["threshold_party"]),
            threshold_non_party=number(row["threshold_non_party"]),
            exempts=row["exempts"],
            role=row["role"],
            confidence=row["confidence"],
        )
    )


def _agent(into: Gathered, list_id: str, row: Row) -> None:
    into["agents"].append(Chemical(code=row["code"], name=row["agent"], hs=row["hs"], role=row["type"]))


def _destination(into: Gathered, list_id: str, row: Row) -> None:
    into["destinations"].append(row)


def _membership(into: Gathered, list_id: str, row: Row) -> None:
    """A row of a list of country groups; `read` checks that the destinations have the country."""
    found = Membership(row["group"], row["country"], day(row.get("valid_from")), day(row.get("valid_to")))
    into["country_groups"].append((list_id, found))


def _embargo(into: Gathered, list_id: str, row: Row) -> None:
    into["embargoes"][row["target"]] = Embargo(
        kind=row["kind"],
        issuer=row["imposed_by"],
        instrument=row["instrument"],
        scope=row["scope"],
        military_end_use=row["counts_for_art4_1_b"],
    )


def _authorisation(into: Gathered, list_id: str, row: Row) -> None:
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


def _put(kind: str, read: Callable[[str, Row], Any]) -> Reader:
    def reader(into: Gathered, list_id: str, row: Row) -> None:
        into[kind].append(read(list_id, row))

    return reader


def _term(into: Gathered, list_id: str, row: Row) -> None:
    into["terms"].setdefault(row["list"], []).append(row["term"])


def _hs_group(into: Gathered, list_id: str, row: Row) -> None:
    into["hs_groups"].setdefault(row["group"], []).append(row["hs"])


def _pointer(into: Gathered, list_id: str, row: Row) -> None:
    into["pointers"][row["code"]] = row["points_to"]


def _setting(into: Gathered, list_id: str, row: Row) -> None:
    value = row["value"]
    into["settings"][row["name"]] = value if isinstance(value, bool) else float(value)


READERS: dict[str, Reader] = {
    "goods": _goods,
    "chemicals": _chemical,
    "agents": _agent,
    "destinations": _destination,
    "country_groups": _membership,
    "embargoes": _embargo,
    "authorisations": _authorisation,
    "parameters": _put("parameters", lambda list_id, row: read_goods.threshold(row)),
    "pointers": _pointer,
    "terms": _term,
    "hs_groups": _hs_group,
    "settings": _setting,
    "phrases": _put("goods_terms", lambda list_id, row: read_goods.phrase(row)),
    "goods_terms": _put("goods_terms", lambda list_id, row: read_goods.term(row)),
    "chemical_names": _put("goods_terms", lambda list_id, row: read_goods.chemical_name(row)),
    "ordinary_goods": _put("ordinary_goods", lambda list_id, row: read_goods.ordinary(row)),
    "glossary": _put("glossary", lambda list_id, row: read_goods.gloss(row)),
    "synonyms": read_goods.concept,
    "designations": _put("designations", lambda list_id, row: read_goods.designation(row)),
    "units": _put("units", lambda list_id, row: read_goods.unit(row)),
    "relations": _put("relations", lambda list_id, row: read_goods.relation(row)),
    "legal_forms": _put("legal_forms", lambda list_id, row: row["form"]),
    "name_words": _put("name_words", lambda list_id, row: name_word(row)),
    "parties": _put("parties", listed),
    "ownership": _put("ownership", lambda list_id, row: ownership(row)),
    "denials": _put("denials", lambda list_id, row: denial(row)),
    "reasons": _put("reasons", lambda list_id, row: Reason(row["code"], row["floor"], row["basis"])),
    "principles": _put("principles", lambda list_id, row: row),
    "rules": _put("rules", lambda list_id, row: rule(row)),
    "reference": lambda into, list_id, row: None,
}


def split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split("|") if part.strip())


def number(text: Any) -> float | None:
    return None if text in ("", None) else float(text)
