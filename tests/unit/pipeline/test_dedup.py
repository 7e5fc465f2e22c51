"""Two dedup windows made one."""

from loyalty_stream.pipeline.dedup import ENTRY_BYTES, Seen, find, remember, united

OURS, THEIRS = b"o" * 8, b"t" * 8


def window(content: bytes, *events: tuple[bytes, int]) -> bytes:
    packed = b""
    for event, seen_at in events:
        packed = remember(packed, event * 8, content, seen_at, 64)
    return packed


def test_a_united_window_knows_what_either_knew_the_newest_last() -> None:
    both = united(window(OURS, (b"a", 1), (b"c", 3)), window(THEIRS, (b"b", 2)), 64)
    assert both == remember(window(OURS, (b"a", 1)) + window(THEIRS, (b"b", 2)), b"c" * 8, OURS, 3, 64)


def test_a_united_window_forgets_the_oldest_of_either() -> None:
    both = united(window(OURS, (b"a", 1), (b"c", 3)), window(THEIRS, (b"b", 2), (b"d", 4)), 2)
    assert [find(both, key * 8) for key in (b"a", b"b")] == [None, None]
    assert len(both) == 2 * ENTRY_BYTES


def test_an_event_that_both_know_is_there_once_and_as_the_first_knows_it() -> None:
    both = united(window(OURS, (b"a", 5)), window(THEIRS, (b"a", 1)), 64)
    assert (len(both), find(both, b"a" * 8)) == (ENTRY_BYTES, Seen(OURS, 5))


def test_a_window_and_an_empty_one_are_that_window() -> None:
    held = window(OURS, (b"a", 1), (b"b", 2))
    assert united(held, b"", 64) == united(b"", held, 64) == held
