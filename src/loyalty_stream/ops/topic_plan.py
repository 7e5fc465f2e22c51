"""Know which topics there should be, and how the broker's differ (pure but for reading the list)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec
import yaml

from loyalty_stream.errors import ExplainedError
from loyalty_stream.resources import resource

TOPIC_LIST = "deploy/kafka/topics.yaml"


class TopicsError(ExplainedError):
    """The topics are not as the application needs them; the message says which, and what to do."""


@dataclass(frozen=True)
class Topic:
    """One topic as it should be."""

    name: str
    partitions: int
    replication_factor: int
    settings: Mapping[str, str] = field(default_factory=dict)
    copartitioned: bool = False
    owner: str = ""


@dataclass(frozen=True)
class Found:
    """One topic as the broker has it."""

    partitions: int
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Missing:
    """A topic that does not exist."""

    topic: Topic

    def __str__(self) -> str:
        """Say what is wrong and the command that mends it."""
        return f"topic {self.topic.name} does not exist. Create it: loyalty-stream topics apply"


@dataclass(frozen=True)
class WrongPartitions:
    """A copartitioned topic with another number of partitions: customers' events and state would part."""

    topic: Topic
    found: int

    def __str__(self) -> str:
        """Say what is wrong and the two ways to mend it."""
        return (
            f"topic {self.topic.name} has {self.found} partitions where {self.topic.partitions} are needed."
            f" If all raw topics have {self.found}: set LOYALTY_PARTITIONS={self.found} and a new LOYALTY_APP_ID."
            " If this one is empty: kafka-topics.sh --bootstrap-server $LOYALTY_BOOTSTRAP_SERVERS"
            f" --delete --topic {self.topic.name} && loyalty-stream topics apply"
        )


@dataclass(frozen=True)
class WrongSetting:
    """A topic with another value of a setting that the list names."""

    topic: Topic
    setting: str
    wanted: str
    found: str | None

    def __str__(self) -> str:
        """Say what is wrong and the command that mends it."""
        return (
            f"topic {self.topic.name} has {self.setting}={self.found} where the list says {self.wanted}."
            " Set it: loyalty-stream topics apply"
        )


Difference: TypeAlias = Missing | WrongPartitions | WrongSetting


class _Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    copartitioned: bool
    settings: dict[str, str | int]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    kind: str
    owner: str
    holds: str


class _TopicList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    partitions: int
    replication_factor: int
    kinds: dict[str, _Kind]
    topics: list[_Entry]


def load_topics(prefix: str, app_id: str, partitions: int | None = None, raw_prefix: str | None = None) -> list[Topic]:
    """Return the topics of the one list, named for this installation; `partitions` overrides the list's number.

    `raw_prefix` is what the raw topics' names begin with where that is not `prefix`.
    """
    listed = msgspec.convert(yaml.safe_load(resource(TOPIC_LIST).read_text()), _TopicList)
    return [
        Topic(
            name=entry.name.format(prefix=prefix, raw_prefix=raw_prefix or prefix, app_id=app_id),
            partitions=partitions or listed.partitions,
            replication_factor=listed.replication_factor,
            settings={name: str(value) for name, value in listed.kinds[entry.kind].settings.items()},
            copartitioned=listed.kinds[entry.kind].copartitioned,
            owner=entry.owner,
        )
        for entry in listed.topics
    ]


def differences(wanted: Iterable[Topic], found: Mapping[str, Found]) -> list[Difference]:
    """Return how the broker's topics differ from the wanted ones, in the order of the list.

    What the list does not name, topic or setting, is nobody's business here.
    """
    return [difference for topic in wanted for difference in _topic_differences(topic, found.get(topic.name))]


def explain(found: Sequence[Difference]) -> str:
    """Return one line for each difference."""
    return "\n".join(str(difference) for difference in found)


def _topic_differences(topic: Topic, found: Found | None) -> list[Difference]:
    if found is None:
        return [Missing(topic)]
    wrong: list[Difference] = []
    if topic.copartitioned and found.partitions != topic.partitions:
        wrong.append(WrongPartitions(topic, found.partitions))
    wrong.extend(
        WrongSetting(topic, setting, value, found.settings.get(setting))
        for setting, value in topic.settings.items()
        if found.settings.get(setting) != value
    )
    return wrong
