"""Snapshots: draft -> in force -> retired; which one was in force when, and the policy that a hash names.

A snapshot pins one edition of every list under one SHA-256. `load` rebuilds the policy of any snapshot that was ever
kept; a list that is missing or is not what its digest says never screens.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from policies import content, indexes
from policies.classifiers import with_classifier
from policies.content import ContentError
from policies.editions import WATCH_KINDS, rows
from policies.engine import read
from policies.engine.examples import failures
from policies.engine.match.lexicon import Lexicon
from policies.engine.policy import Policy
from policies.models import Edition, EditionState, ListSource, Snapshot

# Policies kept in memory by a process: in force, the one before it, and a draft on trial. Their names are mapped files.
KEPT = 3
OLDEST_PUBLICATION = timedelta(days=365)  # a list of a publisher that is older is no list of today

_kept: OrderedDict[str, Policy] = OrderedDict()
_lexicons: OrderedDict[str, Lexicon] = OrderedDict()
READ_BY = ("legal_forms", "name_words")  # kinds of lists that say how names are read
_keeping = threading.Lock()
_building = threading.Lock()
_examples: dict[str, tuple[str, ...]] = {}  # by what they depend on, the examples that fail: the same for ever


class SnapshotError(Exception):
    """A snapshot cannot be drafted, published or loaded; the message says why and what to do."""


def current() -> Snapshot | None:
    """The snapshot in force, or `None` before the first publication."""
    return on(timezone.now())


def on(moment: datetime) -> Snapshot | None:
    """The snapshot that was in force at a moment, or `None` when none was yet.

    Read from the dates, not from the states: a scheduled snapshot counts from its moment, whoever moves its state when.
    """
    ever = Snapshot.objects.filter(published_at__isnull=False, in_force_from__lte=moment)
    return ever.exclude(retired_at__lte=F("in_force_from")).order_by("-in_force_from", "-id").first()


def waiting(state: str) -> Snapshot | None:
    """The draft, or the scheduled snapshot, if there is one."""
    return Snapshot.objects.filter(state=state).first()


def load(hash: str) -> Policy:
    """The policy that a hash names, built once per process. Raises `SnapshotError` when it is missing or damaged."""
    with _keeping:
        if hash in _kept:
            _kept.move_to_end(hash)
            return _kept[hash]
    with _building:
        with _keeping:
            if hash in _kept:
                return _kept[hash]
        policy = build(hash)
        with _keeping:
            _kept[hash] = policy
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return policy


def forget() -> None:
    """Let go of every policy in memory, as a new process would begin."""
    with _keeping:
        _kept.clear()


def stale_lists(snapshot: Snapshot, on: date) -> list[str]:
    """The lists of a snapshot that nobody looks after: neither taken nor confirmed for longer than they may go without.

    The publisher's date alone makes a list stale only after `OLDEST_PUBLICATION`: one that rarely changes is fresh
    while its imports confirm it, and the date is shown for a person to judge.
    """
    editions = Edition.objects.filter(source__in=snapshot.manifest, source__max_age_days__gt=0).exclude(
        state__in=(EditionState.REJECTED, EditionState.STAGED)
    )
    fresh: set[str] = set()
    ageing: set[str] = set()
    for edition in editions.select_related("source").defer("content", "report"):
        if edition.digest == snapshot.manifest[edition.source_id]:
            ageing.add(edition.source_id)
            taken = timezone.localdate(edition.imported_at)
            confirmed = edition.confirmed_on
            seen = max(taken, confirmed) if confirmed and confirmed <= on else taken  # as a day then saw it
            looked_after = on - seen <= timedelta(days=edition.source.max_age_days)
            if looked_after and (edition.as_of is None or on - edition.as_of <= OLDEST_PUBLICATION):
                fresh.add(edition.source_id)
    return sorted(ageing - fresh)


def manifest_hash(manifest: Mapping[str, str]) -> str:
    """SHA-256 (hex) of the sorted manifest."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def check_policy(policy: Policy) -> None:
    """Raise `SnapshotError` for a policy that must not screen: no rules or lists, or a rule that fails its examples."""
    parts = {
        "rules": policy.rules,
        "goods": policy.entries,
        "destinations": policy.destinations,
        "reasons": policy.reasons,
    }
    if missing := [name for name, part in parts.items() if not part]:
        raise SnapshotError(f"The snapshot has no {', '.join(missing)}; run install_policies first.")
    if failed := _failed(policy):
        raise SnapshotError(f"{len(failed)} examples fail: {'; '.join(failed[:20])}")


