"""What the policy in force says about dismissals: whether they count, and for how long. The engine is not loaded."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from policies import editions, snapshots
from policies.engine.match.dismissals import LONGEST
from policies.engine.read_lists import READERS
from policies.engine.subjects import Setting
from policies.models import Edition, EditionState, Snapshot


def setting() -> Setting:
    """The thresholds in force; before the first publication those of no policy, which counts no dismissal."""
    snapshot = snapshots.current()
    return _setting(snapshot.hash) if snapshot else Setting()


def last_day(given: date) -> date:
    """The last day on which a dismissal of that day can count."""
    return given + timedelta(days=min(max(int(setting().dismissal_days), 0), LONGEST))


@lru_cache(maxsize=16)
def _setting(hash: str) -> Setting:
    # A snapshot never changes, so neither does what is kept here.
    snapshot = Snapshot.objects.get(hash=hash)
    kept = Edition.objects.filter(kind="settings", digest__in=snapshot.manifest.values())
    gathered: dict[str, Any] = {"settings": {}}
    for edition in kept.exclude(state=EditionState.REJECTED):
        if snapshot.manifest.get(edition.source_id) == edition.digest:
            for row in editions.rows(edition):
                READERS["settings"](gathered, edition.source_id, row)
    return Setting(**gathered["settings"])
