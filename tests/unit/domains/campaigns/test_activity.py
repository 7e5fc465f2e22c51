"""Tell whether campaigns are active, and when that changes."""

from typing import Final, NamedTuple

import pytest
from msgspec import msgpack
from msgspec.structs import replace

from loyalty_stream.domains.campaigns.activity import Activity, activity_at, next_change_at
from loyalty_stream.domains.campaigns.schedule import (
    CampaignSchedule,
    CreationStatus,
    ScheduleError,
    ValidityTimeframe,
)
from loyalty_stream.model.durations import Duration, parse_duration
from loyalty_stream.model.instants import FIRST_MS, LAST_MS, plus
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.zones import ZoneError
from tests.helpers.instants import ms

WARSAW, NEW_YORK, KOLKATA, APIA = "Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Apia"
ACTIVE, OUTSIDE_TIMEFRAME, OUTSIDE_WEEKDAYS = Activity.ACTIVE, Activity.OUTSIDE_TIMEFRAME, Activity.OUTSIDE_WEEKDAYS
NOT_STARTED, EXPIRED = Activity.NOT_STARTED, Activity.EXPIRED
WHENEVER: Final = ms("2026-05-10T12:00Z")
SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(7)

# The dates of the reference's example.
DATED: Final = CampaignSchedule(
    starts_at_ms=ms("2022-09-20T00:00:00.000Z"), expires_at_ms=ms("2022-09-30T00:00:00.000Z")
)


def recurring(start: str, interval: str, duration: str, *days: int, expires: str | None = None) -> CampaignSchedule:
    """Return a campaign with a timeframe, on some days of the week or on all."""
    return CampaignSchedule(
        starts_at_ms=ms(start),
        expires_at_ms=None if expires is None else ms(expires),
        timeframe=ValidityTimeframe(parse_duration(interval), parse_duration(duration)),
        days_of_week=frozenset(days),
    )


class Step(NamedTuple):
    """What a campaign is from an instant on."""

    at: str
    activity: Activity


class Course(NamedTuple):
    """A campaign, and what it is one after the other; `ends` says that the last step is for good."""

    name: str
    campaign: CampaignSchedule
    zone: str
    steps: tuple[Step, ...]
    ends: bool = False


