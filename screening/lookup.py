"""One party, or many, against the lists in force, without a shipment. Nothing is stored but who searched for what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import confidential, queries, snapshots
from policies.engine import facts
from policies.engine.match.explain import hit_of
from policies.engine.match.hits import Hit
from policies.engine.policy import Policy
from policies.engine.screen import ENGINE_VERSION
from policies.models import Snapshot
from screening import audit, party_queries, permissions
from screening.models import ApiToken, User
from screening.party_queries import Asked

log = structlog.get_logger(__name__)
WIDER = 0.7  # the score of the wider look; below it most of what is found is noise
SHOWN = 50


class NoPolicy(Exception):
    """Nothing can be searched: no policy is in force, or it cannot be loaded. The sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A list that was searched. `as_of` is the publisher's date, or the day of the import when there is none."""

    list: str
    title: str
    entries: int
    as_of: date
    stale: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """What a search looks in: read once, however many parties are looked for."""

    snapshot: Snapshot
    policy: Policy
    searched: tuple[Searched, ...]

    def hits(self, party: Mapping[str, Any], *, threshold: float) -> list[Hit]:
        """What a cleaned party meets, best first; certain matches whatever the threshold, alike ones from it on."""
        (asked,) = facts.read({"parties": [{"role": "", **party}]}).parties
        return self.policy.watch.hits(asked, review=threshold, majority=self.policy.setting.ownership_percent)


def in_force(*, published_only: bool = False) -> Lists:
    """The lists of the snapshot in force; `published_only` without the authority's own. Raises `NoPolicy`."""
    snapshot = snapshots.current()
    if snapshot is None:
        raise NoPolicy(_("No policy has been published yet, so there are no lists to search."))
    try:
        policy = confidential.published(snapshot) if published_only else snapshots.load(snapshot.hash)
    except snapshots.SnapshotError as error:
        raise NoPolicy(str(error)) from error
    stale = snapshots.stale_lists(snapshot, timezone.localdate())
    editions = queries.of_manifest(snapshot.manifest).values()
    searched = (
        Searched(
            list=edition.source_id,
            title=edition.source.title,
            entries=edition.count,
            as_of=edition.as_of or timezone.localdate(edition.imported_at),
            stale=edition.source_id in stale,
        )
        for edition in editions
        if edition.kind == "parties" and (not published_only or confidential.is_published(edition.source_id))
    )
    return Lists(snapshot, policy, tuple(sorted(searched, key=lambda one: one.title)))


def search(party: Mapping[str, Any], lists: Lists, *, threshold: float, by: User) -> list[dict[str, Any]]:
    """The hits of a party as a person searches for it. The question is audited, its answer is not."""
    permissions.check_search_parties(by)
    with transaction.atomic():
        asked = {"query": dict(party), "threshold": threshold, "snapshot": lists.snapshot.hash}
        audit.record("party.searched", by=by, of=lists.snapshot, details=asked)
    return [hit_of(hit) for hit in lists.hits(party, threshold=threshold)]


def match(raw: object, *, options: Mapping[str, Any], by: ApiToken) -> dict[str, Any]:
    """Answer another system from the published lists. Raises `NotAllowed`, `PayloadError` or `NoPolicy`."""
    permissions.check_match_parties(by)
    asked = party_queries.clean(raw, options)
    lists = in_force(published_only=True)
    setting = lists.policy.setting
    threshold = setting.match_review if asked.threshold is None else asked.threshold
    log.info("parties_matched", queries=len(asked.queries), snapshot=lists.snapshot.hash[:12], threshold=threshold)
    return {
        "snapshot": lists.snapshot.hash,
        "engine": ENGINE_VERSION,
        "threshold": threshold,
        "near_certain": setting.match_near_certain,
        "lists": [_about(one) for one in lists.searched],
        "results": list(_results(asked, lists, threshold)),
    }


def _results(asked: Asked, lists: Lists, threshold: float) -> Iterable[dict[str, Any]]:
    for query in asked.queries:
        answer = {"id": query.id, "query": query.party}
        if query.problem:
            yield {**answer, "error": query.problem}
            continue
        found = lists.hits(query.party, threshold=threshold)
        shown = [hit_of(hit) for hit in found[: asked.limit]]
        yield {**answer, "hits": shown, "total": len(found), "truncated": len(found) > asked.limit}


def _about(one: Searched) -> dict[str, Any]:
    return {
        "list": one.list,
        "title": one.title,
        "entries": one.entries,
        "as_of": one.as_of.isoformat(),
        "stale": one.stale,
    }
