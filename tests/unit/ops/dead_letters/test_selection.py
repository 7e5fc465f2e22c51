"""An operator's words choose letters, and words that choose nothing there can be are refused with what there is."""

import pytest

from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.ops.dead_letters.selection import Asked, raw_topic
from loyalty_stream.ops.dead_letters.times import parse_moment
from loyalty_stream.pipeline.emit import DeadRecord
from loyalty_stream.runtime.settings import Settings

SETTINGS = Settings.model_construct()
NOW_MS = 1_790_000_000_000
RAW = "loyalty.raw.capillary"
LETTER = Letter(
    Place(1, 7),
    NOW_MS - 3_600_000,
    "unknown_event",
    "detail",
    "loyalty",
    Place(2, 30, RAW),
    DeadRecord(RAW, 2, 30, NOW_MS - 7_200_000, b"k-1", b"{}", ()),
)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(),
        Asked(reason="unknown_event", topic="capillary", key="k-1", since="2h", until="30m"),
        Asked(since="1h"),
        Asked(places=("1:7",)),
        Asked(places=("0:0", "raw.capillary:2:30")),
    ],
)
def test_a_letter_that_is_all_that_was_said_is_meant(asked: Asked) -> None:
    assert asked.selection(SETTINGS, NOW_MS).has(LETTER)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(reason="conflict"),
        Asked(topic="voucherify"),
        Asked(key="k"),
        Asked(since="59m"),
        Asked(until="1h"),
        Asked(places=("7:1", "raw.capillary:1:7", "raw.voucherify:2:30")),
        Asked(reason="unknown_event", key="k-2"),
    ],
)
def test_a_letter_that_is_not_one_thing_of_what_was_said_is_not_meant(asked: Asked) -> None:
    assert not asked.selection(SETTINGS, NOW_MS).has(LETTER)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(reason="unheard_of"), "There are: empty_value, "),
        (Asked(topic="points"), f"There are: {RAW}, "),
        (Asked(since="yesterday"), "'yesterday' is no moment"),
        (Asked(places=("17",)), "PARTITION:OFFSET"),
        (Asked(places=("-1:2",)), "is no place"),
        (Asked(places=("derived.points:0:1",)), "no raw topic"),
    ],
)
def test_words_that_mean_nothing_are_refused_with_what_there_is(asked: Asked, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        asked.selection(SETTINGS, NOW_MS)


@pytest.mark.parametrize("name", [RAW, "raw.capillary", "capillary"])
def test_a_raw_topic_has_three_names(name: str) -> None:
    assert raw_topic(name, SETTINGS) == RAW


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("90s", NOW_MS - 90_000),
        ("30m", NOW_MS - 1_800_000),
        ("1w", NOW_MS - 604_800_000),
        ("999999999w", 0),
        ("1970-01-02", 86_400_000),
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01T02:00:00.5+02:00", 500),
        ("1969-01-01", 0),
    ],
)
def test_a_moment_is_iso_or_how_long_ago(text: str, milliseconds: int) -> None:
    assert parse_moment(text, NOW_MS) == milliseconds


def test_the_same_words_are_known_again_and_others_are_not() -> None:
    assert Asked(since="2h").identity == Asked(since="2h").identity != Asked(until="2h").identity
    assert Asked().is_empty
    assert not Asked(key="").is_empty