COURSES: Final = (
    Course(
        "inactive before the start date, inactive after the expiration date",
        DATED,
        "UTC",
        (
            Step("2000-01-01T00:00Z", NOT_STARTED),
            Step("2022-09-20T00:00Z", ACTIVE),
            Step("2022-09-30T00:00:00.001Z", EXPIRED),
        ),
        ends=True,
    ),
    Course("without dates always active", CampaignSchedule(), "UTC", (Step("2000-01-01T00:00Z", ACTIVE),), ends=True),
    Course(
        "an expiration date before the start date",
        CampaignSchedule(starts_at_ms=ms("2026-02-01T00:00Z"), expires_at_ms=ms("2026-01-01T00:00Z")),
        "UTC",
        (Step("2025-01-01T00:00Z", NOT_STARTED), Step("2026-02-01T00:00Z", EXPIRED)),
        ends=True,
    ),
    Course(
        "P2D will be active every other day",
        recurring("2026-05-10T00:00+02:00", "P2D", "P1D"),
        WARSAW,
        (
            Step("2026-05-09T00:00+02:00", NOT_STARTED),
            Step("2026-05-10T00:00+02:00", ACTIVE),
            Step("2026-05-11T00:00+02:00", OUTSIDE_TIMEFRAME),
            Step("2026-05-12T00:00+02:00", ACTIVE),
            Step("2026-05-13T00:00+02:00", OUTSIDE_TIMEFRAME),
        ),
    ),
    Course(
        "every other day over the change of clocks, in local time",
        recurring("2026-03-27T10:00+01:00", "P2D", "P1D"),
        WARSAW,
        (
            Step("2026-03-27T10:00+01:00", ACTIVE),
            Step("2026-03-28T10:00+01:00", OUTSIDE_TIMEFRAME),
            Step("2026-03-29T10:00+02:00", ACTIVE),
            Step("2026-03-30T10:00+02:00", OUTSIDE_TIMEFRAME),
        ),
    ),
    Course(
        "every other day in hours, as the clock runs",
        recurring("2026-03-27T10:00+01:00", "PT48H", "PT24H"),
        WARSAW,
        (
            Step("2026-03-27T10:00+01:00", ACTIVE),
            Step("2026-03-28T10:00+01:00", OUTSIDE_TIMEFRAME),
            Step("2026-03-29T11:00+02:00", ACTIVE),
        ),
    ),
    Course(
        "valid for 1 hour, repeated every 1 day, with a start that a night does not have",
        recurring("2026-03-28T02:30+01:00", "P1D", "PT1H"),
        WARSAW,
        (
            Step("2026-03-28T02:30+01:00", ACTIVE),
            Step("2026-03-28T03:30+01:00", OUTSIDE_TIMEFRAME),
            Step("2026-03-29T03:30+02:00", ACTIVE),
            Step("2026-03-29T04:30+02:00", OUTSIDE_TIMEFRAME),
            Step("2026-03-30T02:30+02:00", ACTIVE),
        ),
    ),
    Course(
        "each month's first day from the 31st on, without drift",
        recurring("2026-01-31T00:00Z", "P1M", "P1D"),
        "UTC",
        (
            Step("2026-01-31T00:00Z", ACTIVE),
            Step("2026-02-01T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-02-28T00:00Z", ACTIVE),
            Step("2026-03-01T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-03-31T00:00Z", ACTIVE),
            Step("2026-04-01T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-04-30T00:00Z", ACTIVE),
        ),
    ),
    Course(
        "30 days of each month: February goes over into March",
        recurring("2026-01-01T00:00Z", "P1M", "P30D"),
        "UTC",
        (
            Step("2026-01-01T00:00Z", ACTIVE),
            Step("2026-01-31T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-02-01T00:00Z", ACTIVE),
            Step("2026-03-31T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-04-01T00:00Z", ACTIVE),
            Step("2026-05-31T00:00Z", OUTSIDE_TIMEFRAME),
        ),
    ),
    Course(
        "365 days of each year: only leap years have a gap",
        recurring("2026-01-01T00:00Z", "P1Y", "P365D"),
        "UTC",
        (
            Step("2026-01-01T00:00Z", ACTIVE),
            Step("2028-12-31T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2029-01-01T00:00Z", ACTIVE),
            Step("2032-12-31T00:00Z", OUTSIDE_TIMEFRAME),
        ),
    ),
    Course(
        "a duration as long as its interval leaves no gap, whatever clocks do",
        recurring("2026-01-01T00:00+01:00", "P1D", "PT24H"),
        WARSAW,
        (Step("2025-12-31T00:00+01:00", NOT_STARTED), Step("2026-01-01T00:00+01:00", ACTIVE)),
        ends=True,
    ),
    Course(
        "four months and 122 days never leave a gap, by this start",
        recurring("2025-12-01T00:00Z", "P4M", "P122D"),
        "UTC",
        (Step("2025-12-01T00:00Z", ACTIVE),),
        ends=True,
    ),
    Course(
        "half an hour is missing of each day, but not where a day has an hour less",
        recurring("2026-03-28T00:00+01:00", "P1D", "PT23H30M"),
        WARSAW,
        (
            Step("2026-03-28T00:00+01:00", ACTIVE),
            Step("2026-03-28T23:30+01:00", OUTSIDE_TIMEFRAME),
            Step("2026-03-29T00:00+01:00", ACTIVE),
            Step("2026-03-30T23:30+02:00", OUTSIDE_TIMEFRAME),
            Step("2026-03-31T00:00+02:00", ACTIVE),
        ),
    ),
    Course(
        "a day that a zone leaves out is no window of its own",
        recurring("2011-12-28T10:00-10:00", "P1D", "PT1H"),
        APIA,
        (
            Step("2011-12-29T10:00-10:00", ACTIVE),
            Step("2011-12-29T11:00-10:00", OUTSIDE_TIMEFRAME),
            Step("2011-12-31T10:00+14:00", ACTIVE),
            Step("2011-12-31T11:00+14:00", OUTSIDE_TIMEFRAME),
            Step("2012-01-01T10:00+14:00", ACTIVE),
        ),
    ),
    Course(
        "a duration of nothing never begins",
        recurring("2026-01-01T00:00Z", "P1D", "P0D", expires="2026-02-01T00:00Z"),
        "UTC",
        (
            Step("2025-12-31T00:00Z", NOT_STARTED),
            Step("2026-01-01T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-02-01T00:00:00.001Z", EXPIRED),
        ),
        ends=True,
    ),
    Course(
        "an expiration date in the middle of a window",
        recurring("2026-05-10T00:00Z", "P2D", "P1D", expires="2026-05-12T12:00Z"),
        "UTC",
        (
            Step("2026-05-11T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-05-12T00:00Z", ACTIVE),
            Step("2026-05-12T12:00:00.001Z", EXPIRED),
        ),
        ends=True,
    ),
    Course(
        "Mondays, Wednesdays and Saturdays, by the days of the project's zone",
        CampaignSchedule(days_of_week=frozenset({MONDAY, WEDNESDAY, SATURDAY})),
        KOLKATA,
        (
            Step("2026-05-10T00:00+05:30", OUTSIDE_WEEKDAYS),  # a Sunday
            Step("2026-05-11T00:00+05:30", ACTIVE),
            Step("2026-05-12T00:00+05:30", OUTSIDE_WEEKDAYS),
            Step("2026-05-13T00:00+05:30", ACTIVE),
            Step("2026-05-14T00:00+05:30", OUTSIDE_WEEKDAYS),
            Step("2026-05-16T00:00+05:30", ACTIVE),
            Step("2026-05-17T00:00+05:30", OUTSIDE_WEEKDAYS),
        ),
    ),
    Course(
        "working days over the change of clocks",
        CampaignSchedule(days_of_week=frozenset({MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY})),
        NEW_YORK,
        (
            Step("2026-03-02T00:00-05:00", ACTIVE),
            Step("2026-03-07T00:00-05:00", OUTSIDE_WEEKDAYS),
            Step("2026-03-09T00:00-04:00", ACTIVE),
        ),
    ),
    Course(
        "a Friday that a zone leaves out",
        CampaignSchedule(days_of_week=frozenset({FRIDAY})),
        APIA,
        (
            Step("2011-12-23T00:00-10:00", ACTIVE),
            Step("2011-12-24T00:00-10:00", OUTSIDE_WEEKDAYS),
            Step("2012-01-06T00:00+14:00", ACTIVE),
        ),
    ),
    Course(
        "all days of the week are no restriction",
        CampaignSchedule(days_of_week=frozenset(range(7))),
        "UTC",
        (Step("2026-05-10T00:00Z", ACTIVE),),
        ends=True,
    ),
    Course(
        "an hour of every second one on Mondays: the days speak first",
        recurring("2026-05-01T01:00Z", "PT2H", "PT1H", MONDAY),
        "UTC",
        (
            Step("2026-05-10T22:00Z", OUTSIDE_WEEKDAYS),
            Step("2026-05-11T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-05-11T01:00Z", ACTIVE),
            Step("2026-05-11T02:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-05-11T03:00Z", ACTIVE),
        ),
    ),
    Course(
        "a window that goes on over the end of its day",
        recurring("2026-05-11T20:00Z", "P1W", "PT8H", MONDAY),
        "UTC",
        (
            Step("2026-05-11T20:00Z", ACTIVE),
            Step("2026-05-12T00:00Z", OUTSIDE_WEEKDAYS),
            Step("2026-05-18T00:00Z", OUTSIDE_TIMEFRAME),
            Step("2026-05-18T20:00Z", ACTIVE),
        ),
    ),
    Course(
        "valid for 24 days after publishing, which overrides the expiration date",
        replace(
            DATED,
            activity_duration_after_publishing=parse_duration("P24D"),
            published_at_ms=ms("2022-09-29T12:00Z"),
        ),
        "UTC",
        (
            Step("2022-09-20T00:00Z", NOT_STARTED),
            Step("2022-09-29T12:00Z", ACTIVE),
            Step("2022-10-23T12:00Z", EXPIRED),
        ),
        ends=True,
    ),
    Course(
        "published before the campaign starts: the timer runs, the campaign does not",
        replace(
            DATED, activity_duration_after_publishing=parse_duration("P24D"), published_at_ms=ms("2022-09-01T12:00Z")
        ),
        "UTC",
        (
            Step("2022-09-01T12:00Z", NOT_STARTED),
            Step("2022-09-20T00:00Z", ACTIVE),
            Step("2022-09-25T12:00Z", EXPIRED),
        ),
        ends=True,
    ),
    Course(
        "a duration after publishing without a publication says nothing",
        replace(DATED, activity_duration_after_publishing=parse_duration("P24D")),
        "UTC",
        (Step("2022-09-20T00:00Z", ACTIVE), Step("2022-09-30T00:00:00.001Z", EXPIRED)),
        ends=True,
    ),
    Course(
        "a publication without a duration says nothing",
        replace(DATED, published_at_ms=ms("2022-09-25T00:00Z")),
        "UTC",
        (Step("2022-09-20T00:00Z", ACTIVE), Step("2022-09-30T00:00:00.001Z", EXPIRED)),
        ends=True,
    ),
)


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_a_campaign_is_what_it_is_from_one_change_to_the_next(course: Course) -> None:
    at_ms = ms(course.steps[0].at)
    for step in course.steps:
        assert at_ms == ms(step.at), f"another change than that at {step.at}"
        assert activity_at(course.campaign, at_ms, course.zone) is step.activity
        change_ms = next_change_at(course.campaign, at_ms, course.zone)
        if step is course.steps[-1]:
            assert (change_ms is None) is course.ends
            break
        assert change_ms is not None
        assert activity_at(course.campaign, change_ms - 1, course.zone) is step.activity
        assert next_change_at(course.campaign, change_ms - 1, course.zone) == change_ms
        at_ms = change_ms


