"""The picture of the pipeline: positions, the identity of what is committed, and nothing of any record."""

import json
from collections.abc import Sequence

import msgspec

from loyalty_stream.ops.recent import Recent, RecentLetter
from loyalty_stream.ops.web.pipeline import PipelinePage
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.app import Counted, Position, Readiness
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.customer import Json
from loyalty_stream.sources import DIALECTS

RAW, CANONICAL = "loyalty.raw.capillary", "loyalty.canonical"


class FakeWorker:
    """A worker with these partitions."""

    def __init__(self, counted: Sequence[Counted]) -> None:
        self._counted = counted

    def counted(self) -> Sequence[Counted]:
        return self._counted

    def readiness(self) -> Readiness:
        return Readiness(assigned=True, recovered=True, committing=True)


def picture(*counted: Counted, recent: Recent | None = None, partitions: int = 4) -> Json:
    settings = Settings(partitions=partitions)
    told: Json = msgspec.to_builtins(PipelinePage(FakeWorker(counted), recent or Recent(), settings).picture())
    return told


def at(topic: str, tally: Tally, *, partition: int = 0, committed: int = 10, end: int | None = 10) -> Counted:
    return Counted(Position(topic, partition, committed, end), tally)


def test_each_partition_has_its_position_end_and_lag() -> None:
    topics = picture(at(RAW, Tally(), committed=7, end=9), at(RAW, Tally(), partition=1, end=None))["topics"]
    assert topics == [
        {"topic": RAW, "partition": 0, "committed": 7, "end": 9, "lag": 2},
        {"topic": RAW, "partition": 1, "committed": 10, "end": None, "lag": None},
    ]


def test_an_end_seen_before_the_last_commit_is_no_negative_lag() -> None:
    assert picture(at(RAW, Tally(), committed=9, end=7))["topics"][0]["lag"] == 0


def test_a_record_that_went_to_another_partition_of_this_worker_is_counted_once() -> None:
    raw = Tally(consumed=10, applied=4, duplicate=1, ignored=1, dead_lettered=1, forwarded=3)
    assert picture(at(RAW, raw), at(CANONICAL, Tally(consumed=2, applied=2)))["identity"] == {
        "consumed": 10,
        "applied": 6,
        "duplicates": 1,
        "ignored": 1,
        "dead_lettered": 1,
        "forwarded": 1,
        "holds": True,
    }


def test_a_partition_whose_records_do_not_add_up_breaks_the_identity() -> None:
    assert not picture(at(RAW, Tally(consumed=10, applied=9)))["identity"]["holds"]


def test_what_other_workers_sent_here_breaks_nothing_unless_there_are_no_others() -> None:
    came = at(CANONICAL, Tally(consumed=2, applied=2))
    assert picture(came)["identity"] | {"forwarded": -2, "holds": True} == picture(came)["identity"]
    raw = [at(f"loyalty.raw.{dialect}", Tally()) for dialect in DIALECTS]
    assert not picture(came, *raw, partitions=1)["identity"]["holds"]


def test_the_newest_dead_letter_comes_first_with_the_dialect_of_its_topic() -> None:
    recent = Recent()
    recent.letters.append(RecentLetter(1, RAW, 0, 5, "empty_value", "the record has no value"))
    recent.letters.append(RecentLetter(2, "elsewhere", 0, 6, "conflict", "differs"))
    letters = picture(recent=recent)["dead_letters"]
    assert [(letter["offset"], letter["dialect"]) for letter in letters] == [(6, None), (5, "capillary")]
    assert set(letters[0]) == {"at", "topic", "partition", "offset", "dialect", "reason", "detail"}


def test_before_the_group_has_met_there_is_nothing_to_tell() -> None:
    told = picture()
    assert told["topics"] == []
    assert told["identity"]["holds"]
    assert json.dumps(told)
