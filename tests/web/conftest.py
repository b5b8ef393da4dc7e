"""Browsers without a browser: clients of people of each role."""

from django.test import Client

from screening.models import User


def browser(person: User | None = None) -> Client:
    """A client, signed in as a person."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client
