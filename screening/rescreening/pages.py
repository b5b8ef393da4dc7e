"""The shipments and licences that a change of policy reaches, in pages short enough for one task to turn several."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone

from policies import snapshots
from screening import names, reach
from screening.models import NameUse, Rescreening
from screening.names import search, segments
from screening.reach import Reach

NAMES = 200  # listed names that one page looks for
ROWS = 1000  # shipments of one page
FILLED = 1  # the place in the first step from which on all names are kept
OF_LICENCES = "export"  # what a licence is for, as far as the directions of a rule go


class Mark(NamedTuple):
    """Where a pass stands: the step, the place in it, and the last shipment that was looked at there."""

    step: int = 0
    place: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What a page found, and the mark of the next one. `matched` counts the declared names that led to it."""

    next: Mark
    shipments: Iterable[int] = ()
    licences: Iterable[int] = ()
    matched: int = 0


def turn(found: Reach, mark: Mark, rescreening: Rescreening) -> Page:
    """The page at a mark. After the last one `next.step` is the number of the steps."""
    return STEPS[mark.step](found, mark, rescreening)


def _index(found: Reach, mark: Mark, rescreening: Rescreening) -> Page:
    """Keep what was stored before it was kept (once, for intake keeps what comes later), then make what is searched."""
    names.fill_licences()
    filled = mark.place == FILLED or found.everything or _filled()
    if not filled and (after := names.fill(after=mark.after)) is not None:
        return Page(mark._replace(after=after))
    ready = found.lexicon is None or segments.prepare(found.lexicon)
    return Page(_next(mark) if ready else Mark(mark.step, FILLED))


def _filled() -> bool:
    """Whether a pass of this release has filled the names already."""
    done = Rescreening.objects.filter(done_at__isnull=False, reach__everything="", reach__folding=names.FOLDING)
    return done.exists()


def _stale(found: Reach, mark: Mark, rescreening: Rescreening) -> Page:
    """Shipments that were undecided because of lists too old then, other ones than now."""
    now = snapshots.stale_lists(rescreening.snapshot, timezone.localdate())
    rows = reach.candidates().filter(latest_run__findings__reason="UNDECIDED", pk__gt=mark.after).distinct()
    shipments = dict(rows.order_by("pk").values_list("pk", "latest_run__facts__stale_lists")[:ROWS])
    changed = [number for number, then in shipments.items() if (then or []) != now]
    return Page(_after(mark, list(shipments)), changed)


def _names(found: Reach, mark: Mark, rescreening: Rescreening) -> Page:
    wanted = found.names[mark.place : mark.place + NAMES]
    met = search.like(wanted, found.lexicon) if found.lexicon and wanted else set()
    if mark.place + NAMES < len(found.names):
        return Page(mark._replace(place=mark.place + NAMES), *search.users(met), matched=len(met))
    segments.forget()
    return Page(_next(mark), *search.users(met), matched=len(met))


def _marks(found: Reach, mark: Mark, rescreening: Rescreening) -> Page:
    """Who declares one of the identifiers or addresses."""
    met = search.equal(declared for declared in found.exact if declared.kind != "country")
    return Page(_next(mark), *search.users(met), matched=len(met))


def _countries(found: Reach, mark: Mark, rescreening: Rescreening) -> Page:
    """Who declares one of the countries: one country after the other, for each may be everybody's."""
    wanted = sorted(search.equal(declared for declared in found.exact if declared.kind == "country"))
    if mark.place >= len(wanted):
        return Page(_next(mark))
    uses = NameUse.objects.filter(name=wanted[mark.place])
    rows = uses.filter(shipment__gt=mark.after).order_by("shipment").values_list("shipment", flat=True)
    shipments = [number for number in rows[:ROWS] if number]
    licences = uses.filter(licence__isnull=False).values_list("licence", flat=True) if not mark.after else []
    full = len(shipments) == ROWS
    following = mark._replace(after=shipments[-1]) if full else Mark(mark.step, mark.place + 1)
    return Page(following, shipments, [number for number in licences if number], matched=0 if full else 1)


def _directions(found: Reach, mark: Mark, rescreening: Rescreening) -> Page:
    """All in the directions of a changed rule, or all there is."""
    rows = reach.candidates().filter(pk__gt=mark.after)
    if not found.everything:
        rows = rows.filter(direction__in=found.directions) if found.directions else rows.none()
    shipments = list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS])
    concerned = (found.everything or OF_LICENCES in found.directions) and not mark.after
    licences = reach.licences().values_list("pk", flat=True) if concerned else ()
    return Page(_after(mark, shipments), shipments, licences)


STEPS: tuple[Callable[[Reach, Mark, Rescreening], Page], ...] = (
    _index,
    _stale,
    _names,
    _marks,
    _countries,
    _directions,
)


def _next(mark: Mark) -> Mark:
    return Mark(mark.step + 1)


def _after(mark: Mark, shipments: list[int]) -> Mark:
    return mark._replace(after=shipments[-1]) if len(shipments) == ROWS else _next(mark)
