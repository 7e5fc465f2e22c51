"""A key's entries are found wherever they lie in its partition, and what is gone is not passed over in silence."""

import json
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pytest
from confluent_kafka import TopicPartition

from loyalty_stream.ops.history.topics import TopicHistory, TopicsUnreadableError
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.history.entries import Sought
from tests.kafka.client import Record, admin_client, create_topics, produce, unique

KEY, OTHER = "capillary:71:5", "capillary:71:6"
OTHERS = 15_000
"""Between one entry and the next: more than the first look back takes in."""
CAUSE = {"event_name": "pointsIssued", "event_id": None, "topic": "raw", "partition": 0, "offset": 1}


class Topic(NamedTuple):
    """A topic with three entries of a key among many of another."""

    settings: Settings
    name: str

    def found(self, wanted: range | None, deadline: float | None = None) -> tuple[list[int], bool]:
        """Return the seqs that are found, and whether that is all."""
        sought = Sought(KEY, {"points": wanted})
        TopicHistory(self.settings).fill(sought, deadline)
        return [entry.seq for entry in sought.entries("points")], not sought.lacking()


def record(key: str, seq: int) -> Record:
    event = {
        "id": f"{key}{seq}",
        "type": "Told",
        "key": key,
        "seq": seq,
        "program_id": None,
        "cause": CAUSE,
        "data": {},
    }
    return Record(key.encode(), json.dumps(event | {"occurred_at": seq, "observed_at": seq}).encode(), partition=0)


@pytest.fixture
def topic(broker: str) -> Iterator[Topic]:
    prefix = f"{unique('history')}."
    settings = Settings(bootstrap_servers=broker, topic_prefix=prefix)
    name = settings.derived_topic("points")
    create_topics(broker, name, partitions=1)
    others = [record(OTHER, seq) for seq in range(1, OTHERS + 1)]
    produce(broker, name, [record(KEY, 1), *others, record(KEY, 2), *others, record(KEY, 3)])
    yield Topic(settings, name)
    admin = admin_client(broker)  # must outlive its answers
    admin.delete_topics([name])[name].result(30)


@pytest.mark.parametrize("wanted", [range(1, 4), None])
def test_all_are_found_however_far_back_they_lie(topic: Topic, wanted: range | None) -> None:
    assert topic.found(wanted) == ([1, 2, 3], True)


def test_of_a_key_that_is_not_there_nothing_is_found(topic: Topic) -> None:
    sought = Sought("capillary:71:7", {"points": range(1, 2)})
    TopicHistory(topic.settings).fill(sought)
    assert (sought.entries("points"), sought.lacking()) == ([], ["points"])


def test_what_a_topic_keeps_no_longer_is_lacking(topic: Topic, broker: str) -> None:
    admin = admin_client(broker)
    for answer in admin.delete_records([TopicPartition(topic.name, 0, 5)]).values():
        answer.result(30)
    assert topic.found(range(1, 4)) == ([2, 3], False)


def test_time_that_is_over_ends_the_search_and_never_leaves_a_gap(topic: Topic) -> None:
    assert topic.found(range(1, 4), time.monotonic()) == ([], False)
    looks: Sequence[tuple[list[int], bool]] = [
        topic.found(range(1, 4), time.monotonic() + seconds / 20) for seconds in range(12)
    ]
    assert all(seqs == list(range(4 - len(seqs), 4)) for seqs, _ in looks)
    assert all(is_all == (len(seqs) == 3) for seqs, is_all in looks)


def test_a_topic_that_is_missing_is_an_error(broker: str) -> None:
    settings = Settings(bootstrap_servers=broker, topic_prefix=f"{unique('none')}.")
    with pytest.raises(TopicsUnreadableError, match="cannot be read"):
        TopicHistory(settings).fill(Sought(KEY, {"points": range(1, 2)}))
