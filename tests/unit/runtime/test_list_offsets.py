"""Where partitions end is asked again while one of them is new or moves, and no longer than wanted."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Final, cast

import pytest
from confluent_kafka import IsolationLevel, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ListOffsetsResultInfo, OffsetSpec

from loyalty_stream.runtime.list_offsets import end_offsets, list_offsets

PLACES: Final = [("raw", 0), ("raw", 1)]


class Brokers:
    """Refuse with one error after the other, each time for the last partition, then answer with its number."""

    def __init__(self, refusals: list[int]) -> None:
        self.refusals = refusals
        self.asked = 0

    @property
    def admin(self) -> AdminClient:
        return cast("AdminClient", self)

    def list_offsets(
        self, topic_partition_offsets: Mapping[TopicPartition, OffsetSpec], **_: object
    ) -> dict[TopicPartition, Future[ListOffsetsResultInfo]]:
        self.asked += 1
        answers = {}
        for at in topic_partition_offsets:
            answers[at] = answer = Future[ListOffsetsResultInfo]()
            answer.set_result(ListOffsetsResultInfo(at.partition, -1, -1))
        if self.refusals:
            answers[at] = Future()
            answers[at].set_exception(KafkaException(KafkaError(self.refusals.pop(0))))
        return answers


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(KafkaError.UNKNOWN_LEADER_EPOCH, id="a broker that does not know yet that it leads"),
        pytest.param(KafkaError.FENCED_LEADER_EPOCH, id="a leader that we do not know yet"),
        pytest.param(KafkaError.NOT_LEADER_FOR_PARTITION, id="one that leads no longer"),
        pytest.param(KafkaError.LEADER_NOT_AVAILABLE, id="no leader yet"),
        pytest.param(KafkaError.UNKNOWN_TOPIC_OR_PART, id="a topic not known yet"),
        pytest.param(KafkaError.OFFSET_NOT_AVAILABLE, id="a leader that is catching up"),
    ],
)
def test_a_partition_that_is_new_or_moves_is_asked_again(refusal: int) -> None:
    brokers = Brokers([refusal, refusal])
    assert end_offsets(brokers.admin, PLACES) == {("raw", 0): 0, ("raw", 1): 1}
    assert brokers.asked == 3


def test_without_patience_it_is_asked_once() -> None:
    brokers = Brokers([KafkaError.LEADER_NOT_AVAILABLE])
    latest = dict.fromkeys(PLACES, OffsetSpec.latest())
    with pytest.raises(KafkaException, match="Leader not available"):
        list_offsets(brokers.admin, latest, IsolationLevel.READ_COMMITTED, patience_seconds=0)
    assert brokers.asked == 1


def test_what_will_not_pass_is_raised_at_once() -> None:
    brokers = Brokers([KafkaError.TOPIC_AUTHORIZATION_FAILED])
    with pytest.raises(KafkaException, match="Topic authorization failed"):
        end_offsets(brokers.admin, PLACES)
    assert brokers.asked == 1


def test_of_no_partition_nothing_is_asked() -> None:
    brokers = Brokers([])
    assert end_offsets(brokers.admin, []) == {}
    assert brokers.asked == 0
