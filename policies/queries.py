"""What people read about lists: their editions, how fresh they are, what waits. Never the rows themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from policies.importers import importers
from policies.models import Edition, EditionState, ListFeed, ListSource

NEARLY = 0.75  # the part of its greatest age after which a list is called old
OLDEST_PUBLICATION = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Standing:
    """A list as it stands: `state` is `fresh`, `old`, `stale`, `ageless` or `empty`.

    `seen` is the last day on which an import took or confirmed the active edition, `stale_on` the first day on which
    the list counts as stale unless it is confirmed before, `staged` the number of editions that wait for a person.
    """

    source: ListSource
    active: Edition | None
    state: str
    seen: date | None
    stale_on: date | None
    staged: int


def standings(on: date, *, kind: str = "", search: str = "") -> list[Standing]:
    """All lists with their active edition, by id; `search` is looked for in id, title and source."""
    sources = ListSource.objects.annotate(staged=Count("editions", filter=Q(editions__state=EditionState.STAGED)))
    for word in search.split()[:8]:
        sources = sources.filter(Q(id__icontains=word) | Q(title__icontains=word) | Q(source__icontains=word))
    if kind:
        sources = sources.filter(kind=kind)
    active = {one.source_id: one for one in light().filter(state=EditionState.ACTIVE)}
    return [standing(source, active.get(source.pk), on, staged=source.staged) for source in sources]


def standing(source: ListSource, active: Edition | None, on: date, *, staged: int = 0) -> Standing:
    """How a list stands on a day. What makes a list stale is what `snapshots.stale_lists` tells screening."""
    if active is None:
        return Standing(source, None, "empty", None, None, staged)
    taken = timezone.localdate(active.imported_at)
    seen = max(taken, active.confirmed_on or taken)
    if not source.max_age_days:
        return Standing(source, active, "ageless", seen, None, staged)
    stale_on = seen + timedelta(days=source.max_age_days + 1)
    if active.as_of:
        stale_on = min(stale_on, active.as_of + OLDEST_PUBLICATION + timedelta(days=1))
    nearly = on - seen > NEARLY * timedelta(days=source.max_age_days)
    long_ago = active.as_of is not None and on - active.as_of > timedelta(days=source.max_age_days)
    state = "stale" if on >= stale_on else "old" if nearly or long_ago else "fresh"
    return Standing(source, active, state, seen, stale_on, staged)


def light() -> QuerySet[Edition]:
    """Editions without their rows and reports: what lists of editions may load."""
    return Edition.objects.defer("content", "report")


def editions_of(source: ListSource) -> QuerySet[Edition]:
    """The editions of a list, newest first, with who imported and activated them."""
    return light().filter(source=source).select_related("imported_by", "activated_by").order_by("-id")


def waiting_editions() -> QuerySet[Edition]:
    """The staged editions of all lists, newest first."""
    return light().filter(state=EditionState.STAGED).select_related("source", "imported_by").order_by("-id")


def unpublished(pinned: Mapping[str, str]) -> set[str]:
    """The lists whose active edition is another than the one that a manifest pins, or that are only in one of them."""
    active = dict(Edition.objects.filter(state=EditionState.ACTIVE).values_list("source_id", "digest"))
    return {one for one in {*pinned, *active} if pinned.get(one) != active.get(one)}


def kinds() -> list[str]:
    return list(ListSource.objects.order_by("kind").values_list("kind", flat=True).distinct())


def feeds() -> QuerySet[ListFeed]:
    return ListFeed.objects.select_related("set_by", "approved_by")


def feeds_of(source: ListSource) -> list[ListFeed]:
    """The feeds that fill a list."""
    return [feed for feed in feeds() if source.pk in lists_of(feed)]


def lists_of(feed: ListFeed) -> list[str]:
    """The ids of the lists that a feed fills; none when its format is no longer known."""
    try:
        return [importer.list_id for importer in importers(feed.source, name=feed.name)]
    except ValueError:
        return []


def of_manifest(manifest: Mapping[str, str]) -> dict[str, Edition]:
    """The editions that a snapshot pins, by list."""
    found: Iterable[Edition] = (
        light()
        .filter(source__in=manifest)
        .exclude(state=EditionState.REJECTED)
        .select_related("source", "imported_by")
        .order_by("id")
    )
    return {one.source_id: one for one in found if manifest[one.source_id] == one.digest}
