"""What officers do with a hit that is not their party: dismiss it with a reason, confirm that, take it up again.

A dismissal counts for the exporter's organisation, for exactly that party and that entry; the engine compares both. It
is judged by a run like everything else: each verb here queues one, and nothing of a result is changed in place.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening import audit, cases, permissions
from screening.dismissals import again, terms
from screening.dismissals.met import Met, hits, name_key
from screening.models import Case, Dismissal, DismissalReason, Run, Shipment, User

__all__ = ["AlreadyDismissed", "HitGone", "confirm", "dismiss", "reopen", "sweep"]

FEWEST_LETTERS = 10  # of the words that say why
SWEPT_AT_ONCE = 100


class HitGone(Exception):
    """The hit does not stand in the latest result any more, or not as it was seen. The sentence says so."""


class AlreadyDismissed(Exception):
    """Somebody else was quicker. `existing` is what they did; the sentence says it."""

    def __init__(self, existing: Dismissal) -> None:
        said = _("%(who)s dismissed this match on %(day)s because: %(because)s")
        day = date_format(timezone.localdate(existing.at))
        super().__init__(said % {"who": existing.by, "day": day, "because": existing.because})
        self.existing = existing


@transaction.atomic
def dismiss(
    case: Case, *, by: User, run: UUID, position: int, place: int, reason: str, because: str, expires: date | None
) -> Dismissal:
    """Dismiss the hit that stood at `place` of a finding of a run, as long as the policy lets it or until a day.

    Raises `NotAllowed`, `cases.Incomplete`, `HitGone` or `AlreadyDismissed`; then nothing is stored.
    """
    case = _locked(case)
    permissions.check_dismiss(by, case)
    if not terms.setting().dismissals_count:
        raise permissions.NotAllowed(_("The policy in force does not let dismissals count."))
    said = {"reason": reason, "because": because.strip(), "expires_on": _last_day(expires, reason, because.strip())}
    met = _standing(case, run, position, place)
    _make_room(case, met)
    dismissal = _store(case, met, by=by, **said)
    cases.note(case, "dismiss", by=by, detail=dismissal.entry_name, said=dismissal.because)
    again.screen_again(dismissal)
    details = {"shipment": case.shipment.public_id, "party": dismissal.party_digest, "entry": dismissal.entry_digest}
    audit.record("dismissal.given", by=by, of=dismissal, details=details | _about(dismissal))
    return dismissal


@transaction.atomic
def confirm(dismissal: Dismissal, *, by: User) -> Dismissal:
    """The second pair of eyes on what may lift a prohibition: from now on it counts."""
    case, dismissal = _held(dismissal)
    permissions.check_confirm_dismissal(by, dismissal)
    dismissal.confirmed_by, dismissal.confirmed_at = by, timezone.now()
    dismissal.save(update_fields=["confirmed_by", "confirmed_at"])
    cases.note(case, "dismiss_confirm", by=by, detail=dismissal.entry_name, said="")
    again.screen_again(dismissal, word="confirmed")
    audit.record("dismissal.confirmed", by=by, of=dismissal, details=_about(dismissal))
    return dismissal


@transaction.atomic
def reopen(dismissal: Dismissal, *, by: User, why: str) -> Dismissal:
    """Take the hit up again: it comes back in every shipment whose result still matters. Says why."""
    case, dismissal = _held(dismissal)
    permissions.check_reopen_dismissal(by, dismissal)
    if not why.strip():
        raise cases.Incomplete({"why": _("Say why the match is taken up again.")})
    dismissal.reopened_by, dismissal.reopened_at, dismissal.reopened_why = by, timezone.now(), why.strip()
    dismissal.save(update_fields=["reopened_by", "reopened_at", "reopened_why"])
    cases.note(case, "dismiss_reopen", by=by, detail=dismissal.entry_name, said=why.strip())
    again.screen_all_again(dismissal, word="reopened")
    audit.record("dismissal.reopened", by=by, of=dismissal, details=_about(dismissal) | {"why": why.strip()})
    return dismissal


def sweep() -> int:
    """Screen again what dismissals kept away that have expired since; how many those are."""
    ended = Dismissal.objects.filter(reopened_at=None, replaced_at=None, expired_at=None)
    numbers = ended.filter(expires_on__lt=timezone.localdate()).order_by("pk").values_list("pk", flat=True)
    return sum(_expire(number) for number in numbers[:SWEPT_AT_ONCE])


@transaction.atomic
def _expire(number: int) -> bool:
    dismissal = Dismissal.objects.select_for_update(of=("self",)).get(pk=number)
    if dismissal.expired_at is not None or dismissal.ended:
        return False
    dismissal.expired_at = timezone.now()
    dismissal.save(update_fields=["expired_at"])
    if not dismissal.waits:
        again.screen_all_again(dismissal, word="expired")
    audit.record("dismissal.expired", by=None, of=dismissal, details=_about(dismissal))
    return True


def _locked(case: Case) -> Case:
    """The case, locked after its shipment as a run locks them: what is stored refers to both."""
    Shipment.objects.select_for_update().get(pk=case.shipment_id)
    cases_of = Case.objects.select_related("shipment__organisation", "shipment__latest_run")
    return cases_of.select_for_update(of=("self",)).get(pk=case.pk)


def _held(dismissal: Dismissal) -> tuple[Case, Dismissal]:
    """The case it was given in and the dismissal, both locked, in the order in which `dismiss` locks them."""
    case = Case.objects.select_for_update().get(shipment=dismissal.shipment_id)
    rows = Dismissal.objects.select_related("shipment__case", "by", "shipment")
    return case, rows.select_for_update(of=("self",)).get(pk=dismissal.pk)


def _last_day(expires: date | None, reason: str, because: str) -> date:
    """The last day on which it will count. Raises `cases.Incomplete` for all that is wrong with what was written."""
    today = timezone.localdate()
    latest = terms.last_day(today)
    errors = {}
    if reason not in DismissalReason.values:
        errors["reason"] = _("Choose one of the reasons.")
    if sum(map(str.isalnum, because)) < FEWEST_LETTERS:
        errors["because"] = _("Say in a few words what tells the party from the listed one.")
    if expires and not today <= expires <= latest:
        errors["expires"] = _("Choose a day from today to %(day)s.") % {"day": date_format(latest)}
    if errors:
        raise cases.Incomplete(errors)
    return expires or latest


def _standing(case: Case, run: UUID, position: int, place: int) -> Met:
    """The hit as the latest result has it, if it is the one that the officer saw."""
    shown = Run.objects.filter(public_id=run, revision__shipment=case.shipment).first()
    seen = next((met for met in hits(shown) if (met.position, met.place) == (position, place)), None)
    if seen is not None and not seen.digest:
        raise HitGone(
            _("This result is of an earlier version of the program; the shipment must be screened again first.")
        )
    met = next((met for met in hits(case.shipment.latest_run) if seen and met.same == seen.same), None)
    if met is None:
        raise HitGone(_("This match is not in the latest result any more, or it has changed. Look at the case again."))
    return met


def _make_room(case: Case, met: Met) -> None:
    """Refuse what is dismissed already; what stands in its place and covers the hit no more is replaced."""
    slot = {"organisation": case.shipment.organisation_id, "party_digest": met.who, "match": met.hit["match"]}
    rows = Dismissal.objects.select_for_update().filter(**slot, list=met.hit["list"], entry=met.hit["entry"])
    existing = rows.filter(reopened_at=None, replaced_at=None).first()
    if existing is None:
        return
    today = timezone.localdate()
    last = min(existing.expires_on, terms.last_day(timezone.localdate(existing.at)))
    if existing.entry_digest == met.digest and last >= today:
        raise AlreadyDismissed(existing)
    existing.replaced_at = timezone.now()
    existing.save(update_fields=["replaced_at"])


def _store(case: Case, met: Met, **said: Any) -> Dismissal:
    dismissal = Dismissal(
        organisation=case.shipment.organisation,
        shipment=case.shipment,
        run=case.shipment.latest_run,
        position=met.position,
        party_digest=met.who,
        party_name=met.party.name,
        name_key=name_key(met.party.name),
        list=met.hit["list"],
        entry=met.hit["entry"],
        entry_name=met.hit["entry_name"],
        entry_digest=met.digest,
        match=met.hit["match"],
        score=met.hit["score"],
        needs_second=met.needs_second,
        at=timezone.now(),
        **said,
    )
    try:
        with transaction.atomic():
            dismissal.save(force_insert=True)
    except IntegrityError:
        _make_room(case, met)  # two at the same moment, in two cases: the constraint let one through
        raise
    return dismissal


def _about(dismissal: Dismissal) -> dict[str, Any]:
    """What the audit keeps of a dismissal."""
    names = ("list", "entry", "entry_name", "party_name", "match", "score", "reason", "because", "expires_on")
    return {name: getattr(dismissal, name) for name in names}
