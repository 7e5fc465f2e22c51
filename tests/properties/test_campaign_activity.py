"""A campaign's activity and its changes agree, whatever the schedule, the zone and the instant."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.domains.campaigns.activity import Activity, activity_at, next_change_at
from loyalty_stream.domains.campaigns.schedule import CampaignSchedule, CreationStatus, ValidityTimeframe
from loyalty_stream.model.durations import DAY_MS, HOUR_MS, Duration
from loyalty_stream.model.instants import plus
from loyalty_stream.model.zones import zone_named
from tests.helpers.instants import instants, ms, zones

FIRST, LAST = "2011-06-01T00:00Z", "2031-06-01T00:00Z"

durations = st.one_of(
    st.builds(Duration, days=st.integers(1, 40)),
    st.builds(Duration, months=st.integers(1, 13)),
    st.builds(Duration, milliseconds=st.integers(1, 50).map(lambda hours: hours * HOUR_MS)),
    st.builds(Duration, milliseconds=st.integers(1, 10 * DAY_MS)),
    st.builds(
        Duration, months=st.integers(0, 2), days=st.integers(0, 31), milliseconds=st.integers(0, 3 * DAY_MS)
    ).filter(bool),
)
timeframes = st.builds(ValidityTimeframe, interval=durations, duration=st.one_of(durations, st.just(Duration())))
weekdays = st.frozensets(st.integers(0, 6))
switches = st.sampled_from([CreationStatus.DONE] * 20 + list(CreationStatus))


def schedules(limits: st.SearchStrategy[ValidityTimeframe | None]) -> st.SearchStrategy[CampaignSchedule]:
    """Return schedules with a start, most of which can be active."""
    return st.builds(
        CampaignSchedule,
        active=st.sampled_from([True] * 20 + [False]),
        starts_at_ms=instants(FIRST, LAST),
        expires_at_ms=st.one_of(st.none(), instants(FIRST, LAST)),
        timeframe=limits,
        days_of_week=weekdays,
        activity_duration_after_publishing=st.one_of(st.none(), durations),
        published_at_ms=st.one_of(st.none(), instants(FIRST, LAST)),
        creation_status=switches,
        vouchers_generation_status=switches,
    )


any_schedule = schedules(st.one_of(st.none(), timeframes))


@given(any_schedule, instants(FIRST, LAST), zones, st.data())
def test_activity_is_constant_until_the_next_change_and_another_at_it(
    campaign: CampaignSchedule, at_ms: int, zone: str, data: st.DataObject
) -> None:
    change_ms = next_change_at(campaign, at_ms, zone)
    now = activity_at(campaign, at_ms, zone)
    until_ms = ms("2060-01-01T00:00Z") if change_ms is None else change_ms
    for between_ms in (until_ms - 1, *data.draw(st.lists(st.integers(at_ms, until_ms - 1), max_size=5))):
        assert activity_at(campaign, between_ms, zone) is now
        assert next_change_at(campaign, between_ms, zone) == change_ms
    if change_ms is not None:
        assert change_ms > at_ms
        assert activity_at(campaign, change_ms, zone) is not now


@given(schedules(timeframes), zones)
def test_the_changes_from_a_start_on_are_those_that_a_finer_search_finds(campaign: CampaignSchedule, zone: str) -> None:
    first_ms = campaign.starts_at_ms or 0
    last_ms = first_ms + 30 * DAY_MS
    found: set[int] = set()
    at_ms = next_change_at(campaign, first_ms - 1, zone)
    while at_ms is not None and at_ms <= last_ms and len(found) < 200:
        found.add(at_ms)
        at_ms = next_change_at(campaign, at_ms, zone)
    searched_ms = max(found, default=last_ms) if len(found) == 200 else last_ms
    for before_ms in range(first_ms - 1, searched_ms, 3 * HOUR_MS + 1):
        after_ms = min(before_ms + 3 * HOUR_MS + 1, searched_ms)
        if activity_at(campaign, before_ms, zone) is not activity_at(campaign, after_ms, zone):
            assert any(before_ms < change_ms <= after_ms for change_ms in found)


@given(timeframes, instants("2024-01-01T00:00Z", "2026-01-01T00:00Z"), st.integers(0, 1_000 * DAY_MS))
def test_a_timeframe_is_every_window_from_the_start_on(timeframe: ValidityTimeframe, start_ms: int, after: int) -> None:
    zone, at_ms, number, expected = zone_named("UTC"), start_ms + after, 0, False
    while plus(start_ms, timeframe.interval, zone, number) <= at_ms and number < 3_000:
        begun_ms = plus(start_ms, timeframe.interval, zone, number)
        expected = at_ms < plus(begun_ms, timeframe.duration, zone)
        number += 1
    if number < 3_000:
        campaign = CampaignSchedule(starts_at_ms=start_ms, timeframe=timeframe)
        assert (activity_at(campaign, at_ms, "UTC") is Activity.ACTIVE) is expected


@given(any_schedule, instants(FIRST, LAST), zones, st.sampled_from(("active", "creation_status")))
def test_a_switch_that_is_off_is_never_on_again(campaign: CampaignSchedule, at_ms: int, zone: str, switch: str) -> None:
    off: dict[str, Any] = {"active": False, "creation_status": CreationStatus.DRAFT}
    fields = {name: getattr(campaign, name) for name in campaign.__struct_fields__}
    switched = CampaignSchedule(**{**fields, switch: off[switch]})
    assert activity_at(switched, at_ms, zone) is not Activity.ACTIVE
    assert next_change_at(switched, at_ms, zone) is None
