"""Rules: save, copy, retire, remove; the whole policy out as files and in again. Each write with its audit.

Nothing of it is in force before a snapshot is published.
"""

from datetime import date
from pathlib import Path

from django.db import transaction

from policies import exchange, rulebook
from policies.editions import Taken
from policies.models import Edition, Snapshot
from policies.pack import ListInfo
from policies.rulebook import Row
from policies.snapshots import SnapshotError
from screening import audit
from screening.editorial import publication
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


def export_pack(folder: Path, snapshot: Snapshot, *, by: User | None) -> list[ListInfo]:
    """Write a snapshot as files. Raises `PolicyError` or `ContentError`."""
    written = exchange.write(folder, snapshot)
    with transaction.atomic():
        audit.record("policy.exported", by=by, of=snapshot, details={"hash": snapshot.hash, "lists": len(written)})
    return written


def import_pack(
    folder: Path, *, by: User | None, reason: str, override: str = ""
) -> tuple[list[Taken], Snapshot | None]:
    """Make the lists of a folder active and draft a snapshot of them: what was done to each list, and the draft.

    The draft is `None` when it would be what is in force. Raises `PolicyError`, `EditionRefused` or `PermissionDenied`;
    then nothing has changed.
    """
    with transaction.atomic():
        taken = exchange.take(folder, by=by, reason=reason, override=override)
        try:
            with transaction.atomic():
                drafted = publication.draft(by=by)
        except SnapshotError:  # nothing differs from what is in force
            drafted = None
        for one in taken:
            if one.changed:
                details = {
                    "list": one.edition.source_id,
                    "digest": one.edition.digest,
                    "changes": dict(one.changes),
                    "doubts": list(one.edition.doubts),
                    "reason": override.strip() or reason,
                }
                audit.record("list.imported", by=by, of=one.edition, details=details)
    return taken, drafted


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
