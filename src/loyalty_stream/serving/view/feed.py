"""Read the committed records of the changelog and the derived topics, from where Redis is."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Message,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, ConfigResource, OffsetSpec, ResourceType

from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from loyalty_stream.runtime.clients import LIBRARY_LOG, client_config, reader_config
from loyalty_stream.runtime.list_offsets import list_offsets
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.view.errors import ViewError
from loyalty_stream.serving.view.names import Place

RECORDS_MAX: Final = 1_000
"""Records of a batch: Redis does nothing else while it applies one."""
_POLL_SECONDS: Final = 0.1
_ASK_SECONDS_MAX: Final = 10.0
_TOMBSTONES_KEPT_MS: Final = 24 * 60 * 60 * 1000
"""Kafka's own delete.retention.ms, assumed where the broker does not tell the topic's."""


class Read(NamedTuple):
    """What came at once: records, each place in its order, and the next offset of each place that got on."""

    messages: list[Message]
    nexts: dict[Place, int]


class Topics:
    """What the cluster says of the topics that the view reads."""

    def __init__(self, settings: Settings) -> None:
        """Look them up.

        Raises:
            ViewError: One of them does not exist.
            KafkaException: No broker answers.

        """
        self.changelog = settings.changelog_topic
        self.domains = {settings.derived_topic(name): name for name in DERIVED_TYPES}
        self._admin = AdminClient(client_config(settings), logger=LIBRARY_LOG)
        with_journal = settings.view_journal_entries > 0
        wanted = [self.changelog, *(self.domains if with_journal else ())]
        known = self._admin.list_topics(timeout=_ASK_SECONDS_MAX).topics
        missing = [topic for topic in wanted if topic not in known]
        if missing:
            raise ViewError(
                f"there is no topic {missing[0]} on {settings.bootstrap_servers}: are LOYALTY_APP_ID and "
                "LOYALTY_TOPIC_PREFIX right? `loyalty-stream topics apply` creates it"
            )
        self.places = [(topic, number) for topic in wanted for number in known[topic].partitions]
        self.changelog_places = [place for place in self.places if place[0] == self.changelog]

    def source(self) -> dict[str, str]:
        """Return what tells this changelog from any other: a topic that is made anew has another id."""
        [answer] = self._admin.describe_topics(TopicCollection([self.changelog])).values()
        found = answer.result(_ASK_SECONDS_MAX)
        return {"changelog": self.changelog, "changelog_id": str(found.topic_id)}

    def tombstones_kept_ms(self) -> int:
        """Return for how long the changelog tells at least that a row was deleted."""
        resource = ConfigResource(ResourceType.TOPIC, self.changelog)
        try:
            [answer] = self._admin.describe_configs([resource]).values()
            return int(answer.result(_ASK_SECONDS_MAX)["delete.retention.ms"].value)
        except KafkaException:  # the user may not ask
            return _TOMBSTONES_KEPT_MS

    def ends(self, places: Collection[Place]) -> dict[Place, int]:
        """Return up to where places are committed.

        Raises:
            KafkaException: The brokers do not answer, or a partition has no leader just now.

        """
        latest = dict.fromkeys(places, OffsetSpec.latest())
        return list_offsets(self._admin, latest, IsolationLevel.READ_COMMITTED, patience_seconds=0)


class Feed:
    """A reader of places; in no consumer group, since Redis knows how far it is."""

    def __init__(self, settings: Settings, places: Collection[Place], positions: Mapping[Place, int]) -> None:
        """Begin at positions, and where there is none at the beginning."""
        config = {"enable.partition.eof": True, "auto.offset.reset": "earliest"}
        self._consumer = Consumer({**reader_config(settings), **config}, logger=LIBRARY_LOG)
        self._consumer.assign([TopicPartition(*place, positions.get(place, OFFSET_BEGINNING)) for place in places])

    def read(self) -> Read:
        """Return what has come, after a tenth of a second at most.

        Raises:
            KafkaException: A topic can be read no longer.

        """
        first = self._consumer.poll(_POLL_SECONDS)
        if first is None:
            return Read([], {})
        messages = [first, *self._consumer.consume(RECORDS_MAX - 1, timeout=0)]
        read = Read([], {})
        for message in messages:
            error, offset = message.error(), message.offset() or 0
            if error is None:
                read.messages.append(message)
                read.nexts[place_of_message(message)] = offset + 1
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's local code
                read.nexts[place_of_message(message)] = offset  # behind the marker of the last transaction
            elif not error.retriable():
                raise KafkaException(error)
        return read

    def close(self) -> None:
        """Close the connections."""
        self._consumer.close()


def place_of_message(message: Message) -> Place:
    """Return where a message was read."""
    return message.topic() or "", message.partition() or 0