@pytest.mark.parametrize(
    ("creation", "vouchers", "expected"),
    [
        (CreationStatus.DONE, CreationStatus.DONE, ACTIVE),
        (CreationStatus.DRAFT, CreationStatus.DRAFT, Activity.DRAFT),
        (CreationStatus.DONE, CreationStatus.DRAFT, Activity.DRAFT),
        (CreationStatus.IN_PROGRESS, CreationStatus.IN_PROGRESS, Activity.BEING_CREATED),
        (CreationStatus.FAILED, CreationStatus.DONE, Activity.CREATION_FAILED),
        (CreationStatus.DONE, CreationStatus.IN_PROGRESS, ACTIVE),
        (CreationStatus.DONE, CreationStatus.FAILED, ACTIVE),
        (CreationStatus.MODIFYING, CreationStatus.MODIFYING, ACTIVE),
    ],
)
def test_a_campaign_that_is_not_made_yet_is_not_active(
    creation: CreationStatus, vouchers: CreationStatus, expected: Activity
) -> None:
    campaign = CampaignSchedule(creation_status=creation, vouchers_generation_status=vouchers)
    assert activity_at(campaign, WHENEVER, "UTC") is expected
    assert next_change_at(campaign, WHENEVER, "UTC") is None


@pytest.mark.parametrize("at", ["2022-09-01T00:00Z", "2022-09-25T00:00Z", "2023-01-01T00:00Z"])
def test_a_campaign_that_is_switched_off_is_disabled_at_any_time(at: str) -> None:
    campaign = replace(DATED, active=False)
    assert activity_at(campaign, ms(at), "UTC") is Activity.DISABLED
    assert next_change_at(campaign, ms(at), "UTC") is None


