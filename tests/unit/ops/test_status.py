from loyalty_stream.ops.status import PartitionStatus, Status, identity
from loyalty_stream.pipeline.effects import Tally

RAW, CANONICAL = "loyalty.raw.capillary", "loyalty.canonical"


def at(topic: str, tally: Tally, committed: int | None = 1_000, end: int = 1_000) -> PartitionStatus:
    return PartitionStatus(topic, 0, committed, 10, end, tally)


def status(*partitions: PartitionStatus) -> Status:
    return Status("loyalty", CANONICAL, partitions)


HEALTHY = status(
    at(RAW, Tally(consumed=100, applied=60, duplicate=5, ignored=4, dead_lettered=1, forwarded=30), end=1_007),
    at(CANONICAL, Tally(consumed=28, applied=25, duplicate=2, dead_lettered=1)),
)


def test_each_raw_record_is_counted_once_wherever_it_ended() -> None:
    assert HEALTHY.total == Tally(consumed=100, applied=85, duplicate=7, ignored=4, dead_lettered=2, forwarded=2)
    assert HEALTHY.faults == []


def test_the_identity_is_told_in_one_line() -> None:
    assert identity(HEALTHY.total) == (
        "consumed 100 = applied 85 + duplicates 7 + ignored 4 + dead-lettered 2 + in flight 2"
    )
    assert identity(Tally(consumed=3, applied=3)).endswith("ignored 0 + dead-lettered 0")


def test_lag_counts_from_the_commit_or_from_the_oldest_record() -> None:
    assert HEALTHY.lag == 7
    assert at(RAW, Tally(), committed=None, end=25).lag == 15
    assert at(RAW, Tally(), committed=50, end=25).lag == 0


def test_a_tally_that_does_not_add_up_is_a_fault() -> None:
    [fault] = status(at(RAW, Tally(consumed=10, applied=9))).faults
    assert fault == f"{RAW}-0: consumed 10 is not the sum 9 of its outcomes"


def test_more_consumed_than_committed_is_a_fault() -> None:
    [fault] = status(at(RAW, Tally(consumed=10, applied=10), committed=9)).faults
    assert fault == f"{RAW}-0: consumed 10 of only 9 committed offsets"


def test_more_out_of_the_canonical_topic_than_into_it_is_a_fault() -> None:
    raw, moved = at(RAW, Tally(consumed=1, forwarded=1)), at(CANONICAL, Tally(consumed=2, applied=2))
    assert status(raw, moved).faults == [f"{CANONICAL}: 1 more records came out than were forwarded to it"]


def test_json_has_the_sums_and_each_topic() -> None:
    shown = HEALTHY.as_json()
    assert (shown["holds"], shown["consumed"], shown["in_flight"], shown["lag"]) == (True, 100, 2, 7)
    assert [topic["topic"] for topic in shown["topics"]] == [RAW, CANONICAL]
    assert shown["topics"][0]["forwarded"] == 30
