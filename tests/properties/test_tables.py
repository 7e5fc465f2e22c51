"""The row cache, the dedup window and the tally beside plain models of theirs."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.pipeline.dedup import ENTRY_BYTES, Seen, find, remember
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.pipeline.rows import RowCache

KEYS = st.sampled_from([b"a", b"b", b"c", b"d"])
HASHES = st.one_of(st.sampled_from([b"\0" * 8, b"\0\0\0\0\0\0\0\1", b"abcdefgh"]), st.binary(min_size=8, max_size=8))


class Step(NamedTuple):
    """One thing that is done to a cache."""

    action: str
    key: bytes
    row: int | None


steps = st.lists(
    st.builds(Step, st.sampled_from(["get", "put", "commit", "trim"]), KEYS, st.one_of(st.none(), st.integers(0, 9))),
    max_size=30,
)


@given(steps, st.integers(0, 3))
def test_the_row_cache_is_a_dict_whatever_it_forgets(history: list[Step], capacity: int) -> None:
    model: dict[bytes, int] = {}
    table: dict[bytes, bytes] = {}
    cache = RowCache[int](table.get, lambda _, encoded: int(encoded), lambda row: str(row).encode())

    def commit() -> None:
        for key, row in cache.take_written().items():
            if row is None:
                table.pop(key, None)
            else:
                table[key] = row

    for action, key, row in history:
        if action == "get":
            assert cache.get(key) == model.get(key)
        elif action == "put":
            cache.put(key, row)
            if row is None:
                model.pop(key, None)
            else:
                model[key] = row
        else:
            commit()
            assert table == {key: str(row).encode() for key, row in model.items()}
            if action == "trim":
                cache.trim(capacity)
                assert len(cache) <= capacity


class Entry(NamedTuple):
    """One event that a window remembers."""

    key: bytes
    content: bytes
    seen_at: int


entries = st.lists(st.builds(Entry, HASHES, HASHES, st.integers(0, 2**40)), max_size=12)


@given(entries, st.integers(1, 6), HASHES)
def test_the_dedup_window_is_a_list_of_the_newest_events(history: list[Entry], most: int, wanted: bytes) -> None:
    window, model = b"", list[Entry]()
    for entry in history:
        window = remember(window, *entry, most)
        model = [*model, entry][-most:]
        assert len(window) == len(model) * ENTRY_BYTES
        for key in (wanted, entry.key):
            known = next((Seen(other.content, other.seen_at) for other in model if other.key == key), None)
            assert find(window, key) == known


COUNTS = st.integers(0, 10**15)
tallies = st.builds(Tally, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)


@given(tallies)
def test_a_tally_is_loaded_as_it_was_dumped(tally: Tally) -> None:
    assert Tally.load(tally.dump()) == tally
    assert Tally.load(tally.dump() + "\0") == tally


@given(st.one_of(st.none(), st.text().filter(lambda text: not text.startswith("tally/1"))))
def test_any_other_text_is_an_empty_tally(text: str | None) -> None:
    assert Tally.load(text) == Tally()


@given(tallies, tallies)
def test_tallies_add_up_field_by_field(one: Tally, other: Tally) -> None:
    numbers = [getattr(one, name) + getattr(other, name) for name in Tally.__struct_fields__]
    one.add(other)
    assert [getattr(one, name) for name in Tally.__struct_fields__] == numbers
