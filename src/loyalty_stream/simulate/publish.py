"""Write a stream onto a broker: the only module of the simulator that does any I/O."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from loyalty_stream.errors import ExplainedError
from loyalty_stream.simulate.simulation import SimulatedRecord

_CHUNK: Final = 64  # records between two looks at errors, the hold and the clock
_LOOKS_PER_SECOND: Final = 20
_HOLD_POLL_S: Final = 0.05
_PROGRESS_EVERY_S: Final = 0.5

_UNREACHABLE: Final = "check bootstrap_servers, and that the broker runs and can be reached from here"
# The codes of the client itself begin with an underscore, and are public all the same.
_FIXES: Final[dict[int, str]] = {
    KafkaError._TRANSPORT: _UNREACHABLE,  # noqa: SLF001
    KafkaError._ALL_BROKERS_DOWN: _UNREACHABLE,  # noqa: SLF001
    KafkaError._RESOLVE: "check the host name in bootstrap_servers",  # noqa: SLF001
    KafkaError._MSG_TIMED_OUT: "check that the partition leaders are up, or raise delivery_timeout_ms",  # noqa: SLF001
    KafkaError._AUTHENTICATION: "check the SASL and TLS settings",  # noqa: SLF001
    KafkaError.UNKNOWN_TOPIC_OR_PART: "create the topics first: loyalty-stream topics apply",
    KafkaError._UNKNOWN_TOPIC: "create the topics first: loyalty-stream topics apply",  # noqa: SLF001
    KafkaError.TOPIC_AUTHORIZATION_FAILED: "give this user the right to write to the topic",
    KafkaError.MSG_SIZE_TOO_LARGE: "raise max.message.bytes of the topic",
    KafkaError.INVALID_TIMESTAMP: "choose start_ms so that no record lies in the future or too far in the past",
}


class PublishError(ExplainedError):
    """Say why records could not be written, and what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """Hold where to and how fast; `rate` is records per second, None as fast as the broker takes them.

    `topics` are those that must be there. `client_config` goes to librdkafka as it is: security settings, for instance.
    """

    bootstrap_servers: str
    topics: Sequence[str]
    rate: float | None = None
    linger_ms: int = 20
    connect_timeout_s: float = 10.0
    delivery_timeout_ms: int = 60_000
    client_config: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError for a rate that is not above zero."""
        if self.rate is not None and self.rate <= 0:
            raise ValueError(f"rate is {self.rate:g}: it must be above 0, or absent for as fast as possible")


@dataclass(slots=True)
class Progress:
    """How far publishing is: `sent` were handed to the client, `delivered` are acknowledged by the broker."""

    sent: int = 0
    delivered: int = 0
    elapsed_s: float = 0.0
    is_held: bool = False

    @property
    def per_second(self) -> float:
        """Acknowledged records per second since the start."""
        return self.delivered / self.elapsed_s if self.elapsed_s else 0.0


def publish(
    records: Iterable[tuple[str, SimulatedRecord]],
    options: PublishOptions,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    hold: Callable[[], bool] | None = None,
) -> Progress:
    """Write all records, each to its topic, and return when the broker has acknowledged each of them.

    While `hold` returns true, nothing is sent; it is asked every few records and, while it holds, every 50 ms.
    `on_progress` is called about twice a second and at the end. Raises PublishError with cause and fix.
    """
    publisher = _Publisher(options, on_progress, hold)
    publisher.connect()
    return publisher.run(records)


class _Publisher:
    """Hold one producer and how far it is."""

    def __init__(
        self,
        options: PublishOptions,
        on_progress: Callable[[Progress], None] | None,
        hold: Callable[[], bool] | None,
    ) -> None:
        self._options = options
        self._on_progress = on_progress
        self._hold = hold
        self._progress = Progress()
        self._error: tuple[KafkaError, str] | None = None  # and the topic
        self._producer = Producer(
            {
                "bootstrap.servers": options.bootstrap_servers,
                "partitioner": "murmur2_random",  # as Kafka's own clients
                "compression.type": "lz4",
                "enable.idempotence": True,
                "max.in.flight.requests.per.connection": 1,  # of several, the first could be lost (ADR 21)
                "linger.ms": options.linger_ms,
                "message.timeout.ms": options.delivery_timeout_ms,
                "log_level": 0,  # errors are raised
                **options.client_config,
            }
        )
        self._started = time.monotonic()
        self._held_s = 0.0
        self._reported = self._started

    def connect(self) -> None:
        """Raise PublishError where the broker or the topic cannot be found."""
        try:
            known = self._producer.list_topics(timeout=self._options.connect_timeout_s).topics
        except KafkaException as error:
            raise self._failure(error.args[0], *self._options.topics) from error
        missing = [topic for topic in self._options.topics if topic not in known]
        if missing:
            raise self._failure(KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART), *missing)

    def run(self, records: Iterable[tuple[str, SimulatedRecord]]) -> Progress:
        """Send all records, then wait for the last acknowledgement."""
        options, progress = self._options, self._progress
        chunk = _CHUNK if options.rate is None else max(1, min(_CHUNK, int(options.rate / _LOOKS_PER_SECOND)))
        self._started = self._reported = time.monotonic()
        for topic, record in records:
            if progress.sent % chunk == 0:
                self._look()
            self._send(topic, record)
            progress.sent += 1
        while self._producer.flush(_PROGRESS_EVERY_S):
            self._raise_error()
            self._report(is_due=True)
        self._raise_error()
        self._report(is_due=True)
        return progress

    def _send(self, topic: str, record: SimulatedRecord) -> None:
        while True:
            try:
                self._producer.produce(
                    topic,
                    value=record.value,
                    key=record.key,
                    headers=list(record.headers),
                    timestamp=record.timestamp_ms,
                    on_delivery=self._delivered,
                )
            except BufferError:  # the queue is full: the broker is slower than we are
                self._producer.poll(_HOLD_POLL_S)
                self._raise_error()
                self._report(is_due=False)
            except KafkaException as error:
                raise self._failure(error.args[0], topic) from error
            else:
                return

    def _delivered(self, error: KafkaError | None, message: Message) -> None:
        if error is None:
            self._progress.delivered += 1
        elif self._error is None:
            self._error = error, message.topic() or ""

    def _look(self) -> None:
        """Serve acknowledgements, raise what went wrong, wait while held or ahead of the rate."""
        self._producer.poll(0)
        self._raise_error()
        self._report(is_due=False)
        self._wait_while_held()
        if self._options.rate is None:
            return
        due = self._started + self._held_s + self._progress.sent / self._options.rate
        while (ahead_s := due - time.monotonic()) > 0:
            self._producer.poll(min(ahead_s, _HOLD_POLL_S))
            self._raise_error()
            self._report(is_due=False)

    def _wait_while_held(self) -> None:
        if self._hold is None or not self._hold():
            return
        since = time.monotonic()
        self._progress.is_held = True
        while self._hold():
            self._producer.poll(_HOLD_POLL_S)
            self._raise_error()
            self._report(is_due=False)
        self._progress.is_held = False
        self._held_s += time.monotonic() - since

    def _report(self, *, is_due: bool) -> None:
        now = time.monotonic()
        self._progress.elapsed_s = now - self._started
        if self._on_progress is None or not (is_due or now - self._reported >= _PROGRESS_EVERY_S):
            return
        self._reported = now
        self._on_progress(self._progress)

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._failure(*self._error)

    def _failure(self, error: KafkaError, *topics: str) -> PublishError:
        where = f"topic {', '.join(topics)} on {self._options.bootstrap_servers}"
        fix = _FIXES.get(error.code(), "see the broker's log")
        return PublishError(f"could not write to {where}: {error.str()}; {fix}")
