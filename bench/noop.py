"""The task that does nothing: what Celery and the broker cost by themselves."""

import os

from celery import Celery

app = Celery("bare", broker=os.environ.get("REDIS_URL", ""))
app.conf.update(task_acks_late=True, task_ignore_result=True, worker_prefetch_multiplier=1, task_default_queue="bare")


@app.task(name="bare.nothing")  # type: ignore[untyped-decorator]
def nothing(number: int) -> None:
    """Cost of a task that does nothing."""
