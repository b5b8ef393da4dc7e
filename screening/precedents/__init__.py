"""What officers do with a classification: confirm that of a line, with or without an expert's statement; withdraw it.

It is evidence for like lines of later shipments. No run reads it, so it clears nothing and raises nothing.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from policies.engine.classify import precedents as engine
from policies.engine.classify.book import Book
from screening import audit, cases, classification_permissions
from screening.models import Case, KeyKind, Line, Precedent, PrecedentKey, Shipment, User
from screening.precedents.lists import InForce, in_force
from screening.precedents.stating import Statement, accepted

__all__ = ["AlreadyConfirmed", "NoSuchLine", "Statement", "confirm", "line_digest", "standing", "withdraw"]

LONGEST_KEY = 100
PARTS = 20  # part numbers of one line that are kept
KEPT = (  # by the audit
    *("line_number", "code", "considered", "entry_digest", "list", "list_version", "snapshot_hash", "reason"),
    *("statement_number", "statement_by", "statement_on", "statement_until", "until", "withdrawn_why"),
)


class NoSuchLine(Exception):
    """The case has no line of that number any more, or it is of other goods than were seen. The sentence says so."""


class AlreadyConfirmed(Exception):
    """A classification of the line stands that was not on the screen. `existing` is that; the sentence says it."""

    def __init__(self, existing: Precedent) -> None:
        said = _("Meanwhile %(who)s confirmed %(what)s on %(when)s (“%(why)s”). Yours is not stored.")
        when = date_format(timezone.localtime(existing.at), "j M Y, H:i")
        told = {"who": existing.by, "what": _named(existing), "when": when, "why": existing.reason}
        super().__init__(said % told)
        self.existing = existing


@transaction.atomic
def confirm(
    case: Case,
    line_number: int,
    *,
    by: User,
    code: str,
    reason: str,
    considered: str = "",
    statement: Statement | None = None,
    until: date | None = None,
    seen: str = "",
    instead_of: str = "",
) -> Precedent:
    """Confirm how the goods of a line are classified; `code` empty says that no list holds them.

    The same again gives what is there. Another one takes the place of the one that stands only if that is
    `instead_of`, by its public id. `seen` is the digest of the line on the screen. Raises `NotAllowed`, `NoPolicy`,
    `NoSuchLine`, `AlreadyConfirmed` or `cases.Incomplete`.
    """
    classification_permissions.check_confirm_classification(by, case)
    lists = in_force()  # before anything is locked: a process that has just begun reads them for seconds
    case = _locked(case)
    line = case.shipment.lines.filter(number=line_number).first()
    if line is None or (seen and seen != line_digest(line)):
        raise NoSuchLine(_("This line is not in the shipment any more, or it has changed. Look at the case again."))
    told = statement or Statement()
    said = accepted(lists.goods, code=code, considered=considered, reason=reason, statement=told, until=until)
    said["entry_digest"] = engine.entry_digest(lists.goods, said["code"] or said["considered"])
    existing = standing(line, case=case)
    if existing is not None:
        if all(getattr(existing, name) == value for name, value in said.items()):
            return existing
        if str(existing.public_id) != instead_of:
            raise AlreadyConfirmed(existing)
        _end(existing, by=by, why=_("Replaced by a newer classification of the same line."))
        _record("withdrawn", existing, by=by)
    precedent = _store(case, line, lists, by=by, **said)
    cases.note(case, "classify", by=by, detail=_named(precedent), said=precedent.reason)
    _record("confirmed", precedent, by=by)
    return precedent


@transaction.atomic
def withdraw(precedent: Precedent, *, why: str, by: User) -> Precedent:
    """From now on it speaks for nothing; it stays on record with who withdrew it and why."""
    case = _locked(precedent.case)
    rows = Precedent.objects.select_related("case__shipment", "by", "organisation")
    precedent = rows.select_for_update(of=("self",)).get(pk=precedent.pk)
    classification_permissions.check_withdraw_classification(by, precedent)
    if not why.strip():
        raise cases.Incomplete({"why": _("Say why the classification is withdrawn.")})
    cases.note(case, "classify_withdraw", by=by, detail=_named(precedent), said=why.strip())
    _end(precedent, by=by, why=why.strip())
    _record("withdrawn", precedent, by=by)
    return precedent


def standing(line: Line, *, case: Case) -> Precedent | None:
    """What was confirmed of the goods of a line as they are now and not withdrawn; it need not be valid any more."""
    rows = case.precedents.filter(line_number=line.number, line_digest=line_digest(line), withdrawn_at=None)
    return rows.select_related("by").first()


def line_digest(line: Line) -> str:
    """What makes the goods of a line the same: whatever of it a classification is about."""
    told = [line.description, line.hs_code, line.cas_number]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _locked(case: Case) -> Case:
    """The case, locked after its shipment as a run locks them."""
    Shipment.objects.select_for_update().get(pk=case.shipment_id)
    rows = Case.objects.select_related("shipment__organisation")
    return rows.select_for_update(of=("self",)).get(pk=case.pk)


def _store(case: Case, line: Line, lists: InForce, *, by: User, **said: Any) -> Precedent:
    book = lists.goods.book
    entry = lists.goods.find(said["code"] or said["considered"], timezone.localdate())
    precedent = Precedent.objects.create(
        organisation=case.shipment.organisation,
        case=case,
        line_number=line.number,
        description=line.description,
        part_numbers=list(engine.part_numbers(line.description, book=book))[:PARTS],
        line_digest=line_digest(line),
        hs_code=line.hs_code,
        cas_number=line.cas_number,
        list=entry.list if entry else "",
        list_version=entry.version if entry else "",
        snapshot_hash=lists.snapshot_hash,
        by=by,
        at=timezone.now(),
        **said,
    )
    PrecedentKey.objects.bulk_create(
        PrecedentKey(precedent=precedent, kind=kind, value=value)
        for kind, value in dict.fromkeys(_keys(precedent, book))
    )
    return precedent


def _keys(precedent: Precedent, book: Book) -> Iterator[tuple[str, str]]:
    found = {
        KeyKind.PART: precedent.part_numbers,
        KeyKind.CAS: [precedent.cas_number] if precedent.cas_number else [],
        KeyKind.WORD: engine.keys(book, precedent.description),
    }
    for kind, values in found.items():
        yield from ((kind, value) for value in values if len(value) <= LONGEST_KEY)


def _end(precedent: Precedent, *, by: User, why: str) -> None:
    precedent.withdrawn_by, precedent.withdrawn_at, precedent.withdrawn_why = by, timezone.now(), why
    precedent.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])


def _named(precedent: Precedent) -> str:
    told = precedent.code or _("not listed")
    return _("line %(number)s as %(code)s") % {"number": precedent.line_number, "code": told}


def _record(word: str, precedent: Precedent, *, by: User) -> None:
    kept = {name: getattr(precedent, name) for name in KEPT if getattr(precedent, name) not in ("", None)}
    about = {"shipment": precedent.case.shipment.public_id, "organisation": precedent.organisation_id}
    audit.record(f"precedent.{word}", by=by, of=precedent, details=about | kept)
