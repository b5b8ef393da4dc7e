"""Prove that the audit log is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening import audit


class Command(BaseCommand):
    help = "Check the hash chain of the audit log; exit 1 and name the first broken row if it was touched."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            length = audit.verify()
        except audit.BrokenChain as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{length} audit events, chain whole.")