def failed_examples(hash: str) -> list[str]:
    """What is wrong with the rule examples of a snapshot: sentences, none when all pass. Raises `SnapshotError`."""
    return list(_failed(load(hash)))


def _failed(policy: Policy) -> tuple[str, ...]:
    # Examples bring the parties they need; on the published lists each would index thousands of entries again.
    key = _tested(policy.hash)
    if key not in _examples:
        _examples[key] = tuple(failures(replace(policy, parties=(), index=None, ownership=(), denials=())))
    return _examples[key]


def _tested(hash: str) -> str:
    """A hash over the lists that examples depend on: a new sanctions list need not run them all again."""
    snapshot = Snapshot.objects.filter(hash=hash).first()
    if snapshot is None:
        return hash
    aside = WATCH_KINDS | {"reference", "principles"}
    lists = set(
        ListSource.objects.filter(id__in=snapshot.manifest).exclude(kind__in=aside).values_list("id", flat=True)
    )
    return manifest_hash({name: digest for name, digest in snapshot.manifest.items() if name in lists})


def build(hash: str) -> Policy:
    """The policy that a hash names, built anew. Raises `SnapshotError` as `load` does."""
    snapshot = Snapshot.objects.filter(hash=hash).first()
    if snapshot is None:
        raise SnapshotError(f"There is no snapshot {hash[:12] or '(empty)'}; the hash is wrong or of another database.")
    if manifest_hash(snapshot.manifest) != hash:
        raise SnapshotError(f"The manifest of snapshot {hash[:12]} is not what its hash says; restore the database.")
    try:
        return with_index(snapshot.manifest, hash=hash)
    except (ContentError, read.PolicyError) as error:
        raise SnapshotError(f"Snapshot {hash[:12]} cannot be loaded: {error}") from error


def with_index(manifest: Mapping[str, str], *, hash: str) -> Policy:
    """The policy of a manifest. The party lists are checked, but not read when their index is there already."""
    kinds = dict(ListSource.objects.filter(pk__in=manifest).values_list("pk", "kind"))
    of_kind = {list_id: kinds.get(list_id, "") for list_id in sorted(manifest)}
    parties = {list_id: manifest[list_id] for list_id, kind in of_kind.items() if kind == "parties"}
    for name, digest in parties.items():
        _check(name, digest)
    read_by = {name: manifest[name] for name, kind in of_kind.items() if kind in READ_BY}
    lexicon = _lexicon(read_by)
    rest = of_kind.keys() - parties.keys() - read_by.keys()
    policy = read.build({name: _edition(name, manifest[name]) for name in rest}, hash=hash, lexicon=lexicon)
    index = indexes.opened(
        parties,
        lexicon,
        read_by=read_by,
        entries=lambda: read.parties((name, _edition(name, digest)) for name, digest in parties.items()),
    )
    return with_classifier(replace(policy, index=index), of_kind, manifest)


def _lexicon(read_by: Mapping[str, str]) -> Lexicon:
    """How names are read by these lists; policies that have the same ones share it."""
    key = manifest_hash(read_by)
    if kept := _lexicons.get(key):
        for name, digest in read_by.items():
            _check(name, digest)
        return kept
    rows_of = {name: _edition(name, digest) for name, digest in read_by.items()}
    _lexicons[key] = made = read.build(rows_of, hash="").lexicon
    while len(_lexicons) > KEPT:
        _lexicons.popitem(last=False)
    return made


def _check(list_id: str, digest: str) -> None:
    """That the edition is there and is what its digest says, although its index may come from a file."""
    kept = kept_edition(list_id, digest)
    try:
        content.check(kept.kind, bytes(kept.content), digest=digest)
    except ContentError as error:
        raise ContentError(f"{list_id}: {error}") from error


def _edition(list_id: str, digest: str) -> read.Edition:
    kept = kept_edition(list_id, digest)
    return read.Edition(kind=kept.kind, rows=rows(kept))


def kept_edition(list_id: str, digest: str) -> Edition:
    """The stored edition that a manifest names. Raises `ContentError` when it is missing."""
    kept = Edition.objects.filter(source=list_id, digest=digest).exclude(state=EditionState.REJECTED).first()
    if kept is None:
        raise ContentError(f"{list_id}: the edition {digest[:12]} is missing")
    return kept


def active_manifest() -> dict[str, str]:
    """What a draft made now would pin: `{list id: digest of its active edition}`."""
    active = Edition.objects.filter(state=EditionState.ACTIVE).values_list("source_id", "digest")
    if not active:
        raise SnapshotError("No list has been imported; run install_policies first.")
    return dict(sorted(active))
