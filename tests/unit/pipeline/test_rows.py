import pytest

from loyalty_stream.pipeline.rows import RowCache
from tests.helpers.flow import keys_of


def cache_of(table: dict[bytes, bytes]) -> RowCache[str]:
    return RowCache(table.get, lambda _, encoded: encoded.decode(), str.encode, keys_of(table))


def test_a_row_is_loaded_once() -> None:
    cache = cache_of({b"a": b"1"})
    assert [cache.get(b"a"), cache.get(b"a")] == ["1", "1"]
    assert (cache.hits, cache.misses) == (1, 1)


def test_an_absent_row_is_remembered_as_absent() -> None:
    cache = cache_of({})
    assert [cache.get(b"a"), cache.get(b"a")] == [None, None]
    assert (cache.hits, cache.misses, len(cache)) == (1, 1, 1)


def test_rows_are_encoded_once_when_they_are_taken() -> None:
    cache = cache_of({})
    cache.put(b"a", "1")
    cache.put(b"a", "2")
    cache.put(b"b", None)
    assert cache.take_written() == {b"a": b"2", b"b": None}
    assert cache.take_written() == {}


def test_the_least_recently_used_rows_are_dropped_first() -> None:
    cache = cache_of({b"a": b"1", b"b": b"2", b"c": b"3"})
    for key in (b"a", b"b", b"c", b"a"):
        cache.get(key)
    cache.trim(2)
    assert len(cache) == 2
    cache.get(b"a")
    cache.get(b"c")
    assert cache.misses == 3
    cache.get(b"b")
    assert cache.misses == 4


def test_what_has_become_of_a_written_row_is_told_once_from_before_its_first_write() -> None:
    cache = cache_of({b"a": b"1"})
    cache.put(b"a", "2")
    cache.put(b"a", "3")
    cache.put(b"b", "4")
    assert cache.take_changes() == [(b"a", "1", "3"), (b"b", None, "4")]
    cache.put(b"a", None)
    assert cache.take_changes() == [(b"a", "3", None)]
    assert cache.take_changes() == []


def test_changes_that_nobody_has_asked_for_go_with_the_written_rows() -> None:
    cache = cache_of({})
    cache.put(b"a", "1")
    cache.take_written()
    assert cache.take_changes() == []


def test_a_scan_finds_what_is_stored_and_written_but_for_what_is_deleted() -> None:
    cache = cache_of({b"a|1": b"1", b"a|3": b"3", b"ab": b"4"})
    cache.put(b"a|2", "2")
    cache.put(b"a|3", None)
    cache.put(b"b|1", "5")
    assert list(cache.scan(b"a|")) == [b"a|1", b"a|2"]
    assert list(cache.scan(b"a|", b"a|1")) == [b"a|2"]
    assert cache.written() == [b"a|2", b"a|3", b"b|1"]


def test_a_cache_without_a_way_to_look_for_keys_says_so() -> None:
    with pytest.raises(LookupError, match="look for keys"):
        RowCache(dict[bytes, bytes]().get, lambda _, encoded: encoded, bytes).scan(b"a")
