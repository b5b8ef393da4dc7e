"""Issue an API token from the command line."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from screening import tokens
from screening.models import Organisation, Scope


class Command(BaseCommand):
    help = "Issue an API token for an organisation. The token is printed once and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="name of the organisation, exactly")
        parser.add_argument("--name", default="API", help="what the token is for")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="repeatable; default: all")
        parser.add_argument("--days", type=int, default=365, help="validity in days (default 365)")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(name=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation {options['organisation']!r}.")
        try:
            token, secret = tokens.issue(
                organisation,
                name=options["name"],
                scopes=options["scope"] or Scope.values,
                expires_at=timezone.now() + timedelta(days=options["days"]),
                by=None,
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{token}: {', '.join(token.scopes)}, valid until {timezone.localdate(token.expires_at)}")
        self.stdout.write(secret)
