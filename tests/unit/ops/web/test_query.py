"""What a page is asked with is read strictly: a wrong value is named, never guessed at."""

import pytest

from loyalty_stream.ops.web.query import QueryError, instant, number, one_of, seqs


def test_right_values_are_read() -> None:
    assert number("limit", "100", 1, 100) == 100
    assert one_of("basis", "occurred", ["occurred", "observed"]) == "occurred"
    assert seqs(["points:17", "tiers:0"], ["points", "tiers"]) == {"points": 17, "tiers": 0}


@pytest.mark.parametrize(
    "text", ["2026-01-01T12:00:00Z", "2026-01-01T13:00:00+01:00", "2026-01-01T12:00:00.0004Z", "20260101T120000Z"]
)
def test_an_instant_is_read_with_its_zone(text: str) -> None:
    assert instant("as_of", text) == 1_767_268_800_000


@pytest.mark.parametrize("text", ["", "now", "2026-01-01T12:00:00", "2026-01-01", "2026-01-01T13:00:00 01:00"])
def test_an_instant_without_zone_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="as_of is"):
        instant("as_of", text)


@pytest.mark.parametrize("text", ["0", "101", "-1", "1.0", "", "²", "x"])
def test_a_number_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="from 1 to 100"):
        number("limit", text, 1, 100)


@pytest.mark.parametrize("text", ["points", "points:", "points:x", "wallets:1", ":1"])
def test_a_wrong_seq_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="min_seq"):
        seqs([text], ["points"])
