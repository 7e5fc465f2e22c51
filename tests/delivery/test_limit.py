"""A bad deployment cannot empty a topic into the dead letters."""

from loyalty_stream.pipeline.effects import Tally
from tests.delivery.stream import Stream
from tests.kafka.client import Record, produce

BAD = [Record(b"capillary:1:1", b"{", partition=0) for _ in range(1_000)]


def test_more_dead_letters_than_allowed_stop_the_worker_and_commit_nothing_of_the_batch(stream: Stream) -> None:
    produce(stream.broker, stream.raw, BAD)
    worker = stream.worker()
    assert worker.wait_end() == 1
    assert "more than 50% of the last 1,000 records were dead letters" in worker.log_text
    assert "LOYALTY_DEAD_LETTER_LIMIT" in worker.log_text
    assert "Traceback" not in worker.log_text
    assert stream.tallies()[0] == Tally()
    assert stream.read(stream.dead_letters) == []


def test_with_the_limit_raised_to_one_the_same_records_go_to_the_dead_letters(stream: Stream) -> None:
    produce(stream.broker, stream.raw, BAD)
    stream.worker(dead_letter_limit=1)
    stream.wait_done(len(BAD))
    assert stream.tallies()[0] == Tally(consumed=len(BAD), dead_lettered=len(BAD))
    assert len(stream.read(stream.dead_letters)) == len(BAD)
