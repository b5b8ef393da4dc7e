"""What a change of policy can affect: shipments that declare what changed, always too many rather than too few.

One thing is not followed: what changed entries do to the others. A word weighs less the more listed names hold it, in
steps, so the scores of some entries that stayed the same move with a large list; a new word may cut a joined one
otherwise. `manage.py rescreen --all` screens everything that still matters again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from policies import content, diffs, snapshots
from policies.engine.match.lexicon import Lexicon
from policies.engine.match.watch import BELOW
from policies.engine.policy import Policy
from policies.models import ListSource, Snapshot
from screening.models import CaseState, Dismissal, Licence, LicenceState, Shipment, ShipmentStatus
from screening.names import Declared
from screening.names.search import Measure, Sought
from screening.reach.follow import NOT_SCREENED, Found, Listing, Pair, follow
from screening.reach.follow import below as held_by

SLACK = 0.02  # below the score that counts, as weights move a little until a result is looked at again
EQUAL_ONLY = 2.0  # a score that no likeness reaches


@dataclass(frozen=True, slots=True)
class Reach:
    """What to look for. `everything` says why all that still matters is screened again; then the rest is empty.

    `sentences` say which lists changed, for people. `exact` are countries, identifiers and addresses. `lexicon` reads
    names, the same in both snapshots; there is none when no name is looked for.
    """

    everything: str = ""
    sentences: tuple[str, ...] = ()
    names: tuple[Sought, ...] = ()
    exact: tuple[Declared, ...] = ()
    directions: tuple[str, ...] = ()
    lexicon: Lexicon | None = None


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
    if not (found.names or found.owners or found.owned):
        return plain
    policies = snapshots.load(before.hash), snapshots.load(after.hash)
    owned = found.owned | held_by(found.owners, _stakes(before, after), policies[1].watch.fold)
    names = _sought(found.names, owned, policies)
    return replace(plain, names=tuple(names), lexicon=policies[1].watch.lexicon)


def _sought(names: Iterable[Listing], owned: Iterable[str], policies: tuple[Policy, Policy]) -> list[Sought]:
    """Each name once, with all that it is compared by."""
    wanted: dict[tuple[str, bool], set[tuple[int, float, bool]]] = defaultdict(set)
    for name in names:
        least = policies[name.side].setting.match_review - min(name.more, BELOW) - SLACK
        wanted[name.text, name.person].add((name.side, EQUAL_ONLY if name.equal else least, name.equal))
    sought = [
        Sought(text, person, tuple(_measure(policies[side], least, equal) for side, least, equal in sorted(measures)))
        for (text, person), measures in sorted(wanted.items())
    ]
    of_owned = tuple(Measure(one.watch.owned, one.setting.match_review - SLACK, kinds=(False,)) for one in policies)
    return sought + [Sought(text, False, of_owned) for text in sorted(owned)]


def _measure(policy: Policy, least: float, equal: bool) -> Measure:
    (index,) = policy.watch.indexes
    return Measure(index, least, kinds=(False,) if equal else (True, False))


def _stakes(*of: Snapshot) -> list[Mapping[str, Any]]:
    lists = ListSource.objects.filter(kind="ownership").order_by("pk").values_list("pk", flat=True)
    return [row for list_id in lists for snapshot in of for row in _rows(list_id, snapshot.manifest)]


def _rows(list_id: str, manifest: Mapping[str, str]) -> list[dict[str, Any]]:
    if list_id not in manifest:
        return []
    edition = snapshots.kept_edition(list_id, manifest[list_id])
    return content.unpack(edition.kind, bytes(edition.content), digest=edition.digest)
