"""What is known of one customer: asked of a worker, or read from the changelog."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from pydantic import SecretStr

from loyalty_stream.errors import ExplainedError
from loyalty_stream.pipeline.route import partitioner
from loyalty_stream.runtime.clients import end_reader_config
from loyalty_stream.runtime.settings import Settings, http_address
from loyalty_stream.serving.customer import CustomerKey, Json, render_customer, row_keys

_TIMEOUT_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.2
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a worker listens on, to be called locally
_ELSEWHERE: Final = {HTTPStatus.MISDIRECTED_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE}
"""What a worker answers that has not got the rows, or not yet, or cannot reach the one that has."""


class StateError(ExplainedError):
    """The state of a customer cannot be told; the message says why and what helps."""


class NotHereError(StateError):
    """No worker answers, or one that has not got the rows; Kafka itself can be read instead."""

    def __init__(self, reason: str, advice: str) -> None:
        """Say why, and what helps."""
        super().__init__(f"{reason}. {advice}")
        self.reason = reason


def worker_url(settings: Settings) -> str:
    """Return where the worker of these settings answers."""
    host = _EVERYWHERE.get(settings.http_host, settings.http_host)
    return http_address(host, settings.http_port)


class WorkerClient:
    """Ask one worker, over one connection."""

    def __init__(self, url: str, token: SecretStr | None = None) -> None:
        """Take the worker's address, and what it wants to be shown (LOYALTY_HTTP_TOKEN); nothing is connected yet.

        Raises:
            ValueError: It is no address.

        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a worker: give one as in http://127.0.0.1:6066")
        self.url = url.rstrip("/")
        self._path = parts.path.rstrip("/")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=_TIMEOUT_SECONDS)
        self._headers = {} if token is None else {"Authorization": f"Bearer {token.get_secret_value()}"}

    def get(self, path: str) -> tuple[int, bytes]:
        """Return the status and body of a page.

        Raises:
            StateError: The worker does not answer.

        """
        try:
            self._connection.request("GET", self._path + path, headers=self._headers)
            response = self._connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException) as failure:
            self._connection.close()
            reason = str(failure) or type(failure).__name__
            raise NotHereError(
                f"no worker answers at {self.url} ({reason})",
                "Is it running? Name another with --url or LOYALTY_HTTP_PORT, or read without one: --from-changelog",
            ) from failure

    def customer(self, key: CustomerKey) -> Json | None:
        """Return a customer's picture, or None where the worker knows nothing of them.

        Raises:
            StateError: The worker cannot tell.

        """
        return self._told(f"/v1/customers/{quote(str(key), safe=':')}")

    def explanation(self, key: CustomerKey, **chosen: str | None) -> Json | None:
        """Return how a customer came to their points, or None likewise; `chosen` are parameters of the page.

        Raises:
            StateError: The worker cannot tell.

        """
        query = urlencode({name: value for name, value in chosen.items() if value is not None})
        return self._told(f"/v1/customers/{quote(str(key), safe=':')}/explain?{query}")

    def _told(self, path: str) -> Json | None:
        status, body = self.get(path)
        try:
            answer: dict[str, Any] = json.loads(body)
        except ValueError:
            raise StateError(f"{self.url} is no worker: it answers {status} and no JSON") from None
        if status == HTTPStatus.OK:
            return answer
        if status == HTTPStatus.NOT_FOUND and "partition" in answer:
            return None
        if status == HTTPStatus.UNAUTHORIZED:
            raise StateError(f"{self.url} wants a token: set LOYALTY_HTTP_TOKEN to the worker's")
        problem = f"{self.url}: {answer.get('detail', status)}"
        if status in _ELSEWHERE:
            raise NotHereError(
                problem.rstrip("."), "Name another worker with --url, or read without one: --from-changelog"
            )
        raise StateError(problem)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def read_changelog(settings: Settings, key: CustomerKey) -> Json | None:
    """Return a customer's picture from the newest committed rows of the changelog, or None where there are none.

    Reads the whole partition of the key: minutes where it is large.

    Raises:
        StateError: The changelog cannot be read.

    """
    partition = partitioner(settings.partition_by, settings.partitions)(*key)
    wanted = {row_key: domain for domain, row_key in row_keys(key)}
    consumer = Consumer(end_reader_config(settings))
    try:
        _check_changelog(consumer, settings)
        consumer.assign([TopicPartition(settings.changelog_topic, partition, 0)])
        rows = _newest(consumer, wanted)
    except KafkaException as failure:
        raise StateError(
            f"cannot read {settings.changelog_topic} on {settings.bootstrap_servers}: {failure.args[0].str()}"
        ) from failure
    finally:
        consumer.close()
    return render_customer(key, partition, rows) if rows else None


def _newest(consumer: Consumer, wanted: Mapping[bytes, str]) -> dict[str, bytes]:
    """Read to the partition's end and return the newest row of each domain."""
    rows: dict[str, bytes] = {}
    while True:
        for message in consumer.consume(10_000, timeout=_POLL_SECONDS):
            error = message.error()
            if error is not None:
                if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's local code
                    return rows
                raise KafkaException(error)
            domain, value = wanted.get(message.key() or b""), message.value()
            if domain is not None and value is not None:
                rows[domain] = value
            elif domain is not None:
                rows.pop(domain, None)


def _check_changelog(consumer: Consumer, settings: Settings) -> None:
    topics = consumer.list_topics(timeout=_TIMEOUT_SECONDS).topics
    found = topics.get(settings.changelog_topic)
    if found is None:
        raise StateError(
            f"there is no topic {settings.changelog_topic} on {settings.bootstrap_servers}: is LOYALTY_APP_ID right?"
        )
    if len(found.partitions) != settings.partitions:
        raise StateError(
            f"{settings.changelog_topic} has {len(found.partitions)} partitions and LOYALTY_PARTITIONS is "
            f"{settings.partitions}: set it to the topic's number"
        )
