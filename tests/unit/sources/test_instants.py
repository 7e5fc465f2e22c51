"""Read moments that are written as text."""

from datetime import date

import pytest

from loyalty_stream.model.problem import Problem
from loyalty_stream.sources.instants import given_instant, instant, instant_day, iso_instant, vendor_time
from loyalty_stream.sources.wire import LAST_MOMENT, NotCleanError
from tests.helpers.instants import ms


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2022-11-10T23:00:00Z", "2022-11-10T23:00Z"),
        ("2020-06-10T09:05:27.993483Z", "2020-06-10T09:05:27.993Z"),
        ("2021-12-01T08:00:50.038+01:00", "2021-12-01T07:00:50.038Z"),
        ("2021-12-01T08:00:50", "2021-12-01T08:00:50Z"),
        ("2021-12-01", "2021-12-01T00:00Z"),
    ],
)
def test_a_moment_is_read_to_the_millisecond_in_utc_without_an_offset(text: str, at: str) -> None:
    assert iso_instant(text) == ms(at)


def test_the_first_and_the_last_day_of_the_calendar_are_read_in_every_zone() -> None:
    assert iso_instant("0001-01-01T00:00:00+14:00") == -62_135_596_800_000 - 14 * 3_600_000
    assert iso_instant("9999-12-31T23:59:59.999-14:00") == LAST_MOMENT + 14 * 3_600_000


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T10:15:30.250Z", 1_772_446_530_250),
        ("2026-03-02T10:15:30.250999Z", 1_772_446_530_250),
        ("2026-03-02T11:15:30+01:00", 1_772_446_530_000),
        ("2026-03-02T10:15:30+0000", 1_772_446_530_000),
        ("2026-03-02", 1_772_409_600_000),
        (None, None),
    ],
)
def test_a_moment_as_text_is_read_by_its_zone(text: str | None, expected: int | None) -> None:
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text", ["", " 2026-03-02", "2026-03-02T10:15:30", "2026-02-31", "1969-12-31T23:59:59Z", "later", "2026-03-02T1Z "]
)
def test_a_text_that_is_no_moment_with_its_zone_is_not_clean(text: str) -> None:
    with pytest.raises(NotCleanError):
        instant(text)


def test_the_day_of_a_moment_is_that_of_utc() -> None:
    assert instant_day("2026-03-02T23:30:00-02:00") == date(2026, 3, 3)
    assert instant_day(None) is None
