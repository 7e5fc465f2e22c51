"""The position guard lets nothing be skipped or processed twice."""

from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.failure import PositionGapError
from loyalty_stream.runtime.progress import Progress

RAW = TP("raw", 0)


def batch(start: int, end: int, *offsets: int) -> Batch:
    records: Any = [SimpleNamespace(offset=offset, value=b"v") for offset in offsets or range(start, end)]
    return Batch(RAW, start, end, records)


@pytest.fixture
def progress() -> Progress:
    progress = Progress()
    progress.start({RAW: 100}, {RAW: Tally(consumed=7)})
    return progress


def test_a_batch_that_follows_is_processed_whole(progress: Progress) -> None:
    following = batch(100, 110)
    assert progress.begin(following) is following


def test_a_gap_stops_the_process(progress: Progress) -> None:
    with pytest.raises(PositionGapError, match="starts at 101, the last one ended at 100"):
        progress.begin(batch(101, 110))


def test_a_batch_is_cut_off_at_the_end_that_was_fixed() -> None:
    progress = Progress({RAW: 105})
    progress.start({RAW: 100}, {RAW: Tally()})
    rest = progress.begin(batch(100, 110))
    assert rest is not None
    assert (rest.start, rest.end, [record.offset for record in rest.records]) == (100, 105, [100, 101, 102, 103, 104])
    assert progress.ended == frozenset()
    progress.advance(rest, Tally())
    assert progress.ended == {RAW}
    assert progress.begin(batch(105, 120)) is None


def test_a_partition_that_starts_at_its_end_has_ended_until_it_is_forgotten() -> None:
    progress = Progress({RAW: 100})
    progress.start({RAW: 100}, {RAW: Tally()})
    assert progress.ended == {RAW}
    progress.forget()
    assert progress.ended == frozenset()


def test_an_overlap_is_cut_off(progress: Progress) -> None:
    rest = progress.begin(batch(95, 105))
    assert rest is not None
    assert (rest.start, rest.end, [record.offset for record in rest.records]) == (100, 105, [100, 101, 102, 103, 104])


def test_a_batch_that_came_before_is_dropped(progress: Progress) -> None:
    assert progress.begin(batch(90, 100)) is None


def test_a_batch_of_a_partition_that_was_lost_is_dropped(progress: Progress) -> None:
    progress.forget()
    assert progress.begin(batch(100, 110)) is None


def test_control_and_aborted_records_count_as_read(progress: Progress) -> None:
    progress.advance(batch(100, 110, 100, 101), Tally())
    assert progress.begin(batch(110, 112)) is not None


def test_a_batch_of_control_records_alone_moves_the_position(progress: Progress) -> None:
    empty = Batch(RAW, 100, 103, [])
    assert progress.begin(empty) is empty
    progress.advance(empty, Tally())
    assert progress.begin(batch(103, 105)) is not None


def test_the_tally_goes_on_from_the_committed_one(progress: Progress) -> None:
    assert Tally.load(progress.advance(batch(100, 102), Tally(consumed=2, applied=2))) == Tally(9, 2)
    assert Tally.load(progress.advance(batch(102, 103), Tally(consumed=1, ignored=1))) == Tally(10, 2, 0, 1)


def test_committed_positions_follow_the_transactions_not_the_processing(progress: Progress) -> None:
    progress.advance(batch(100, 110), Tally())
    assert progress.committed == {RAW: 100}
    progress.note_committed({RAW: (110, "")})
    assert progress.committed == {RAW: 110}


def test_a_late_commit_does_not_bring_a_lost_partition_back(progress: Progress) -> None:
    progress.forget()
    progress.note_committed({RAW: (110, "")})
    assert progress.committed == {}


def test_the_committed_tally_is_that_of_the_last_commit_and_not_of_what_is_processed(progress: Progress) -> None:
    first = progress.advance(batch(100, 110), Tally(consumed=10, applied=10))
    progress.advance(batch(110, 120), Tally(consumed=10, applied=10))
    assert progress.committed_tally(RAW) == Tally(consumed=7)
    progress.note_committed({RAW: (110, f"{first} versions=1")})
    assert progress.committed_tally(RAW) == Tally(consumed=17, applied=10)
    progress.forget()
    assert progress.committed_tally(RAW) == Tally()
