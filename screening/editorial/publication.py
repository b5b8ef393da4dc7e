"""Draft -> tests green -> backtest seen -> a second person publishes -> in force from a moment. Each with its audit.

What comes into force is screened again as far as it reaches (`screening.rescreening`), in the same transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies import publishing, snapshots
from policies.models import Edition, Snapshot, SnapshotState
from policies.permissions import check_publish
from policies.snapshots import SnapshotError
from screening import audit, backtests, rescreening
from screening.models import Backtest, BacktestState, Shipment, User


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that must be done before a draft is published, and what is missing or was found."""

    name: str
    done: bool
    sentence: str


class NotReady(SnapshotError):
    """The draft cannot be published yet; `steps` are those that are missing."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)
        super().__init__(" ".join(step.sentence for step in self.steps))


def draft(*, by: User | None) -> Snapshot:
    """Pin the active editions in a draft. Raises `SnapshotError` when nothing has changed."""
    with transaction.atomic():
        made = publishing.draft(by=by)
        audit.record("policy.drafted", by=by, of=made, details={"hash": made.hash})
    return made


def readiness(snapshot: Snapshot, *, by: User) -> list[Step]:
    """What has to be done before this person may publish the draft, in order."""
    return [_current(snapshot), _tested(snapshot), _backtested(snapshot, by), _second_person(snapshot, by)]


def publish(
    snapshot: Snapshot, *, by: User, reason: str, at: datetime | None = None, without_backtest: str = ""
) -> Snapshot:
    """Put a draft in force, at once or at a moment.

    `without_backtest` is why it cannot wait for one; it is kept with the reason. Raises `NotReady`, `SnapshotError` or
    `PermissionDenied` with a sentence; then nothing has changed.
    """
    waived = without_backtest.strip()
    missing = [
        step for step in readiness(snapshot, by=by) if not step.done and not (waived and step.name == "backtest")
    ]
    if missing and missing[-1].name == "second_person":
        raise PermissionDenied(missing[-1].sentence)
    if missing:
        raise NotReady(missing)
    if waived and reason.strip():
        reason = f"{reason.strip()} ({_('without a backtest')}: {waived})"
    with transaction.atomic():
        publishing.lock()
        before = snapshots.current()
        published = publishing.publish(snapshot, by=by, reason=reason, at=at)
        if published.state == SnapshotState.PUBLISHED:
            rescreening.begin(published, before=before)
        _record("policy.published", published, by=by)
    return published


def withdraw(snapshot: Snapshot, *, by: User, reason: str) -> Snapshot:
    """Take a scheduled snapshot back before its moment, with a reason."""
    if not reason.strip():
        raise SnapshotError(_("Say why the snapshot is withdrawn."))
    with transaction.atomic():
        withdrawn = publishing.withdraw(snapshot, by=by)
        audit.record(
            "policy.withdrawn", by=by, of=withdrawn, details={"hash": withdrawn.hash, "reason": reason.strip()}
        )
    return withdrawn


def roll_back(snapshot: Snapshot, *, by: User, reason: str, keep_party_lists: bool = False) -> Snapshot:
    """Draft an earlier snapshot again; a second person publishes it like every other draft."""
    if not reason.strip():
        raise SnapshotError(_("Say why the earlier snapshot is restored."))
    with transaction.atomic():
        made = publishing.roll_back(snapshot, by=by, keep_party_lists=keep_party_lists)
        details = {"hash": made.hash, "restores": snapshot.hash, "keeps": keep_party_lists, "reason": reason.strip()}
        audit.record("policy.roll_back_drafted", by=by, of=made, details=details)
    return made


def put_automatically(editions: Iterable[Edition], *, reason: str) -> Snapshot:
    """Put editions that an approved feed brought, within the limits, in force without a person."""
    changed = {edition.source_id: edition.digest for edition in editions}
    put_due_in_force()
    with transaction.atomic():
        publishing.lock()
        before = snapshots.current()
        published = publishing.put_automatically(changed, reason=reason)
        rescreening.begin(published, before=before)
        _record("policy.published", published, by=None)
    return published


def put_due_in_force() -> Snapshot | None:
    """When the moment of a scheduled snapshot has come: move its state and screen again. Harmless to repeat."""
    with transaction.atomic():
        publishing.lock()
        before = Snapshot.objects.filter(state=SnapshotState.PUBLISHED).first()
        published = publishing.advance()
        if published is None:
            return None
        rescreening.begin(published, before=before)
        _record("policy.in_force", published, by=None)
    return published


@contextmanager
def freshening() -> Iterator[None]:
    """Within one transaction: when what happens inside makes a stale list of the policy in force fresh again, the
    shipments that it held up are screened again.
    """
    with transaction.atomic():
        in_force = snapshots.current()
        before = snapshots.stale_lists(in_force, timezone.localdate()) if in_force else []
        yield
        if in_force and before and set(before) - set(snapshots.stale_lists(in_force, timezone.localdate())):
            rescreening.begin_freshened(in_force)


def _current(snapshot: Snapshot) -> Step:
    if snapshot.state != SnapshotState.DRAFT:
        sentence = _("This snapshot is “%(state)s”; only a draft can be published.")
        return Step("current", False, sentence % {"state": snapshot.get_state_display()})
    if snapshot.manifest != snapshots.active_manifest():
        return Step("current", False, _("Lists or rules have changed since this draft was made; make a new draft."))
    return Step("current", True, _("The draft holds the lists and rules as they stand now."))


def _tested(snapshot: Snapshot) -> Step:
    try:
        failed = snapshots.failed_examples(snapshot.hash)
    except SnapshotError as error:
        return Step("tests", False, str(error))
    if failed:
        sentence = _("%(number)d examples of rules fail: %(which)s")
        return Step("tests", False, sentence % {"number": len(failed), "which": "; ".join(failed[:20])})
    return Step("tests", True, _("All examples of all rules pass."))


def _backtested(snapshot: Snapshot, by: User) -> Step:
    tried = tried_by(snapshot)
    if tried is None:
        if not Shipment.objects.exists():
            return Step("backtest", True, _("No shipment is stored that a backtest could judge."))
        return Step("backtest", False, backtests.not_ready(snapshot))
    if not tried.total and Shipment.objects.exists():
        return Step("backtest", False, _("The backtest judged no shipment; choose a period that has some."))
    if not tried.readings.filter(by=by).exists():
        return Step("backtest", False, _("Look at the result of the backtest before you publish."))
    seen = ngettext(
        "You have seen the backtest over %(count)d shipment.",
        "You have seen the backtest over %(count)d shipments.",
        tried.total,
    )
    return Step("backtest", True, seen % {"count": tried.total})


def tried_by(snapshot: Snapshot) -> Backtest | None:
    """The newest finished backtest that tried what this draft changes, or `None`.

    Lists that an approved feed has put in force since, in both, do not count: the trial is of the difference.
    """
    in_force = snapshots.current()
    wanted = difference(in_force.manifest if in_force else {}, snapshot.manifest)
    finished = Backtest.objects.filter(state=BacktestState.FINISHED).select_related("snapshot")
    for one in finished.order_by("-id")[:50]:
        baseline = Snapshot.objects.filter(hash=one.baseline_hash).first()
        if baseline and difference(baseline.manifest, one.snapshot.manifest) == wanted:
            return one
    return None


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """The lists that `after` pins otherwise than `before`, with their digests; a list left out has an empty one.

    >>> difference({"a": "1", "b": "1"}, {"a": "2", "c": "1"})
    {'a': '2', 'b': '', 'c': '1'}
    """
    lists = sorted({*before, *after})
    return {one: after.get(one, "") for one in lists if before.get(one) != after.get(one)}


def _second_person(snapshot: Snapshot, by: User) -> Step:
    try:
        check_publish(snapshot, by=by)
    except PermissionDenied as error:
        return Step("second_person", False, str(error))
    return Step("second_person", True, _("You had no hand in this draft and may publish it."))


def _record(action: str, snapshot: Snapshot, *, by: User | None) -> None:
    in_force = timezone.localtime(snapshot.in_force_from).isoformat() if snapshot.in_force_from else ""
    lists = [row["list"] for row in snapshot.changes]
    details = {"hash": snapshot.hash, "reason": snapshot.reason, "in_force_from": in_force, "lists": lists}
    audit.record(action, by=by, of=snapshot, details=details)
