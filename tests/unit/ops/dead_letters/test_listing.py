"""A list counts letters by reason and topic, and shows nothing of what is in them."""

import msgspec

from loyalty_stream.ops.dead_letters.ledger import EVER, PlaceSet
from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.listing import Listing, line_of
from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.pipeline.emit import DeadRecord

START_MS = 1_790_000_000_000


def letter_of(number: int, reason: str = "conflict", dialect: str = "capillary") -> Letter:
    topic = f"loyalty.raw.{dialect}"
    record = DeadRecord(topic, 0, number, START_MS, b"key-of-somebody", b"value-of-somebody", (("h", b"header"),))
    return Letter(Place(1, number), START_MS + number * 1000, reason, "why", "loyalty", Place(0, number, topic), record)


def test_letters_are_counted_by_reason_and_topic_with_their_times_and_the_newest_place() -> None:
    redriven = PlaceSet(EVER)
    redriven.add(Place(0, 2, "loyalty.raw.capillary"))
    listing = Listing(redriven, "loyalty.raw.")
    for letter in (letter_of(3), letter_of(2), letter_of(9, "wrong_type"), letter_of(5, dialect="voucherify")):
        listing.add(letter)
    first, *others = listing.groups()
    assert (first.reason, first.dialect, first.letters, first.redriven) == ("conflict", "capillary", 2, 1)
    assert (first.first_at, first.last_at) == ("2026-09-21T14:13:22Z", "2026-09-21T14:13:23Z")
    assert (first.example, first.example_raw) == ("1:3", "loyalty.raw.capillary:0:3")
    assert [(group.reason, group.dialect, group.letters) for group in others] == [
        ("conflict", "voucherify", 1),
        ("wrong_type", "capillary", 1),
    ]


def test_neither_list_shows_a_key_a_value_or_a_header() -> None:
    listing = Listing(PlaceSet(EVER), "loyalty.raw.")
    listing.add(letter_of(1))
    line = line_of(letter_of(1), PlaceSet(EVER))
    shown = msgspec.json.encode([list(listing.groups()), line, str(line)])
    assert b"somebody" not in shown
    assert b"header" not in shown
