"""Rules: save, copy, retire, remove. Each with its audit, in one transaction; nothing is in force before publication."""

from datetime import date

from django.db import transaction

from policies import rulebook
from policies.models import Edition
from policies.rulebook import Row
from screening import audit
from screening.models import User


def save(row: Row, *, list_id: str, by: User, base: str, reason: str) -> Edition:
    """Store a new or changed rule. `base` is `rulebook.row_digest` of the row that the editor began with, or empty.

    Raises `RuleRefused` with every problem, `RuleConflict` with the other's row, or `PermissionDenied`.
    """
    with transaction.atomic():
        edition = rulebook.save(row, list_id=list_id, by=by, base=base, reason=reason)
        _record("rule.saved", edition, rulebook.clean(row)["id"], by=by, base=base, reason=reason)
    return edition


def copy(rule_id: str, *, new_id: str = "", list_id: str = "", by: User, reason: str) -> Edition:
    """Store a copy of a rule under a new id, the next free one unless given, in the same list unless given."""
    with transaction.atomic():
        row = rulebook.copied(rule_id)
        row["id"] = new_id or row["id"]
        edition = rulebook.save(row, list_id=list_id or rulebook.list_of(rule_id), by=by, base="", reason=reason)
        _record("rule.copied", edition, row["id"], by=by, base="", reason=reason, copied=rule_id)
    return edition


def retire(rule_id: str, *, on: date, by: User, base: str, reason: str) -> Edition:
    """Give a rule its last day; the row stays."""
    with transaction.atomic():
        edition = rulebook.retire(rule_id, on=on, by=by, base=base, reason=reason)
        _record("rule.retired", edition, rule_id, by=by, base=base, reason=reason, last_day=on)
    return edition


def remove(rule_id: str, *, by: User, base: str, reason: str) -> Edition:
    """Take a rule out that was never published."""
    with transaction.atomic():
        edition = rulebook.remove(rule_id, by=by, base=base, reason=reason)
        _record("rule.removed", edition, rule_id, by=by, base=base, reason=reason)
    return edition


def _record(action: str, edition: Edition, rule_id: str, *, by: User, base: str, reason: str, **more: object) -> None:
    after = rulebook.find(rule_id)
    details = {
        "list": edition.source_id,
        "edition": edition.digest,
        "rule": rule_id,
        "before": base,
        "after": rulebook.row_digest(after) if after else "",
        "reason": reason,
    }
    audit.record(action, by=by, of=edition, details={**details, **more})
