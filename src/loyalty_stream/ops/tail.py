"""Read topics of ours as any other service would: committed records only."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from loyalty_stream.errors import ExplainedError
from loyalty_stream.ops.records import RecordReader, TailRecord
from loyalty_stream.runtime.clients import end_reader_config
from loyalty_stream.runtime.settings import Settings

_POLL_SECONDS: Final = 0.2
_TIMEOUT_SECONDS: Final = 15.0
_LAST: Final = 10
"""Records of each partition that are shown where neither the beginning nor what comes is asked for."""


class TailError(ExplainedError):
    """A topic cannot be read; the message says why and what helps."""


def full_names(names: Sequence[str], settings: Settings, known: Sequence[str]) -> list[str]:
    """Return the topics that names stand for: whole, or short as in `derived.points`, `dead_letters`, `changelog`.

    Raises:
        TailError: A topic does not exist.

    """
    topics = []
    for name in names:
        candidates = (
            [settings.changelog_topic] if name in {"changelog", "state"} else [name, f"{settings.topic_prefix}{name}"]
        )
        found = next((topic for topic in candidates if topic in known), None)
        if found is None:
            ours = [
                topic.removeprefix(settings.topic_prefix) for topic in known if topic.startswith(settings.topic_prefix)
            ]
            raise TailError(
                f"there is no topic {' or '.join(candidates)} on {settings.bootstrap_servers}. "
                + (
                    f"There are: {', '.join([*sorted(ours), 'changelog'])}"
                    if ours
                    else "Create ours: loyalty-stream topics apply"
                )
            )
        topics.append(found)
    return topics


def tail(
    settings: Settings, names: Sequence[str], *, from_beginning: bool, follow: bool, records_max: int | None = None
) -> Iterator[TailRecord]:
    """Yield records of topics as they come, committed ones only.

    Without `follow` it ends where each partition ends now. Without `from_beginning` it starts at the end when it
    follows, and else with about the last ten of each partition.

    Raises:
        TailError: A topic does not exist, or cannot be read.

    """
    consumer = Consumer(end_reader_config(settings))
    show = RecordReader(settings).read
    try:
        partitions = _assignment(consumer, settings, names, from_beginning=from_beginning, follow=follow)
        consumer.assign(partitions)
        messages = _messages(consumer, len(partitions), follow=follow)
        yield from map(show, islice(messages, records_max))
    except KafkaException as failure:
        raise TailError(
            f"cannot read from {settings.bootstrap_servers}: {failure.args[0].str()}. Is it running, and is "
            "LOYALTY_BOOTSTRAP_SERVERS its address?"
        ) from failure
    finally:
        consumer.close()


def _assignment(
    consumer: Consumer, settings: Settings, names: Sequence[str], *, from_beginning: bool, follow: bool
) -> list[TopicPartition]:
    known = consumer.list_topics(timeout=_TIMEOUT_SECONDS).topics
    partitions = []
    for topic in full_names(names, settings, list(known)):
        for number in known[topic].partitions:
            begin, end = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=_TIMEOUT_SECONDS)
            if not from_beginning:
                begin = end if follow else max(begin, end - _LAST)
            partitions.append(TopicPartition(topic, number, begin))
    return partitions


def _messages(consumer: Consumer, partitions: int, *, follow: bool) -> Iterator[Message]:
    ended: set[tuple[str | None, int | None]] = set()
    while follow or len(ended) < partitions:
        for message in consumer.consume(1_000, timeout=_POLL_SECONDS):
            error = message.error()
            if error is None:
                yield message
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's local codes are named so
                ended.add((message.topic(), message.partition()))
            else:
                raise KafkaException(error)
