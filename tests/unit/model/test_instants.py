"""Add durations in zones, and find where days begin and end. Expected instants are written with their offset."""

from datetime import date, datetime

import pytest

from loyalty_stream.model.durations import parse_duration
from loyalty_stream.model.instants import (
    FIRST_MS,
    LAST_MS,
    day_ends_at,
    day_starts_at,
    instant_of,
    local_day,
    local_time,
    next_day_at,
    plus,
)
from loyalty_stream.model.zones import zone_named
from tests.helpers.instants import ZONES, ms


@pytest.mark.parametrize(
    ("zone", "at", "duration", "expected"),
    [
        ("Europe/Warsaw", "2026-01-31T10:00+01:00", "P1M", "2026-02-28T10:00+01:00"),
        ("Europe/Warsaw", "2024-01-31T10:00+01:00", "P1M", "2024-02-29T10:00+01:00"),
        ("Europe/Warsaw", "2024-02-29T10:00+01:00", "P1Y", "2025-02-28T10:00+01:00"),
        ("Europe/Warsaw", "2024-02-29T10:00+01:00", "P4Y", "2028-02-29T10:00+01:00"),
        ("Europe/Warsaw", "2026-12-31T10:00+01:00", "P2M", "2027-02-28T10:00+01:00"),
        ("Europe/Warsaw", "2026-08-31T10:00+02:00", "P13M", "2027-09-30T10:00+02:00"),
        ("Europe/Warsaw", "2026-01-31T10:00+01:00", "P1M15D", "2026-03-15T10:00+01:00"),  # months before days
        ("UTC", "2026-02-28T20:00Z", "P1DT12H", "2026-03-02T08:00Z"),
        # Calendar parts keep the local time, clock parts the time that passes.
        ("Europe/Warsaw", "2026-03-28T10:00+01:00", "P1D", "2026-03-29T10:00+02:00"),
        ("Europe/Warsaw", "2026-03-28T10:00+01:00", "PT24H", "2026-03-29T11:00+02:00"),
        ("Europe/Warsaw", "2026-10-24T10:00+02:00", "P1D", "2026-10-25T10:00+01:00"),
        ("Europe/Warsaw", "2026-10-24T10:00+02:00", "PT24H", "2026-10-25T09:00+01:00"),
        ("America/New_York", "2026-03-07T12:00-05:00", "P1DT1H", "2026-03-08T13:00-04:00"),
        ("Australia/Lord_Howe", "2026-04-04T12:00+11:00", "P1D", "2026-04-05T12:00+10:30"),
        ("Asia/Kolkata", "2026-03-28T10:00+05:30", "P1D", "2026-03-29T10:00+05:30"),
        # A local time that is not there is as much later as clocks were put forward.
        ("Europe/Warsaw", "2026-03-28T02:30+01:00", "P1D", "2026-03-29T03:30+02:00"),
        ("Europe/Warsaw", "2026-02-28T02:30+01:00", "P1M1D", "2026-03-29T03:30+02:00"),
        ("Australia/Lord_Howe", "2026-10-03T02:15+10:30", "P1D", "2026-10-04T02:45+11:00"),
        ("Pacific/Apia", "2011-12-29T10:00-10:00", "P1D", "2011-12-31T10:00+14:00"),
        # One that is there twice is the first.
        ("Europe/Warsaw", "2026-10-24T02:30+02:00", "P1D", "2026-10-25T02:30+02:00"),
        ("Europe/Warsaw", "2026-10-25T02:30+01:00", "P1D", "2026-10-26T02:30+01:00"),
        ("America/New_York", "2025-11-01T01:30-04:00", "P1Y", "2026-11-01T01:30-04:00"),
        # Without a calendar part the second of the two stays the second.
        ("Europe/Warsaw", "2026-10-25T02:30+01:00", "P0D", "2026-10-25T02:30+01:00"),
        ("Europe/Warsaw", "2026-10-25T02:30+01:00", "PT1M", "2026-10-25T02:31+01:00"),
    ],
)
def test_a_duration_is_added_in_the_calendar_of_the_zone(zone: str, at: str, duration: str, expected: str) -> None:
    assert plus(ms(at), parse_duration(duration), zone_named(zone)) == ms(expected)


