"""What was sent back is known again from the records of the topic, and nothing else is."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.ops.dead_letters.ledger import CHUNK, EVER, PlaceSet
from loyalty_stream.ops.dead_letters.places import Place

PLACES = st.sets(
    st.builds(Place, st.integers(0, 3), st.integers(0, 3 * CHUNK), st.sampled_from(["loyalty.raw.a", "x:y.raw.b"]))
)


def loaded(*writers: PlaceSet) -> PlaceSet:
    """A set as it is read from what others have written since they were last asked."""
    places = PlaceSet(EVER)
    for writer in writers:
        take(places, writer)
    return places


def take(places: PlaceSet, writer: PlaceSet) -> None:
    for key, value in writer.take_changed():
        name, _, chunk_key = key.decode().partition("|")
        assert name == EVER
        places.load(chunk_key, value)


@given(PLACES, PLACES, PLACES)
def test_a_set_that_is_read_holds_what_was_added_and_nothing_else(
    first: set[Place], second: set[Place], others: set[Place]
) -> None:
    writer = PlaceSet(EVER)
    reader = PlaceSet(EVER)
    for transaction in (first, second):
        for place in transaction:
            writer.add(place)
        take(reader, writer)
    assert all(place in reader for place in first | second)
    assert not any(place in reader for place in others - first - second)


def test_only_what_changed_is_written() -> None:
    writer = PlaceSet(EVER)
    writer.add(Place(0, 0, "t"))
    writer.add(Place(0, CHUNK - 1, "t"))
    assert [key for key, _ in writer.take_changed()] == [b"redriven|t:0:0"]
    writer.add(Place(0, CHUNK, "t"))
    assert [key for key, _ in writer.take_changed()] == [b"redriven|t:0:1024"]
    assert list(writer.take_changed()) == []


def test_a_set_that_is_deleted_is_read_as_empty() -> None:
    writer = PlaceSet(EVER)
    writer.add(Place(0, 5, "t"))
    reader = loaded(writer)
    for key, value in writer.take_all():
        reader.load(key.decode().partition("|")[2], value)
    assert Place(0, 5, "t") not in reader
    assert Place(0, 5, "t") not in writer
