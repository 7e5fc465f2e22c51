"""Why a dead letter is left where it is, and what of the raw topics decides that."""

import time
from typing import Final, NamedTuple

from confluent_kafka.admin import ConfigResource, ResourceType

from loyalty_stream.model.durations import HOUR_MS
from loyalty_stream.model.explained import Explained
from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.topics import connect
from loyalty_stream.runtime.clients import MESSAGE_BYTES_MAX, client_config
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

_TIMEOUT_SECONDS: Final = 15.0
_AROUND_BYTES: Final = 4096  # what a batch of one record needs beside its parts
_HEADER_BYTES: Final = 16
_RETENTION_MARGIN_MS: Final = HOUR_MS
"""A record must have so long to live on its raw topic that workers can take it, lag and a broker's haste included."""


class Left(Explained):
    """Why a dead letter was not sent back."""

    ALREADY_REDRIVEN = "already_redriven", "its raw record was sent back before: --again sends it once more"
    BEYOND_MAX_REPLAYS = "beyond_max_replays", "its raw record came back as often as --max-replays allows"
    OLDER_THAN_RETENTION = (
        "older_than_retention",
        "the broker would delete it at once, by its timestamp: raise retention.ms of its raw topic first",
    )
    TOO_LARGE = "too_large", "it is larger than its raw topic takes: raise max.message.bytes of that first"
    NOT_WHOLE = "not_whole", "it holds but an event of its raw record, which is one of very many"
    NO_SUCH_PARTITION = "no_such_partition", "its raw topic or partition is none of this application's"


class RawTopic(NamedTuple):
    """What a raw topic takes: partitions, the age of records (None for any) and the bytes of one."""

    partitions: int
    retention_ms: int | None
    record_bytes_max: int


def read_raw_topics(settings: Settings) -> dict[str, RawTopic]:
    """Return the raw topics that there are."""
    admin = connect(client_config(settings))
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    topics = [topic for topic in map(settings.raw_topic, DIALECTS) if topic in known]
    resources = [ConfigResource(ResourceType.TOPIC, topic) for topic in topics]
    answers = admin.describe_configs(resources, request_timeout=_TIMEOUT_SECONDS) if resources else {}
    found = {}
    for resource, answer in answers.items():
        config = answer.result()
        retention_ms = int(config["retention.ms"].value)
        found[resource.name] = RawTopic(
            len(known[resource.name].partitions),
            retention_ms if retention_ms >= 0 and "delete" in config["cleanup.policy"].value else None,
            min(int(config["max.message.bytes"].value), MESSAGE_BYTES_MAX) - _AROUND_BYTES,
        )
    return found


def refusal(letter: Letter, topics: dict[str, RawTopic], now_ms: int | None = None) -> Left | None:
    """Return why a letter's record cannot go back to its raw topic, or None where it can."""
    topic, record = topics.get(letter.topic), letter.record
    if not letter.is_whole:
        return Left.NOT_WHOLE
    if topic is None or not 0 <= record.partition < topic.partitions:
        return Left.NO_SUCH_PARTITION
    age_ms = (round(time.time() * 1000) if now_ms is None else now_ms) - record.timestamp
    if topic.retention_ms is not None and age_ms + _RETENTION_MARGIN_MS > topic.retention_ms:
        return Left.OLDER_THAN_RETENTION
    if size_bytes(letter) > topic.record_bytes_max:
        return Left.TOO_LARGE
    return None


def size_bytes(letter: Letter) -> int:
    """Return how large a letter's raw record is, its headers included."""
    record = letter.record
    headers = sum(_HEADER_BYTES + len(name) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers
