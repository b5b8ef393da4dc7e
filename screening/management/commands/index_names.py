"""Index the names of shipments that were stored before there was an index."""

from typing import Any

from django.core.management.base import BaseCommand

from screening import names


class Command(BaseCommand):
    help = (
        "Index the declared names of shipments and licences that are not indexed yet, so that re-screening finds them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        after: int | None = 0
        while after is not None:
            after = names.fill(after=after)
        names.fill_licences()
        self.stdout.write("Every shipment and licence is indexed.")
