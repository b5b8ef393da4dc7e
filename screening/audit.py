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
    """Check the whole chain and give its length. Raises `BrokenChain` at the first wrong row or a cut-off end.

    Nothing is locked: events that arrive meanwhile are checked too, up to a moment when the head agrees.
    """
    if AuditEvent.objects.filter(number__lt=1).exists():
        raise BrokenChain(0, "was slipped in before the first.")
    number, previous = 0, START
    while True:
        head = _head()
        for event in (
            AuditEvent.objects.filter(number__gt=number, number__lte=head.number).order_by("number").iterator()
        ):
            _check_link(event, number + 1, previous)
            number, previous = event.number, event.hash
        if number < head.number:
            raise BrokenChain(number + 1, "is missing: the log ends before the recorded end of the chain.")
        beyond = AuditEvent.objects.filter(number__gt=number).exists()
        if _head().number == number:
            if beyond or head.hash != previous:
                raise BrokenChain(number + beyond, "is not what the recorded end of the chain says.")
            return number


def _head() -> AuditHead:
    return AuditHead.objects.filter(pk=1).first() or AuditHead(pk=1, number=0, hash=START)


def _check_link(event: AuditEvent, number: int, previous: str) -> None:
    if event.number != number:
        raise BrokenChain(number, f"is missing; the next row is {event.number}.")
    if event.previous != previous:
        raise BrokenChain(number, "does not continue the event before it.")
    if event.hash != fingerprint(event):
        raise BrokenChain(number, "was changed after it was written.")


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
