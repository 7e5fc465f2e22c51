"""A page of a journal has every entry once, says where the next begins, and whether anything is missing."""

import pytest

from loyalty_stream.serving.history.entries import (
    Cause,
    CursorError,
    Entry,
    Sought,
    cursor_of,
    cursor_text,
    page_of,
    wanted_page,
)

KEY = "capillary:71:5"
CAUSE = Cause("pointsIssued", None, "raw", 0, 1)


def entry(domain: str, seq: int, observed_at: int = 0) -> Entry:
    return Entry(f"{domain}{seq}", "Type", domain, seq, observed_at, observed_at, None, CAUSE, {})


ALL = [entry("points", seq, 10 * seq) for seq in range(1, 8)] + [entry("tiers", seq, 21 * seq) for seq in range(1, 4)]


def sought_of(before: dict[str, int], limit: int, there: list[Entry]) -> Sought:
    sought = Sought(KEY, wanted_page(before, limit))
    for each in there:
        sought.take(each)
    return sought


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 9, 10, 11])
def test_pages_together_are_all_entries_newest_first(limit: int) -> None:
    told: list[Entry] = []
    before: dict[str, int] | None = {"points": 8, "tiers": 4}
    while before is not None:
        page = page_of(sought_of(before, limit, ALL), "view", before, limit)
        assert page.complete
        assert 0 < len(page.entries) <= limit
        told += page.entries
        before = None if page.next is None else cursor_of(page.next)
    assert told == sorted(ALL, key=lambda each: -each.observed_at)


def test_entries_that_come_meanwhile_do_not_change_the_next_page() -> None:
    before = {"points": 8, "tiers": 4}
    first = page_of(sought_of(before, 3, ALL), "view", before, 3)
    more = [*ALL, entry("points", 8, 999)]
    assert first.next is not None
    after = cursor_of(first.next)
    assert page_of(sought_of(after, 3, more), "view", after, 3) == page_of(sought_of(after, 3, ALL), "view", after, 3)


def test_a_domain_keeps_its_order_whatever_the_clocks_say() -> None:
    there = [entry("points", 1, 50), entry("points", 2, 20), entry("tiers", 1, 30)]
    before = {"points": 3, "tiers": 2}
    page = page_of(sought_of(before, 9, there), "view", before, 9)
    assert [(each.domain, each.seq) for each in page.entries] == [("tiers", 1), ("points", 2), ("points", 1)]


def test_a_page_is_incomplete_only_where_something_that_belongs_on_it_is_missing() -> None:
    before = {"points": 8}
    kept = [each for each in ALL if each.domain == "points" and each.seq > 4]
    whole = page_of(sought_of(before, 2, kept), "topics", before, 2)
    assert (whole.complete, whole.next) == (True, "points:6")
    broken = page_of(sought_of(before, 5, kept), "topics", before, 5)
    assert [each.seq for each in broken.entries] == [7, 6, 5]
    assert (broken.complete, broken.next) == (False, None)


def test_what_lies_before_a_gap_is_not_told() -> None:
    sought = sought_of({"points": 8}, 9, [each for each in ALL if each.seq != 4])
    assert [each.seq for each in sought.entries("points")] == [5, 6, 7]
    assert sought.lacking() == ["points"]


def test_of_an_unknown_number_all_are_found_once_the_first_is() -> None:
    sought = Sought(KEY, {"points": None})
    assert sought.lacking() == ["points"]
    for seq in (3, 2):
        sought.take(entry("points", seq))
    assert sought.lacking() == ["points"]
    sought.take(entry("points", 1))
    assert sought.lacking() == []


def test_a_cursor_is_read_as_it_is_written() -> None:
    assert cursor_of(cursor_text({"tiers": 4, "points": 17})) == {"points": 17, "tiers": 4}


@pytest.mark.parametrize("text", ["", "points", "points:", "points:-1", ":3", "points:1,", "points:²"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(CursorError):
        cursor_of(text)
