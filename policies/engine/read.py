"""List editions -> policy. An edition is a kind and plain rows, as in the CSV and YAML files; `build` reads them all.

Every problem is a `PolicyError` that names the list, the row and what to do: a pack is loaded whole or not at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from policies.engine.classify.knowledge import Knowledge
from policies.engine.language import ClauseError
from policies.engine.lists import Destination, Listed, Membership, Reason
from policies.engine.match.lexicon import Lexicon
from policies.engine.policy import STAGES, Policy, Rule
from policies.engine.read_lists import READERS, denial, listed, ownership, split
from policies.engine.read_rules import rule
from policies.engine.subjects import Embargo, Setting

__all__ = ["Edition", "PolicyError", "build", "denial", "listed", "ownership", "parties", "rule"]

Row = Mapping[str, Any]


class PolicyError(Exception):
    """A list or rule of the pack is wrong; the message names the list, the row and what to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The rows of one list, as data."""

    kind: str
    rows: Sequence[Row]


def build(editions: Mapping[str, Edition], *, hash: str, lexicon: Lexicon | None = None) -> Policy:
    """Read all editions of a snapshot into one policy. Raises `PolicyError` for the first row that is wrong.

    A `lexicon` stands for the lists that say how names are read; they are then left out.
    """
    gathered: dict[str, Any] = {"embargoes": {}, "pointers": {}, "terms": {}, "hs_groups": {}, "settings": {}}
    for kind in (
        "goods",
        "chemicals",
        "agents",
        "destinations",
        "authorisations",
        "parameters",
        "goods_terms",
        "ordinary_goods",
        "glossary",
        "designations",
        "units",
        "relations",
        "legal_forms",
        "name_words",
    ):
        gathered[kind] = []
    for kind in ("country_groups", "parties", "ownership", "denials", "reasons", "principles", "rules"):
        gathered[kind] = []
    for list_id in sorted(editions):
        _read(list_id, editions[list_id], gathered)
    return _assemble(gathered, hash, lexicon or Lexicon(gathered["legal_forms"], gathered["name_words"]))


def parties(editions: Iterable[tuple[str, Edition]]) -> Iterator[Listed]:
    """The entries of party lists, one list at a time, in the order given. Raises `PolicyError` as `build` does."""
    for list_id, edition in editions:
        gathered: dict[str, Any] = {"parties": []}
        _read(list_id, edition, gathered)
        yield from gathered["parties"]


def _read(list_id: str, edition: Edition, gathered: dict[str, Any]) -> None:
    reader = READERS.get(edition.kind)
    if reader is None:
        raise PolicyError(f"{list_id}: unknown kind {edition.kind!r}; use one of {', '.join(sorted(READERS))}")
    for number, row in enumerate(edition.rows, start=1):
        try:
            reader(gathered, list_id, row)
        except (KeyError, ValueError, TypeError) as error:
            label = row.get("id") or row.get("code") or f"row {number}"
            raise PolicyError(f"{list_id}, {label}: {_sentence(error)}") from error


def _assemble(found: dict[str, Any], hash: str, lexicon: Lexicon) -> Policy:
    embargoes: dict[str, Embargo] = found["embargoes"]
    known = {field.name for field in fields(Setting)}
    if unknown := set(found["settings"]) - known:
        raise PolicyError(f"settings: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}")
    reasons = {reason.code: reason for reason in found["reasons"]}
    memberships = _memberships(found)
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
                groups=split(row["groups"]),
                cwc_party=row["cwc"] == "party",
                embargo=embargoes.get(row["code"], Embargo()),
                memberships=memberships.get(row["code"], ()),
            )
            for row in found["destinations"]
        },
        authorisations={item.id: item for item in found["authorisations"]},
        knowledge=_knowledge(found),
        pointers=found["pointers"],
        terms={name: tuple(terms) for name, terms in found["terms"].items()},
        lexicon=lexicon,
        hs_groups={name: tuple(codes) for name, codes in found["hs_groups"].items()},
        parties=tuple(found["parties"]),
        ownership=tuple(found["ownership"]),
        denials=tuple(found["denials"]),
        reasons=reasons,
        principles={str(row["id"]): row for row in found["principles"]},
        rules=tuple(sorted(found["rules"], key=lambda item: (STAGES.index(item.stage), item.id))),
        setting=Setting(**found["settings"]),
    )


def _knowledge(found: Mapping[str, Any]) -> Knowledge:
    return Knowledge(
        terms=tuple(found["goods_terms"]),
        ordinary=tuple(found["ordinary_goods"]),
        glossary=tuple(found["glossary"]),
        designations=tuple(found["designations"]),
        units=tuple(found["units"]),
        relations=tuple(found["relations"]),
        thresholds=tuple(found["parameters"]),
        word_lists={name: tuple(terms) for name, terms in found["terms"].items() if name.endswith("_words")},
    )


def _memberships(found: Mapping[str, Any]) -> Mapping[str, tuple[Membership, ...]]:
    """The memberships of own country groups by country. A single list is checked without the destinations."""
    known = {row["code"] for row in found["destinations"]}
    gathered: dict[str, tuple[Membership, ...]] = {}
    for list_id, item in found["country_groups"]:
        if known and item.country not in known:
            raise PolicyError(
                f"{list_id}, {item.group}: the country {item.country!r} is none of the destinations; add it there first"
            )
        gathered[item.country] = (*gathered.get(item.country, ()), item)
    return gathered


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


def _sentence(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the field {error.args[0]!r} is missing"
    return f"clause refused, {error}" if isinstance(error, ClauseError) else str(error)
