"""Background work. A task fetches nothing and decides nothing: it carries an id to a verb."""

from celery import shared_task

from policies import feeds
from screening import backtests, dismissals, rescreening, runs
from screening.editorial import lists, publication


@shared_task(name="screening.screen_run")  # type: ignore[untyped-decorator]
def screen_run(run_id: int) -> None:
    runs.screen(run_id)


@shared_task(name="screening.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    runs.sweep()
    backtests.sweep()
    rescreening.sweep()
    dismissals.sweep()


@shared_task(name="screening.backtest_chunk")  # type: ignore[untyped-decorator]
def backtest_chunk(chunk_id: int) -> None:
    backtests.work(chunk_id)


@shared_task(name="screening.rescreen")  # type: ignore[untyped-decorator]
def rescreen(rescreening_id: int) -> None:
    rescreening.work(rescreening_id)


@shared_task(name="screening.put_in_force")  # type: ignore[untyped-decorator]
def put_in_force() -> None:
    publication.put_due_in_force()


@shared_task(name="screening.update_lists")  # type: ignore[untyped-decorator]
def update_lists() -> None:
    lists.send_due()


# Longer than the others, so acknowledged at once: redelivery would come too early. A feed whose worker died is due
# again when its claim ends.
@shared_task(  # type: ignore[untyped-decorator]
    name="screening.fetch_feed",
    acks_late=False,
    soft_time_limit=feeds.claim_seconds() - 30,
    time_limit=feeds.claim_seconds() - 10,
)
def fetch_feed(feed_id: int) -> None:
    lists.fetch(feed_id)
