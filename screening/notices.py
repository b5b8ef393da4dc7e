"""Sentences for people about a shipment or licence they answer for, kept until they have read them."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from screening.models import Licence, Notice, Shipment, User


def tell(
    to: User | Iterable[User], text: str, *, shipment: Shipment | None = None, licence: Licence | None = None
) -> list[Notice]:
    """Leave a notice for one person or several, each once. Call it before the audit event of the write it tells of."""
    people = [to] if isinstance(to, User) else list({person.pk: person for person in to}.values())
    return Notice.objects.bulk_create(
        Notice(to=person, text=text, shipment=shipment, licence=licence) for person in people
    )


def of(user: User) -> QuerySet[Notice]:
    """All notices of a person, newest first, with what they are about."""
    return Notice.objects.filter(to=user).select_related("shipment", "licence")


def unread(user: User) -> QuerySet[Notice]:
    """What the person has not read yet, newest first."""
    return of(user).filter(read_at=None)


def read(user: User, ids: Iterable[int] | None = None) -> int:
    """Mark notices of this person as read, all of them when `ids` is left out; how many were unread."""
    waiting = Notice.objects.filter(to=user, read_at=None)
    if ids is not None:
        waiting = waiting.filter(pk__in=list(ids))
    return waiting.update(read_at=timezone.now())
