"""Read moments that are written as text."""

import pytest

from loyalty_stream.model.problem import Problem
from loyalty_stream.sources.instants import given_instant, iso_instant, vendor_time
from loyalty_stream.sources.wire import NotCleanError
from tests.helpers.instants import ms


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2022-11-10T23:00:00Z", "2022-11-10T23:00Z"),
        ("2020-06-10T09:05:27.993483Z", "2020-06-10T09:05:27.993Z"),
        ("2021-12-01T08:00:50.038+01:00", "2021-12-01T07:00:50.038Z"),
        ("2021-12-01T08:00:50", "2021-12-01T08:00:50Z"),
    ],
)
def test_a_moment_is_read_to_the_millisecond_in_utc_without_an_offset(text: str, at: str) -> None:
    assert iso_instant(text) == ms(at)


@pytest.mark.parametrize("text", ["2022-10-97T35:00:00Z", "", "soon", "2022-02-30T00:00:00Z"])
def test_what_is_on_no_calendar_is_no_moment(text: str) -> None:
    assert iso_instant(text) is None


@pytest.mark.parametrize("text", [None, "", "2022-10-97T35:00:00Z", "0001-01-01T00:00:00Z", "2199-01-01T00:00:00Z"])
def test_a_vendors_time_that_is_missing_impossible_or_implausible_is_none(text: str | None) -> None:
    assert vendor_time(text) is None


def test_a_moment_of_the_facts_must_be_on_the_calendar() -> None:
    assert given_instant(None, "start_date") is None
    with pytest.raises(Problem, match="start_date is not a date"):
        given_instant("2022-10-97T35:00:00Z", "start_date")


def test_whitespace_at_the_edges_is_for_the_slow_path() -> None:
    for read in (vendor_time, lambda text: given_instant(text, "start_date")):
        with pytest.raises(NotCleanError):
            read(" 2022-11-10T23:00:00Z")
