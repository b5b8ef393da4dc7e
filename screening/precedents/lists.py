"""The goods lists in force, by which a classification is confirmed and one of before is judged."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from policies import snapshots
from policies.engine.classify.index import GoodsIndex
from screening.lookup import NoPolicy


@dataclass(frozen=True, slots=True)
class InForce:
    """The goods lists of the snapshot in force, and its hash."""

    goods: GoodsIndex
    snapshot_hash: str


def in_force() -> InForce:
    """What is read today. Raises `NoPolicy`."""
    snapshot = snapshots.current()
    if snapshot is None:
        raise NoPolicy(_("No policy has been published yet, so goods cannot be classified."))
    try:
        return InForce(snapshots.load(snapshot.hash).goods, snapshot.hash)
    except snapshots.SnapshotError as error:
        raise NoPolicy(str(error)) from error