def test_a_draft_that_is_switched_off_is_a_draft() -> None:
    campaign = CampaignSchedule(active=False, creation_status=CreationStatus.DRAFT)
    assert activity_at(campaign, WHENEVER, "UTC") is Activity.DRAFT


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (SUNDAY, "2026-05-10T12:00Z"),
        (MONDAY, "2026-05-11T12:00Z"),
        (TUESDAY, "2026-05-12T12:00Z"),
        (WEDNESDAY, "2026-05-13T12:00Z"),
        (THURSDAY, "2026-05-14T12:00Z"),
        (FRIDAY, "2026-05-15T12:00Z"),
        (SATURDAY, "2026-05-16T12:00Z"),
    ],
)
def test_days_of_the_week_are_counted_from_sunday(day: int, at: str) -> None:
    assert activity_at(CampaignSchedule(days_of_week=frozenset({day})), ms(at), "UTC") is ACTIVE
    others = frozenset(range(7)) - {day}
    assert activity_at(CampaignSchedule(days_of_week=others), ms(at), "UTC") is OUTSIDE_WEEKDAYS


def test_one_instant_may_be_two_days() -> None:
    campaign = CampaignSchedule(days_of_week=frozenset({MONDAY}))
    assert activity_at(campaign, ms("2026-05-10T22:30Z"), WARSAW) is ACTIVE
    assert activity_at(campaign, ms("2026-05-10T22:30Z"), NEW_YORK) is OUTSIDE_WEEKDAYS


