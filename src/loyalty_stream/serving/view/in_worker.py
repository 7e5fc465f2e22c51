"""The view beside a worker: a process of its own that the worker starts, starts again, and ends.

It tells the worker its metrics through a pipe, for the worker's own /metrics; it ends too once nobody holds the other
end.
"""

import logging
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Final, Self

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from loyalty_stream.ops.child import start_child
from loyalty_stream.ops.metric_table import PREFIX

COMMAND: Final = ("view", "--in-worker")
PAUSE_SECONDS: Final = 5.0
_STOP_SECONDS_MAX: Final = 5.0
_TELL_SECONDS: Final = 2.0
_END: Final = b"# end\n"
_NICENESS: Final = 10
"""What the view computes may wait for what the worker does."""

logger = logging.getLogger(__name__)


class ViewInWorker:
    """A context in which the view runs; a collector of what it tells, the last that it told where it is gone."""

    def __init__(self, on_restart: Callable[[], None]) -> None:
        """Take whom to tell each time that it has ended by itself; nothing runs yet."""
        self._on_restart = on_restart
        self._over = Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._told = b""
        # The kernel ends the child with the thread that started it: one that lasts as long as the worker.
        self._thread = Thread(target=self._keep, name="view", daemon=True)

    def __enter__(self) -> Self:
        """Start it, in the background."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ask it to stop in order; what has not in time is killed."""
        self._over.set()
        if self._child is not None:
            self._child.terminate()
        self._thread.join(_STOP_SECONDS_MAX)
        if self._child is not None and self._thread.is_alive():
            self._child.kill()
            self._thread.join()

    def collect(self) -> Iterator[Metric]:
        """Yield its metrics, for a registry of prometheus-client; those of its process apart, which are ours there."""
        for family in text_string_to_metric_families(self._told.decode()):
            if family.name.startswith(f"{PREFIX}view_"):
                yield family

    def _keep(self) -> None:
        while not self._over.is_set():
            try:
                how = f"ended with exit code {self._run()}"
            except OSError as error:
                how = f"cannot be started ({error.strerror})"
            if self._over.is_set():
                return
            logger.error(
                "the view of this worker %s; it is started again in %g s. Processing goes on", how, PAUSE_SECONDS
            )
            self._on_restart()
            self._over.wait(PAUSE_SECONDS)

    def _run(self) -> int:
        """Run it once, hear what it tells, and return its exit code."""
        with start_child(COMMAND, os.environ, Path.cwd(), stdout=subprocess.PIPE) as child:
            self._child = child
            if self._over.is_set():
                child.terminate()
            telling = bytearray()
            for line in child.stdout or ():
                if line == _END:
                    self._told = bytes(telling)
                    telling.clear()
                else:
                    telling += line
            return child.wait()


@contextmanager
def told_to_worker(registry: CollectorRegistry, stop: Event) -> Iterator[None]:
    """Tell the worker our metrics while the context is open; set `stop` once the worker is gone."""

    def tell() -> None:
        try:
            with open(1, "wb", closefd=False) as pipe:
                while True:
                    pipe.write(generate_latest(registry) + _END)
                    pipe.flush()
                    time.sleep(_TELL_SECONDS)
        except BrokenPipeError:
            stop.set()

    os.nice(_NICENESS)
    Thread(target=tell, name="tell", daemon=True).start()
    yield
