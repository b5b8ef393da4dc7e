"""How feeds stand, for the pages that list them."""

from typing import Any

from django.utils import timezone

from policies import queries
from policies.models import ListFeed


def described() -> list[dict[str, Any]]:
    """Every feed, its state in a word, and how its lists stand."""
    standings = {one.source.pk: one for one in queries.standings(timezone.localdate())}
    return [
        {
            "feed": feed,
            "state": state(feed),
            "lists": [standings[one] for one in queries.lists_of(feed) if one in standings],
        }
        for feed in queries.feeds()
    ]


def state(feed: ListFeed) -> str:
    """`off`, `failing`, `well` or `new`."""
    if not feed.enabled:
        return "off"
    if feed.failures or feed.error:
        return "failing"
    return "well" if feed.succeeded_at else "new"
