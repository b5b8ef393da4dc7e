"""Is the process alive (`/healthz`), and can it do its work (`/readyz`)?"""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import broker_answers


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 when the database is away or not migrated. A missing broker is reported but does not count: work waits."""
    database = _database()
    broker = "ok" if broker_answers() else "away: submissions are kept and screened when it is back"
    return JsonResponse({"database": database, "broker": broker}, status=200 if database == "ok" else 503)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        cache.get("readyz")
    except DatabaseError:
        return "away"
    return "migrations pending" if pending else "ok"
