"""What a worker did lately: the rate over the last seconds, and dead letters without anything of their records."""

from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.ops.recent import LETTERS_MAX, Recent, RecentLetter
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Effects, Message, Tally
from loyalty_stream.pipeline.emit import DeadRecord, Emitter

REJECTED = Rejected(DeadLetterReason.WRONG_TYPE, "data.points is a list")
RAW = "loyalty.raw.capillary"


class Clock:
    """A clock that is set."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def ended(records: int, *, forwarded: int = 0) -> Effects:
    return Effects(tally=Tally(consumed=records, applied=records - forwarded, forwarded=forwarded))


def dead(offset: int, *, cause: str = "", headers: tuple[tuple[str, bytes], ...] = ()) -> Message:
    record = DeadRecord(RAW, 3, offset, 5, b"a customer", b"their secret", headers, cause)
    return Emitter(PipelineConfig()).dead_letter(record, REJECTED)


def test_the_rate_is_that_of_the_last_five_whole_seconds() -> None:
    clock = Clock()
    recent = Recent(clock)
    for second in range(100, 110):
        clock.seconds = second + 0.5
        recent.add(ended(second))
    assert recent.events_per_second == (104 + 105 + 106 + 107 + 108) / 5
    assert recent.events == sum(range(100, 110))
    clock.seconds = 130
    assert recent.events_per_second == 0


def test_soon_after_the_start_the_rate_is_that_of_fewer_seconds() -> None:
    clock = Clock()
    recent = Recent(clock)
    assert recent.events_per_second == 0
    recent.add(ended(30))
    clock.seconds = 102.0
    assert recent.events_per_second == 15


def test_what_went_on_to_another_partition_has_not_ended_yet() -> None:
    recent = Recent(Clock())
    recent.add(ended(10, forwarded=4))
    assert recent.events == 6


def test_a_dead_letter_is_remembered_by_its_place_and_reason_alone() -> None:
    recent = Recent(Clock())
    recent.add(Effects(messages=[Message("loyalty.derived.points", b"k", b"v"), dead(7)], processed_at=1.5))
    assert list(recent.letters) == [RecentLetter(1500, RAW, 3, 7, "wrong_type", "data.points is a list")]


def test_headers_that_the_raw_record_brought_are_not_taken_for_those_of_its_dead_letter() -> None:
    recent = Recent(Clock())
    recent.add(Effects(messages=[dead(7, headers=(("loyalty_reason", b"mine"), ("__connect.errors.offset", b"x")))]))
    [letter] = recent.letters
    assert (letter.reason, letter.offset) == ("wrong_type", 7)


def test_a_letter_that_holds_but_an_event_names_the_place_of_its_raw_record() -> None:
    recent = Recent(Clock())
    recent.add(Effects(messages=[dead(7, cause="raw-of.some-where-2@41")]))
    [letter] = recent.letters
    assert (letter.topic, letter.partition, letter.offset) == ("raw-of.some-where", 2, 41)


def test_only_the_newest_dead_letters_are_kept() -> None:
    recent = Recent(Clock())
    recent.add(Effects(messages=[dead(offset) for offset in range(100)]))
    recent.add(Effects(messages=[dead(100)]))
    assert [letter.offset for letter in recent.letters] == list(range(101 - LETTERS_MAX, 101))
