"""Run a worker in this process until it is told to stop."""

import asyncio
import gc
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Final

import faust
import uvloop
from faust.types import TP

from loyalty_stream.runtime.app import StreamApp, build_app
from loyalty_stream.runtime.failure import EXIT_STOPPED, WorkerStopped
from loyalty_stream.runtime.folder import hold_folder
from loyalty_stream.runtime.job import Job
from loyalty_stream.runtime.logs import calm_clients
from loyalty_stream.runtime.observer import Observer
from loyalty_stream.runtime.preflight import check
from loyalty_stream.runtime.settings import Settings

_GC_THRESHOLDS: Final = (100_000, 20, 50)

logger = logging.getLogger(__name__)


def run_worker(  # noqa: PLR0913 - all but three are given by name, each by one caller or two
    settings: Settings,
    job: Job,
    observer: Observer | None = None,
    *,
    dialects: Sequence[str],
    outputs: Sequence[str] = (),
    add_pages: Callable[[StreamApp], None] | None = None,
    ends: Mapping[TP, int] | None = None,
    beside: AbstractContextManager[object] = nullcontext(),  # noqa: B008 - it has no state
) -> int:
    """Run until SIGTERM or SIGINT and return the exit code: 0, or 1 where the start was not possible.

    `outputs` are the topics that the job writes to, which must exist. A source partition that `ends` names is
    processed up to that offset and no further; the worker then waits to be told to stop. `beside` is a context that is
    open while it runs.
    What fails later ends the process itself (failure.py): 1 for what an operator can set right, 3 where another worker
    has taken over, 70 for a bug. Call it on the main thread, with logging set up.
    """
    with ExitStack() as held:
        try:
            check(settings, dialects, outputs)
            held.enter_context(hold_folder(settings.data_dir))
            held.enter_context(beside)
        except WorkerStopped as stopped:
            logger.critical("%s", stopped)
            return EXIT_STOPPED
        calm_clients()
        _calm_garbage_collector()
        loop = uvloop.new_event_loop()
        asyncio.set_event_loop(loop)
        app = build_app(settings, job, observer, dialects=dialects, add_pages=add_pages, ends=ends)
        worker = faust.Worker(app, loop=loop, quiet=True, override_logging=False, redirect_stdouts=False)
        worker.spinner = None
        try:
            worker.execute_from_commandline()
        except SystemExit as ended:
            return ended.code if isinstance(ended.code, int) else EXIT_STOPPED


def _calm_garbage_collector() -> None:
    """Look for reference cycles seldom: records and messages make none, and a third of the CPU went there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
