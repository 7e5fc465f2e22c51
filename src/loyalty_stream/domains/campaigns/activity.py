"""Whether a campaign is active at an instant, and when that changes next.

What excludes more comes first: how far its creation has come, the switch, the dates, the days of the week, the
timeframe; the first that speaks against the campaign names its state. Days are those of the project's time zone: "All
time-related limits follow the time zone defined in your Project settings" (https://docs.voucherify.io/optimize/time-limits).

- A draft is not active: "Draft campaigns are inactive until their configuration is finished and saved", and "No codes
  are generated yet" (https://docs.voucherify.io/build/campaign-overview); either status says so. Nor is a campaign
  active whose own creation is in progress or has failed: it is not there yet. While its vouchers are still generated,
  or their generation has failed, and while it is modified, those that are there can be used. The docs are silent here.
- Both dates are inside: "inactive before" the one, "inactive after" the other.
- `activity_duration_after_publishing` is the time of one voucher: "The timer starts when the code is published, not
  when the campaign starts. This rule overrides campaign expiration dates" (time limits). So without the instant of a
  publication it says nothing, and the campaign's own dates hold; with one, the expiration date does not. A voucher is
  not active before it is published, nor before the campaign starts.
"""

from datetime import tzinfo
from enum import StrEnum

from loyalty_stream.domains.campaigns.schedule import CampaignSchedule, CreationStatus
from loyalty_stream.domains.campaigns.timeframe import Windows
from loyalty_stream.model.instants import FIRST_MS, LAST_MS, local_day, next_day_at, plus
from loyalty_stream.model.zones import zone_named


class Activity(StrEnum):
    """Whether a campaign is active, or else why not."""

    ACTIVE = "active"
    DRAFT = "draft"
    BEING_CREATED = "being_created"
    CREATION_FAILED = "creation_failed"
    DISABLED = "disabled"
    NOT_STARTED = "not_started"
    EXPIRED = "expired"
    OUTSIDE_WEEKDAYS = "outside_weekdays"
    OUTSIDE_TIMEFRAME = "outside_timeframe"


_LASTING = frozenset({Activity.DRAFT, Activity.BEING_CREATED, Activity.CREATION_FAILED, Activity.DISABLED})


def activity_at(campaign: CampaignSchedule, at_ms: int, zone_name: str) -> Activity:
    """Return whether a campaign is active at an instant, in milliseconds; raise ZoneError for an unknown zone."""
    zone = zone_named(zone_name)
    switched = _switched(campaign)
    if switched is not None:
        return switched
    if at_ms < _opens_at(campaign):
        return Activity.NOT_STARTED
    if at_ms >= _closes_at(campaign, zone):
        return Activity.EXPIRED
    if not _is_day_valid(campaign, at_ms, zone):
        return Activity.OUTSIDE_WEEKDAYS
    windows = _windows(campaign, zone)
    return Activity.ACTIVE if windows is None or windows.is_open(at_ms) else Activity.OUTSIDE_TIMEFRAME


def next_change_at(campaign: CampaignSchedule, after_ms: int, zone_name: str) -> int | None:
    """Return the first instant after another one, in milliseconds, at which `activity_at` answers otherwise.

    None where it never does until the calendar ends with the year 9999, or not until the campaign itself is changed.
    Raise ZoneError for an unknown zone. Windows are counted, not walked through, except where one joins the next.
    """
    zone = zone_named(zone_name)
    now = activity_at(campaign, after_ms, zone_name)
    if now in _LASTING or now is Activity.EXPIRED:
        return None
    if now is Activity.NOT_STARTED:
        return _within_calendar(_opens_at(campaign))
    change_ms = min(_closes_at(campaign, zone), _next_weekday_change(campaign, after_ms, zone))
    windows = _windows(campaign, zone)
    if windows is not None and now is not Activity.OUTSIDE_WEEKDAYS:
        change_ms = min(change_ms, windows.next_border(after_ms, change_ms))
    return _within_calendar(change_ms)


def _switched(campaign: CampaignSchedule) -> Activity | None:
    """Return the state that no passing of time changes, if the campaign is in one."""
    match campaign.creation_status:
        case CreationStatus.DRAFT:
            return Activity.DRAFT
        case CreationStatus.IN_PROGRESS:
            return Activity.BEING_CREATED
        case CreationStatus.FAILED:
            return Activity.CREATION_FAILED
    if campaign.vouchers_generation_status is CreationStatus.DRAFT:
        return Activity.DRAFT
    return None if campaign.active else Activity.DISABLED


def _opens_at(campaign: CampaignSchedule) -> int:
    starts_at_ms = FIRST_MS if campaign.starts_at_ms is None else campaign.starts_at_ms
    if campaign.activity_duration_after_publishing is None or campaign.published_at_ms is None:
        return starts_at_ms
    return max(starts_at_ms, campaign.published_at_ms)


def _closes_at(campaign: CampaignSchedule, zone: tzinfo) -> int:
    """Return the first instant, in milliseconds, that is too late."""
    if campaign.activity_duration_after_publishing is not None and campaign.published_at_ms is not None:
        return plus(campaign.published_at_ms, campaign.activity_duration_after_publishing, zone)
    return LAST_MS if campaign.expires_at_ms is None else campaign.expires_at_ms + 1


def _is_day_valid(campaign: CampaignSchedule, at_ms: int, zone: tzinfo) -> bool:
    return not campaign.days_of_week or local_day(at_ms, zone).isoweekday() % 7 in campaign.days_of_week


def _next_weekday_change(campaign: CampaignSchedule, after_ms: int, zone: tzinfo) -> int:
    """Return the next instant, in milliseconds, at which a valid day follows an invalid one or the other way round."""
    if len(campaign.days_of_week) in {0, 7}:
        return LAST_MS
    valid = _is_day_valid(campaign, after_ms, zone)
    at_ms = next_day_at(after_ms, zone)
    while at_ms < LAST_MS and _is_day_valid(campaign, at_ms, zone) is valid:
        at_ms = next_day_at(at_ms, zone)
    return at_ms


def _windows(campaign: CampaignSchedule, zone: tzinfo) -> Windows | None:
    if campaign.timeframe is None or campaign.starts_at_ms is None:
        return None
    return Windows(campaign.timeframe, campaign.starts_at_ms, zone)


def _within_calendar(at_ms: int) -> int | None:
    return at_ms if at_ms < LAST_MS else None
