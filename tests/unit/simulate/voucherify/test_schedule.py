from typing import Any

import pytest

from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.schedule import state_at
from loyalty_stream.simulate.voucherify.times import milliseconds
from loyalty_stream.simulate.voucherify.world import make_projects

MONDAY_NIGHT = milliseconds("2026-11-23T23:30:00.000Z")  # Tuesday in Stockholm, Monday in New York
STARTED = "2026-11-22T23:00:00.000Z"  # the beginning of Monday in Stockholm


@pytest.mark.parametrize(
    ("given", "time_zone", "state"),
    [
        ({}, "UTC", "active"),
        ({"creation_status": "DRAFT", "active": False}, "UTC", "draft"),
        ({"creation_status": "IN_PROGRESS"}, "UTC", "being_created"),
        ({"creation_status": "FAILED"}, "UTC", "creation_failed"),
        ({"creation_status": "MODIFYING"}, "UTC", "active"),
        ({"vouchers_generation_status": "DRAFT"}, "UTC", "draft"),
        ({"vouchers_generation_status": "FAILED"}, "UTC", "active"),
        ({"active": False}, "UTC", "disabled"),
        ({"start_date": "2026-11-23T23:30:00.001Z"}, "UTC", "not_started"),
        ({"start_date": "2026-11-23T23:30:00.000Z"}, "UTC", "active"),
        ({"expiration_date": "2026-11-23T23:30:00.000Z"}, "UTC", "active"),
        ({"expiration_date": "2026-11-23T23:29:59.999Z"}, "UTC", "expired"),
        ({"validity_day_of_week": [1]}, "Europe/Stockholm", "outside_weekdays"),
        ({"validity_day_of_week": [1]}, "America/New_York", "active"),
        (
            {"start_date": STARTED, "validity_timeframe": {"interval": "P2D", "duration": "P1D"}},
            "UTC",
            "outside_timeframe",
        ),
        (
            {"start_date": STARTED, "validity_timeframe": {"interval": "P3D", "duration": "P2D"}},
            "Europe/Stockholm",
            "active",
        ),
    ],
)
def test_what_speaks_against_a_campaign_first_names_its_state(
    given: dict[str, Any], time_zone: str, state: str
) -> None:
    document = make_projects(1)[0].coupons[0].document | given
    assert state_at(document, MONDAY_NIGHT, time_zone) == state


def test_moments_are_written_with_milliseconds() -> None:
    assert iso_text(MONDAY_NIGHT + 7) == "2026-11-23T23:30:00.007Z"
