"""What was said of like hits before: shown beside a hit, and never applied. An officer reads it and decides anew."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from screening.dismissals.met import Met, name_key
from screening.models import Dismissal, Shipment

MOST = 3  # suggestions beside one hit


@dataclass(frozen=True, slots=True)
class Earlier:
    """What there is about one hit: its own dismissal, which no run has taken up or nobody has confirmed, and like ones.

    `suggestions` pair a dismissal with the sentence that says why it does not count here.
    """

    own: Dismissal | None
    suggestions: tuple[tuple[Dismissal, str], ...]


def earlier(shipment: Shipment, hits: Sequence[Met]) -> list[Earlier]:
    """For each hit what was dismissed before, in one query. Nothing of it has been applied."""
    entries = {met.hit["entry"] for met in hits}
    rows = Dismissal.objects.filter(entry__in=entries, reopened_at=None, replaced_at=None)
    found: dict[tuple[str, str], list[Dismissal]] = defaultdict(list)
    for row in rows.select_related("by", "confirmed_by", "shipment__case", "organisation"):
        found[row.list, row.entry].append(row)
    return [_earlier(shipment, met, found.get((met.hit["list"], met.hit["entry"]), [])) for met in hits]


def _earlier(shipment: Shipment, met: Met, rows: Sequence[Dismissal]) -> Earlier:
    who, key = met.who, name_key(met.party.name)
    own = next((row for row in rows if _is_own(row, shipment, met)), None)
    like = [row for row in rows if row is not own and (row.party_digest == who or (key and row.name_key == key))]
    return Earlier(own, tuple((row, _why(row, shipment, met)) for row in like[:MOST]))


def _is_own(row: Dismissal, shipment: Shipment, met: Met) -> bool:
    """Whether it is of this very hit and not too old, whatever else keeps it from counting."""
    same = (row.party_digest, row.list, row.entry, row.match, row.entry_digest) == met.same
    return same and row.organisation_id == shipment.organisation_id and row.expires_on >= timezone.localdate()


def _why(row: Dismissal, shipment: Shipment, met: Met) -> str:
    said = []
    if row.organisation_id != shipment.organisation_id:
        said.append(_("it was given for another exporter"))
    if row.party_digest != met.who:
        said.append(_("the details of the party differ"))
    if row.entry_digest != met.digest:
        said.append(_("the entry has changed since"))
    if row.match != met.hit["match"]:
        said.append(_("the match is of another kind"))
    if row.expires_on < timezone.localdate():
        said.append(_("it has expired"))
    if row.waits:
        said.append(_("nobody has confirmed it"))
    return "; ".join(said)