def test_minutes_over_centuries_take_no_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = recurring("1900-01-01T00:00Z", "PT2M", "PT1M")
    calls, real = 0, plus

    def counted(*args: object) -> int:
        nonlocal calls
        calls += 1
        return real(*args)  # type: ignore[arg-type]  # whatever it takes

    monkeypatch.setattr("loyalty_stream.domains.campaigns.timeframe.plus", counted)
    assert next_change_at(campaign, ms("2899-12-31T23:58:30Z"), "UTC") == ms("2899-12-31T23:59Z")
    assert calls < 200


def test_windows_that_touch_are_not_followed_beyond_the_expiration_date() -> None:
    campaign = recurring("2025-12-01T00:00Z", "P4M", "P122D", expires="2027-01-01T00:00Z")
    assert next_change_at(campaign, ms("2026-01-01T00:00Z"), "UTC") == ms("2027-01-01T00:00:00.001Z")


def test_a_gap_after_centuries_is_found() -> None:
    campaign = recurring("2020-03-25T00:00Z", "P11M30D", "P3M277D")
    change_ms = next_change_at(campaign, ms("2020-03-25T00:00Z"), "UTC")
    assert change_ms is not None
    assert activity_at(campaign, change_ms, "UTC") is OUTSIDE_TIMEFRAME


@pytest.mark.parametrize("days", [{7}, {-1}, {0, 8}])
def test_there_are_seven_days_of_the_week(days: set[int]) -> None:
    with pytest.raises(ScheduleError, match="0 for Sunday") as refused:
        CampaignSchedule(days_of_week=frozenset(days))
    assert refused.value.reason is DeadLetterReason.WRONG_TYPE


def test_a_timeframe_needs_a_start_date() -> None:
    with pytest.raises(ScheduleError, match="start date"):
        CampaignSchedule(timeframe=ValidityTimeframe(parse_duration("P2D"), parse_duration("P1D")))


def test_an_interval_leads_somewhere() -> None:
    with pytest.raises(ScheduleError, match="longer than nothing"):
        ValidityTimeframe(Duration(), parse_duration("P1D"))


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ZoneError):
        activity_at(CampaignSchedule(), WHENEVER, "Mars/Phobos")
    with pytest.raises(ZoneError):
        next_change_at(CampaignSchedule(), WHENEVER, "Mars/Phobos")


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_a_schedule_survives_its_encoding_and_the_ends_of_the_calendar(course: Course) -> None:
    assert msgpack.decode(msgpack.encode(course.campaign), type=CampaignSchedule) == course.campaign
    for at_ms in (FIRST_MS - 1, FIRST_MS, LAST_MS - 1, LAST_MS, LAST_MS + 1):
        assert activity_at(course.campaign, at_ms, course.zone) in Activity
        change_ms = next_change_at(course.campaign, at_ms, course.zone)
        assert change_ms is None or at_ms < change_ms < LAST_MS
