"""Write the simulated events in a thread of its own, never far ahead of the worker: the embedded broker forgets."""

import threading
from collections.abc import Iterator
from typing import Final, Self

from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.simulate import SimulatedRecord, Traffic
from loyalty_stream.simulate.publish import PublishOptions, publish

AHEAD_MAX: Final = 2_000
"""Records that may be under way: about 3 MB, less than one partition of the embedded broker keeps."""


class _StoppedError(Exception):
    """The demo ends before all is written."""


class EventProducer:
    """Write simulated records, each to the raw topic of its dialect, as a context.

    `settled` is set by whoever sees how far the worker is.
    """

    def __init__(self, traffic: Traffic, settings: Settings) -> None:
        """Take what to write and where."""
        self._traffic = traffic
        self._topics = {dialect: settings.raw_topic(dialect) for dialect in traffic.dialects}
        self._options = PublishOptions(
            bootstrap_servers=settings.bootstrap_servers,
            topics=tuple(self._topics.values()),
            client_config=client_config(settings),
        )
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="producer", daemon=True)
        self.made = 0
        self.settled = 0
        self.failure: Exception | None = None

    def __enter__(self) -> Self:
        """Start writing."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop writing."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            publish(self._records(), self._options, hold=self._is_ahead)
        except _StoppedError:
            return
        except Exception as failure:  # noqa: BLE001 - told by whoever watches this thread
            self.failure = failure

    def _records(self) -> Iterator[tuple[str, SimulatedRecord]]:
        for dialect, record in self._traffic.records():
            if self._ended.is_set():
                raise _StoppedError
            self.made += 1
            yield self._topics[dialect], record

    def _is_ahead(self) -> bool:
        return self.made - self.settled > AHEAD_MAX and not self._ended.is_set()
