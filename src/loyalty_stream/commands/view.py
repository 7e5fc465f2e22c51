"""`loyalty-stream view`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from loyalty_stream.commands.output import JsonOption, print_json

if TYPE_CHECKING:
    from threading import Event

    from loyalty_stream.runtime.settings import Settings
    from loyalty_stream.serving.view.store import Store

app = typer.Typer(help="Keep Redis a copy of the tables, for readers that want an answer at once.")


InWorkerOption = Annotated[bool, typer.Option("--in-worker", hidden=True, help="Run beside the worker that starts us.")]


@app.callback(invoke_without_command=True)
def view(context: typer.Context, in_worker: InWorkerOption = False) -> None:
    """Keep Redis a copy of the committed tables until told to stop (SIGTERM or Ctrl-C); see docs/view.md.

    A process of its own beside the workers; several may run. It waits while Redis is away. Exit code 1 where an
    operator must set something right.
    """
    if context.invoked_subcommand is not None:
        return
    from uuid import uuid4

    from loyalty_stream.runtime.settings import load_settings
    from loyalty_stream.serving.view.in_worker import told_to_worker
    from loyalty_stream.serving.view.metrics import ViewMetrics
    from loyalty_stream.serving.view.pages import served
    from loyalty_stream.serving.view.run import View

    settings, metrics = load_settings(), ViewMetrics()
    _set_up_log()
    with _until_told() as stop, _store(settings) as store:
        if in_worker:
            with told_to_worker(metrics.registry, stop):
                View(settings, store, metrics, stop, uuid4().hex).run()
            return
        running = View(settings, store, metrics, stop)
        with served(settings.http_host, settings.http_port, metrics.registry, running.missing):
            running.run()


@app.command()
def rebuild(json: JsonOption = False) -> None:
    """Build the view anew from the changelog's beginning, and let readers use it once it is whole.

    Until then they have the old one, which processes of the view keep up to date, and delete afterwards. Redis needs
    room for both.
    """
    import time

    import redis

    from loyalty_stream.runtime.settings import load_settings
    from loyalty_stream.serving.view.batch import Batch
    from loyalty_stream.serving.view.build import Builder
    from loyalty_stream.serving.view.errors import Retired, ViewError
    from loyalty_stream.serving.view.feed import Topics
    from loyalty_stream.serving.view.store import Counts, refusal

    settings = load_settings()
    _set_up_log()
    rows = entries = 0

    def applied(_batch: Batch, counts: Counts) -> None:
        nonlocal rows, entries
        rows += counts.rows_applied
        entries += counts.entries_applied

    begun = time.monotonic()
    with _until_told() as stop, _store(settings) as store:
        try:
            number = Builder(settings, store, Topics(settings), stop).build(applied)
        except Retired as failure:
            raise ViewError("the new generation was given up, since nothing came for a minute: try again") from failure
        except redis.RedisError as failure:
            raise refusal(failure) or ViewError(f"Redis does not answer ({type(failure).__name__})") from failure
        if number is None and not stop.is_set():
            raise ViewError("another process builds the view right now; one that was killed is forgotten in a minute")
    if number is None:
        raise typer.Exit(1)
    seconds = time.monotonic() - begun
    if json:
        print_json({"generation": int(number), "rows": rows, "entries": entries, "seconds": round(seconds, 3)})
    else:
        typer.echo(f"readers use generation {number}: {rows:,} rows, {entries:,} journal entries, {seconds:.1f} s")


def _set_up_log() -> None:
    from loyalty_stream.ops.log import load_log_settings, set_up

    set_up(load_log_settings())


@contextmanager
def _store(settings: "Settings") -> "Iterator[Store]":
    from loyalty_stream.serving.view.store import Store

    store = Store(settings.redis_url.get_secret_value(), settings.view_prefix)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _until_told() -> "Iterator[Event]":
    """Yield what is set by SIGTERM and Ctrl-C."""
    import signal
    from threading import Event

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    yield stop
