"""Background work. A task fetches nothing and decides nothing: it carries an id to a verb."""

from celery import shared_task

from screening import backtests, rescreening, runs
from screening.editorial import publication


@shared_task(name="screening.screen_run")  # type: ignore[untyped-decorator]
def screen_run(run_id: int) -> None:
    runs.screen(run_id)


@shared_task(name="screening.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    runs.sweep()
    backtests.sweep()
    rescreening.sweep()


@shared_task(name="screening.backtest_chunk")  # type: ignore[untyped-decorator]
def backtest_chunk(chunk_id: int) -> None:
    backtests.work(chunk_id)


@shared_task(name="screening.rescreen")  # type: ignore[untyped-decorator]
def rescreen(rescreening_id: int) -> None:
    rescreening.work(rescreening_id)


@shared_task(name="screening.put_in_force")  # type: ignore[untyped-decorator]
def put_in_force() -> None:
    publication.put_due_in_force()
