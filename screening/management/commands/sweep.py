"""Do by hand what the beat does every minute."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from screening import backtests, rescreening, runs


class Command(BaseCommand):
    help = "Queue again the runs, backtests and re-screenings that the broker lost; end those that failed too often."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            json.dumps(runs.sweep() | {"backtests": backtests.sweep(), "rescreenings": rescreening.sweep()})
        )
