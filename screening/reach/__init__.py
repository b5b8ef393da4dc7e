"""What a change of policy can affect: shipments that declare what changed, always too many rather than too few.

One thing is not followed: a word weighs less the more listed names hold it, so the scores of entries that stayed the
same move a little with every list. `manage.py rescreen --all` screens everything that still matters again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from policies import content, diffs, snapshots
from policies.engine.match.index import FLOOR
from policies.engine.match.names import LegalForms, key, tokens
from policies.models import ListSource, Snapshot
from screening.models import CaseState, Dismissal, Licence, LicenceState, Shipment, ShipmentStatus
from screening.names import Declared
from screening.names.search import Sought
from screening.reach.follow import NOT_SCREENED, Found, Pair, follow
from screening.reach.follow import below as held_by

BELOW_REVIEW = 0.05  # how far below the review score the matcher keeps a likeness, for a country to raise it


@dataclass(frozen=True, slots=True)
class Reach:
    """What to look for. `everything` says why all that still matters is screened again; then the rest is empty.

    `sentences` say which lists changed, for people. `forms` are the legal forms, the same in both snapshots.
    """

    everything: str = ""
    sentences: tuple[str, ...] = ()
    names: tuple[Sought, ...] = ()
    exact: tuple[Declared, ...] = ()
    addresses: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    forms: LegalForms = field(default_factory=lambda: LegalForms(()))


def candidates() -> QuerySet[Shipment]:
    """Shipments whose result still matters: their case is not decided, or they have not left yet.

    A shipment that is being screened right now counts, whose run may have begun under the policy before. One that only
    waits does not: its run will find the policy in force.
    """
    undecided = Q(case__isnull=False) & ~Q(case__state=CaseState.DECIDED)
    to_come = Q(shipment_date__gte=timezone.localdate()) | Q(shipment_date=None)
    begun = (ShipmentStatus.SCREENING, ShipmentStatus.SCREENED)
    return Shipment.objects.filter(undecided | to_come, status__in=begun)


def licences() -> QuerySet[Licence]:
    """Licences that can still be used."""
    return Licence.objects.filter(state=LicenceState.ACTIVE, valid_to__gte=timezone.localdate())


def between(before: Snapshot | None, after: Snapshot) -> Reach:
    """What the step from one snapshot to the other can affect. Raises `ContentError` for a damaged edition."""
    if before is None:
        return Reach(everything="No policy before this one is known.")
    manifests = (before.manifest, after.manifest)
    changed = sorted(name for name in {**manifests[0], **manifests[1]} if len({one.get(name) for one in manifests}) > 1)
    found, sentences = Found(dismissed=_dismissed()), []
    for source in ListSource.objects.filter(pk__in=changed).exclude(kind__in=NOT_SCREENED).order_by("pk"):
        difference = diffs.difference(*(_rows(source.pk, manifest) for manifest in manifests), kind=source.kind)
        pairs: list[Pair] = [({}, row) for row in difference.added] + [(row, {}) for row in difference.removed]
        follow(source.kind, [*pairs, *((change.before, change.after) for change in difference.changed)], found)
        counted = "{added} added, {removed} removed, {changed} changed".format(**difference.counts)
        sentences.append(f"{source.title}: {counted}")
    if found.everything:
        return Reach(everything=found.everything, sentences=tuple(sentences))
    return _reach(found, sentences, before, after)


def _dismissed() -> frozenset[str]:
    standing = Dismissal.objects.filter(reopened_at=None, replaced_at=None, expires_on__gte=timezone.localdate())
    return frozenset(standing.values_list("entry", flat=True))


def _reach(found: Found, sentences: list[str], before: Snapshot, after: Snapshot) -> Reach:
    plain = Reach(
        sentences=tuple(sentences), exact=tuple(sorted(found.exact)), directions=tuple(sorted(found.directions))
    )
    if not (found.names or found.owners or found.owned or found.addresses):
        return plain
    policies = snapshots.load(before.hash), snapshots.load(after.hash)
    forms = policies[1].watch.forms
    scores = [max(policy.setting.match_review - BELOW_REVIEW, FLOOR) for policy in policies]
    owned = found.owned | held_by(found.owners, _stakes(before, after), lambda name: key(tokens(name, forms)))
    wanted = {(side, text, False) for side, text in found.names}
    wanted |= {(side, text, True) for side in (0, 1) for text in owned}
    names = {
        (side, words, whole): Sought(words, policies[side].watch.weight, scores[side], every_word=whole)
        for side, text, whole in sorted(wanted)
        if (words := tokens(text, forms))
    }
    return replace(plain, names=tuple(names.values()), addresses=tuple(sorted(found.addresses)), forms=forms)


def _stakes(*of: Snapshot) -> list[Mapping[str, Any]]:
    lists = ListSource.objects.filter(kind="ownership").order_by("pk").values_list("pk", flat=True)
    return [row for list_id in lists for snapshot in of for row in _rows(list_id, snapshot.manifest)]


def _rows(list_id: str, manifest: Mapping[str, str]) -> list[dict[str, Any]]:
    if list_id not in manifest:
        return []
    edition = snapshots.kept_edition(list_id, manifest[list_id])
    return content.unpack(edition.kind, bytes(edition.content), digest=edition.digest)
