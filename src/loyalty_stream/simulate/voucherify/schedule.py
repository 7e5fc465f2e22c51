"""Whether a campaign is active by its object, or why not: a model of its own, from the vendor's reference.

Source: https://docs.voucherify.io/api-reference/campaigns/campaign-object.
"""

from datetime import timedelta
from typing import Final

from loyalty_stream.simulate.voucherify.times import local_time, milliseconds
from loyalty_stream.simulate.voucherify.world import Json

_UNFINISHED: Final = {"DRAFT": "draft", "IN_PROGRESS": "being_created", "FAILED": "creation_failed"}


def state_at(document: Json, at_ms: int, time_zone: str) -> str:
    """Return the effective state of a campaign at a moment."""
    return _switched(document) or _outside(document, at_ms, time_zone) or "active"


def _switched(document: Json) -> str | None:
    """Return the state that no passing of time changes, if a campaign is in one."""
    if document["creation_status"] in _UNFINISHED:
        return _UNFINISHED[document["creation_status"]]
    if document["vouchers_generation_status"] == "DRAFT":
        return "draft"
    return None if document["active"] else "disabled"


def _outside(document: Json, at_ms: int, time_zone: str) -> str | None:
    """Return what a moment is outside of, if it is outside of anything."""
    starts, expires = document["start_date"], document["expiration_date"]
    if starts is not None and at_ms < milliseconds(starts):
        return "not_started"
    if expires is not None and at_ms > milliseconds(expires):
        return "expired"
    days = document["validity_day_of_week"]
    if days and local_time(at_ms, time_zone).isoweekday() % 7 not in days:
        return "outside_weekdays"
    return None if _is_within(document, at_ms, time_zone) else "outside_timeframe"


def _is_within(document: Json, at_ms: int, time_zone: str) -> bool:
    """Return whether a moment lies in a recurrent period; those here begin at midnight and are of whole days."""
    frame = document["validity_timeframe"]
    if frame is None:
        return True
    begun = local_time(milliseconds(document["start_date"]), time_zone).replace(tzinfo=None)
    since = local_time(at_ms, time_zone).replace(tzinfo=None) - begun
    return since % _days(frame["interval"]) < _days(frame["duration"])


def _days(duration: str) -> timedelta:
    return timedelta(days=int(duration[1:-1]))
