"""Open an account from the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening import people
from screening.models import Role


class Command(BaseCommand):
    help = "Open an account. The password is printed once; an exporter's organisation is made when it is new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--email", default="")
        parser.add_argument("--name", default="", help="first and last name")
        parser.add_argument("--organisation", default="", help="exporters only: its name")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = {key: options[key] for key in ("role", "email", "name", "organisation")}
        try:
            user, password = people.open_account(options["username"], by=None, **chosen)
        except ValidationError as error:
            sentences = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
            raise CommandError(" ".join(sentences)) from error
        self.stderr.write(f"{user.username} may log in as {user.get_role_display()} with this password:")
        self.stdout.write(password)