@pytest.mark.parametrize(
    ("times", "expected"),
    [(0, "2026-01-31T10:00Z"), (1, "2026-02-28T10:00Z"), (2, "2026-03-31T10:00Z"), (13, "2027-02-28T10:00Z")],
)
def test_many_times_a_month_does_not_drift(times: int, expected: str) -> None:
    assert plus(ms("2026-01-31T10:00Z"), parse_duration("P1M"), zone_named("UTC"), times) == ms(expected)


@pytest.mark.parametrize("text", ["P1000Y", "P300000D", "PT8000000H"])
@pytest.mark.parametrize("zone", ZONES)
def test_what_lies_beyond_the_calendar_is_its_end(zone: str, text: str) -> None:
    assert plus(ms("9800-01-01T00:00Z"), parse_duration(text), zone_named(zone)) == LAST_MS
    assert plus(ms("2026-01-01T00:00Z"), parse_duration(text), zone_named(zone), 1_000_000) == LAST_MS


@pytest.mark.parametrize("zone", ZONES)
def test_every_integer_is_an_instant(zone: str) -> None:
    for at_ms, bound in ((-(10**30), FIRST_MS), (10**30, LAST_MS)):
        assert plus(at_ms, parse_duration("P0D"), zone_named(zone)) == bound
        assert local_day(at_ms, zone_named(zone)) == local_day(bound, zone_named(zone))
        assert next_day_at(at_ms, zone_named(zone)) <= LAST_MS
    assert day_ends_at(date.max, zone_named(zone)) == LAST_MS
    assert day_starts_at(date.min, zone_named(zone)) == FIRST_MS


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Warsaw", "2026-03-29", "2026-03-29T00:00+01:00"),
        ("Europe/Warsaw", "2026-03-30", "2026-03-30T00:00+02:00"),
        ("Asia/Kolkata", "2026-01-01", "2026-01-01T00:00+05:30"),
        ("America/Havana", "2024-03-10", "2024-03-10T01:00-04:00"),  # put forward at midnight
        ("America/Havana", "2024-11-03", "2024-11-03T00:00-04:00"),  # put back to midnight: it began before
        ("America/St_Johns", "2010-11-07", "2010-11-07T00:00-03:30"),  # put back over midnight: it begins twice
        ("America/Toronto", "1919-03-31", "1919-03-31T00:30-04:00"),  # put forward over midnight, from 23:30
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00+14:00"),  # never was
        ("Pacific/Apia", "2011-12-31", "2011-12-31T00:00+14:00"),
    ],
)
def test_a_day_starts_when_the_one_before_is_over_for_good(zone: str, day: str, expected: str) -> None:
    assert day_starts_at(date.fromisoformat(day), zone_named(zone)) == ms(expected)


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("Europe/Warsaw", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
        ("Europe/Warsaw", "2026-03-29T23:59:59.999+02:00", "2026-03-30T00:00+02:00"),
        ("America/Havana", "2024-03-09T12:00-05:00", "2024-03-10T01:00-04:00"),
        ("America/Havana", "2024-11-02T12:00-04:00", "2024-11-03T00:00-04:00"),
        ("America/Havana", "2024-11-03T00:30-04:00", "2024-11-04T00:00-05:00"),
        ("Pacific/Apia", "2011-12-29T00:00-10:00", "2011-12-31T00:00+14:00"),
        ("America/Toronto", "1919-03-30T12:00-05:00", "1919-03-31T00:30-04:00"),
        # Put back from 00:01 to 23:01: the day before comes back for 59 minutes.
        ("America/St_Johns", "2010-11-06T12:00-02:30", "2010-11-07T00:00-02:30"),
        ("America/St_Johns", "2010-11-07T00:00-02:30", "2010-11-07T00:01-02:30"),
        ("America/St_Johns", "2010-11-07T00:01-02:30", "2010-11-07T00:00-03:30"),
        ("America/St_Johns", "2010-11-07T00:00-03:30", "2010-11-08T00:00-03:30"),
    ],
)
def test_the_next_day_is_found_whatever_clocks_do(zone: str, at: str, expected: str) -> None:
    assert next_day_at(ms(at), zone_named(zone)) == ms(expected)


def test_a_local_time_is_told_to_the_millisecond() -> None:
    zone = zone_named("Asia/Kolkata")
    local = local_time(ms("2026-01-01T00:00:00.001Z"), zone)
    assert local == datetime(2026, 1, 1, 5, 30, 0, 1_000, tzinfo=zone)
    assert instant_of(local.replace(tzinfo=None), zone) == ms("2026-01-01T00:00:00.001Z")
