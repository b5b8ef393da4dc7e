"""Fetch lists now, in this process, as the workers do on schedule.

manage.py fetch_lists              # every feed that is due
manage.py fetch_lists ofac_sdn     # the feeds of that format, due or not
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from policies import feeds
from policies.models import ListFeed
from screening.editorial import lists


class Command(BaseCommand):
    help = "Fetch the lists that are due, or those of a format, and say what happened. Exit code 1 when one failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", nargs="?", default="", help="a format that has a feed")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = _chosen(options["source"])
        if not chosen:
            self.stdout.write("No feed is due.")
        failed = 0
        for feed_id in chosen:
            result = lists.fetch(feed_id)
            failed += result.what == "failed"
            self.stdout.write(f"{ListFeed.objects.get(pk=feed_id)}: {result.what}: {result.sentence}")
        if failed:
            raise CommandError(f"{failed} of {len(chosen)} feeds failed; the editions before stay.")


def _chosen(source: str) -> list[int]:
    now = timezone.now()
    if not source:
        return feeds.due(now)
    found = list(ListFeed.objects.filter(source=source, enabled=True).values_list("pk", flat=True))
    if not found:
        raise CommandError(
            f"There is no feed of {source} that is switched on; an editor sets one on the page of feeds."
        )
    ListFeed.objects.filter(pk__in=found).update(next_at=now)
    return found
