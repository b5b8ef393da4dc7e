"""Write the audit log, and prove that nobody has touched it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from screening.models import ApiToken, AuditEvent, AuditHead, User

Actor = User | ApiToken
START = "0" * 64


class BrokenChain(Exception):
    """The log was changed. `number` is the first row that does not follow from the rows before it."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"Audit event {number}: {why}")
        self.number = number


def record(action: str, *, by: Actor | None, of: models.Model, details: Mapping[str, Any] | None = None) -> AuditEvent:
    """Append one event; `by=None` is the system itself. Call it last in the transaction of the write it belongs to:
    it locks the end of the chain until that transaction ends, and a lock taken after it could deadlock.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record() must run in the transaction of the write it records.")
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1, defaults={"hash": START})
    event = AuditEvent(
        number=head.number + 1,
        at=timezone.now(),
        by=by if isinstance(by, User) else None,
        actor=_name(by),
        action=action,
        object_type=of._meta.model_name or "",
        object_id=str(getattr(of, "public_id", of.pk)),
        details=_plain(details or {}),
        previous=head.hash,
    )
    event.hash = fingerprint(event)
    event.save(force_insert=True)
    head.number, head.hash = event.number, event.hash
    head.save(update_fields=["number", "hash"])
    return event


def fingerprint(event: AuditEvent) -> str:
    """SHA-256 (hex) over every column of the event and the hash of its predecessor."""
    content = [
        event.number,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.by_id,
        event.actor,
        event.action,
        event.object_type,
        event.object_id,
        event.details,
        event.previous,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify() -> int:
    """Check the whole chain and give its length. Raises `BrokenChain` at the first wrong row or a cut-off end."""
    # One transaction: on SQLite it keeps writers out, on PostgreSQL the lock does; else a new event looks like a cut.
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().filter(pk=1).first()
        number, previous = 0, START
        for event in AuditEvent.objects.order_by("number").iterator(chunk_size=2000):
            number += 1
            if event.number != number:
                raise BrokenChain(number, f"is missing; the next row is {event.number}.")
            if event.previous != previous:
                raise BrokenChain(number, "does not continue the event before it.")
            if event.hash != fingerprint(event):
                raise BrokenChain(number, "was changed after it was written.")
            previous = event.hash
        if (head.number, head.hash) != (number, previous) if head else number:
            raise BrokenChain(number + 1, "is missing: the log ends before the recorded end of the chain.")
        return number


def _name(by: Actor | None) -> str:
    if by is None:
        return "system"
    return f"token {by}" if isinstance(by, ApiToken) else f"{by} ({by.username})"


def _plain(value: Any) -> Any:
    """JSON without floats: a number must read back from either database exactly as it was hashed."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, float | Decimal | UUID | date | datetime):
        return str(value)
    raise TypeError(f"audit details cannot hold {type(value).__name__}.")
