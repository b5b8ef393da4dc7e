"""Who acts at the command line."""

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from policies.permissions import Actor


def person(username: str) -> Actor:
    """The user of that name. Raises `CommandError` when there is none."""
    found: Actor | None = get_user_model().objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"There is no user {username!r}.")
    return found
