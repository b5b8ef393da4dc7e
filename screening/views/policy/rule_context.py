"""What the page of a rule offers and shows around its form: pick lists, the rule to read, two versions side by side."""

from collections.abc import Collection
from typing import Any

import yaml
from django.utils import timezone

from policies import editions, rulebook
from policies.models import Edition, EditionState
from policies.rulebook import Row
from screening.views.policy import remarks, workbench


def choices(*, chosen: Collection[str] = ()) -> dict[str, Any]:
    """Principles with their quotes, and what other rules have in fields that are free text."""
    every = [row for rows in rulebook.working().values() for row in rows]
    return {
        "principles": [{**row, "chosen": row["id"] in chosen} for row in _active("principles") if row.get("id")],
        "legal_bases": sorted({row["legal_basis"] for row in every if row.get("legal_basis")}),
        "categories": sorted({row["category"] for row in every if row.get("category")}),
    }


def reasons() -> list[tuple[str, str]]:
    """Reason codes with what each is for."""
    rows = sorted(_active("reasons"), key=lambda row: str(row.get("code")))
    return [(row["code"], f"{row['code']}: {row.get('basis', '')}"[:150]) for row in rows if row.get("code")]


def to_read(row: Row) -> dict[str, Any]:
    """The rule for those who do not edit."""
    quotes = {one["id"]: one for one in _active("principles") if one.get("id")}
    return {
        "area": "policy",
        "part": "rules",
        "rule": {**row, "serves": [quotes.get(one, {"id": one, "title": one}) for one in row.get("principles", ())]},
        "state": workbench.state_of(row, timezone.localdate()),
        "badges": remarks.badges((remarks.known() or {}).get(row["id"], ())),
        "examples": {kind: shown(patches) for kind, patches in (row.get("examples") or {}).items()},
    }


def both(theirs: Row | None, mine: Row) -> dict[str, Any]:
    """Two versions of a rule: every field in which they differ, each as text."""
    left, right = dict(theirs or {}), rulebook.clean(mine)
    names = [name for name in dict.fromkeys([*left, *right]) if left.get(name) != right.get(name)]
    return {
        "gone": theirs is None,
        "fields": [{"name": name, "theirs": shown(left.get(name)), "mine": shown(right.get(name))} for name in names],
    }


def shown(value: Any) -> str:
    """A value of a rule as text: lists and examples as YAML."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list | dict):
        return str(
            yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=None, width=90)
        ).strip()
    return str(value)


def _active(kind: str) -> list[dict[str, Any]]:
    kept = Edition.objects.filter(kind=kind, state=EditionState.ACTIVE).order_by("source_id")
    return [row for edition in kept for row in editions.rows(edition)]
