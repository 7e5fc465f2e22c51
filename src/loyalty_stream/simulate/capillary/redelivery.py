"""What comes again: the same event redelivered, and another event under the key of an earlier one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from loyalty_stream.simulate.capillary.stage import VendorEvent
from loyalty_stream.simulate.capillary.world import Json


def _with(data: Json, **fields: Any) -> Json:  # noqa: ANN401 - any JSON value
    return data | fields


def _first_row(data: Json, field: str, **fields: Any) -> Json:  # noqa: ANN401 - any JSON value
    rows = data[field]
    return data | {field: [rows[0] | fields, *rows[1:]]}


def _issued(data: Json) -> Json:
    return _with(data, regularPointsIssued=data["totalPointsIssued"] + 7)


def _redeemed(data: Json) -> Json:
    rows = data.get("redemptionFromEarningPrograms")
    if not rows:
        return _with(data, totalPointsRedeemed=data["totalPointsRedeemed"] + 7)
    return _first_row(data, "redemptionFromEarningPrograms", pointsRedeemed=rows[0]["pointsRedeemed"] + 7)


def _reversed(data: Json) -> Json:
    field = "redemptionReversalToEarningPrograms"
    row = data[field][0]
    details = row["redeemedPointsReversedDetails"]
    more = details | {"available": details["available"] + 7}
    return _first_row(
        data, field, redeemedPointsReversed=row["redeemedPointsReversed"] + 7, redeemedPointsReversedDetails=more
    )


def _coupon_issued(data: Json) -> Json:
    return _first_row(data, "coupons", valid_till=data["coupons"][0]["valid_till"] + 86_400_000)


def _coupon_redeemed(data: Json) -> Json:
    return _with(data, coupon=data["coupon"] | {"id": data["coupon"]["id"] + 50_000_000})


def _level(data: Json) -> Json:
    value = int(data["streakData"][0]["userCurrentStreakValue"])
    return _first_row(data, "streakData", userCurrentStreakValue=str(value + 7))


# Each changes a fact that no reading of the event could leave out.
_CONTRADICT: Final[dict[str, Callable[[Json], Json]]] = {
    "pointsIssued": _issued,
    "pointsRedeemed": _redeemed,
    "promisedToCurrentPointsConversion": lambda data: _with(data, pointsConverted=data["pointsConverted"] + 7),
    "pointsExpired": lambda data: _with(data, pointsExpired=data["pointsExpired"] + 7),
    "redeemedPointsReversed": _reversed,
    "tierUpgraded": lambda data: _with(data, upgradedTierNumber=data["upgradedTierNumber"] + 1),
    "tierDowngraded": lambda data: _with(data, downgradedTierNumber=data["downgradedTierNumber"] + 5),
    "CouponIssue": _coupon_issued,
    "CouponRedeem": _coupon_redeemed,
    "streakStart": lambda data: _first_row(data, "streakStartData", userStreakValueAtTheStart="7"),
    "streakEnd": lambda data: _first_row(
        data, "streakEndData", userStreakValueByTheEnd=77, numberOfLevelsAchievedByTheUser="9"
    ),
    "streakLevelAchieved": _level,
    "streakLevelUnAchieved": _level,
}


def can_contradict(event: VendorEvent) -> bool:
    """Tell whether an event has an id and a fact to contradict, and concerns one fact only."""
    if event.event_id is None or event.name not in _CONTRADICT:
        return False
    return event.name != "CouponIssue" or len(event.data["coupons"]) == 1


def contradict(event: VendorEvent) -> VendorEvent:
    """Return another event under the key of an earlier one."""
    return replace(event, data=_CONTRADICT[event.name](event.data))
