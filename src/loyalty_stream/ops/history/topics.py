"""Read a key's entries from the derived topics: the partitions of the key alone, from their ends backwards."""

import time
from collections.abc import Iterable, Iterator, Sequence
from threading import BoundedSemaphore
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from loyalty_stream.errors import ExplainedError
from loyalty_stream.model.keys import partition_of
from loyalty_stream.ops.records import RecordReader
from loyalty_stream.ops.spans import Span, UnsettledTopicError, place_spans, read_spans
from loyalty_stream.runtime.clients import LIBRARY_LOG, client_config
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.history.entries import Sought, entry_of

_WINDOW_OFFSETS: Final = 10_000
"""Of the first look back, in each partition; each further one is twice as wide."""
_TIMEOUT_SECONDS: Final = 10.0
_AT_ONCE_MAX: Final = 2


class TopicsUnreadableError(ExplainedError):
    """The derived topics cannot be read; the message says why."""


class TopicHistory:
    """Reads of the derived topics; safe from any thread, but so many at a time and no more: each takes CPU."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing is connected yet."""
        self._settings = settings
        self._reader = RecordReader(settings)
        self._places = BoundedSemaphore(_AT_ONCE_MAX)
        self._admin: AdminClient | None = None

    def fill(self, sought: Sought, deadline: float | None = None) -> None:
        """Find what is sought, as far as the topics reach back, until a deadline of the monotonic clock.

        Raises:
            TopicsUnreadableError: No broker answers, or a topic is not there.

        """
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not self._places.acquire(timeout=left):
            return
        try:
            self._fill(sought, deadline)
        finally:
            self._places.release()

    def _fill(self, sought: Sought, deadline: float | None) -> None:
        try:
            spans = self._spans(sought)
            width = _WINDOW_OFFSETS
            while spans and not _is_over(deadline):
                windows = [span._replace(begin=max(span.begin, span.end - width)) for span in spans]
                self._read(sought, windows, deadline)
                lacking = {self._settings.derived_topic(domain) for domain in sought.lacking()}
                spans = list(_before(spans, windows, lacking))
                width *= 2
        except KafkaException as failure:
            raise TopicsUnreadableError(f"the derived topics cannot be read: {failure.args[0].str()}") from failure
        except TimeoutError as failure:
            raise TopicsUnreadableError("the brokers do not answer") from failure
        except UnsettledTopicError as failure:
            raise TopicsUnreadableError(str(failure)) from failure

    def _spans(self, sought: Sought) -> list[Span]:
        """Return what the key's partitions of the topics hold, whatever is still open: it may be committed already."""
        self._admin = self._admin or AdminClient(client_config(self._settings), logger=LIBRARY_LOG)
        # Not describe_topics, which the embedded broker does not answer.
        known = self._admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
        places = []
        for topic in map(self._settings.derived_topic, sought.lacking()):
            if topic not in known:
                raise TopicsUnreadableError(
                    f"the derived topics cannot be read: there is no {topic}. Create it: loyalty-stream topics apply"
                )
            places.append((topic, partition_of(sought.key.encode(), len(known[topic].partitions))))
        return [span for span in place_spans(self._admin, places, settled=False) if span.begin < span.end]

    def _read(self, sought: Sought, windows: Sequence[Span], deadline: float | None) -> None:
        key, prefix = sought.key.encode(), self._settings.derived_topic("")
        for messages in read_spans(self._settings, windows):
            for message in messages:
                if message.key() == key:
                    record = self._reader.read(message)
                    if record.kind == "derived":
                        sought.take(entry_of(record.topic.removeprefix(prefix), record.value))
            if not sought.lacking() or _is_over(deadline):
                return


def _is_over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() > deadline


def _before(spans: Iterable[Span], windows: Iterable[Span], lacking: set[str]) -> Iterator[Span]:
    """Yield what lies before the windows that were read, of the topics that may have more."""
    for span, window in zip(spans, windows, strict=True):
        if span.topic in lacking and span.begin < window.begin:
            yield span._replace(end=window.begin)
