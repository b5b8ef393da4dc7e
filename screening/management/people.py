"""Who acts at the command line."""

from django.core.management.base import CommandError

from screening.models import User


def person(username: str) -> User:
    """The user of that name. Raises `CommandError` when there is none."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"There is no user {username!r}.")
    return found
