"""What of a snapshot may be told outside: the published lists. An authority's own lists stay with it.

A list is published when the format of a publisher fills it; any other is taken for the authority's own, whatever its
name. Own ownership is left out with it: a chain of owners would tell what only the authority knows.
"""

import threading
from functools import lru_cache

from policies.engine.policy import Policy
from policies.importers import OWN, SOURCES
from policies.models import Snapshot
from policies.snapshots import load, with_index

PARTY_KINDS = ("parties", "ownership")
PUBLISHED = frozenset(
    importer.list_id for source, found in SOURCES.items() if not source.startswith(OWN) for importer in found
)
_building = threading.Lock()


def is_published(list_id: str) -> bool:
    """Whether everybody may read a list of parties.

    >>> is_published("parties/un"), is_published("parties/own"), is_published("parties/port_police")
    (True, False, False)
    """
    return list_id in PUBLISHED


def published(snapshot: Snapshot) -> Policy:
    """The policy of a snapshot, with its published party lists only. Built once per process, like the whole one.

    The same object as `load` gives where the snapshot has no own list of parties; else a second index is kept in
    memory, so that an own entry neither shows, nor stands before a published one, nor changes a score.
    """
    with _building:
        return _published(snapshot.hash)


@lru_cache(maxsize=2)
def _published(hash: str) -> Policy:
    policy = load(hash)
    manifest = Snapshot.objects.filter(hash=hash).values_list("manifest", flat=True)[0]
    shown = {list_id: digest for list_id, digest in manifest.items() if not _is_own(list_id)}
    if shown == manifest:
        return policy
    return with_index(shown, hash=f"{hash}+published")


def _is_own(list_id: str) -> bool:
    return list_id.partition("/")[0] in PARTY_KINDS and not is_published(list_id)
