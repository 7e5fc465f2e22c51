"""Targets as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.streaks.events import (
    TargetCustomerEnrolled,
    TargetEntry,
    TargetGroupAchieved,
    TargetGroupUnachieved,
    TargetPeriodCompleted,
    TargetPeriodStarted,
    TargetValueAchieved,
    TargetValueUpdated,
)
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, flat, only, rejected, wrapped

TARGET = {"id": 61, "targetGroupId": 62, "targetPeriodId": 63}
VALUES = {"achievedTargetValue": "14.000", "definedTargetValue": "1.000"}
ROW = {"targetId": 71, "targetPeriodId": 73, **VALUES}


def event(name: str = "targetAchievedValueUpdated", **data: object) -> dict[str, Any]:
    return flat(name, {**CUSTOMER, "targetDetails": TARGET, **data})


def unified(name: str = "unifiedTargetsAchieved", **data: object) -> dict[str, Any]:
    return flat(name, {**CUSTOMER, "unifiedTargetGroupDetails": {"targetGroupId": 70}, **data})


def entry(given: object) -> TargetEntry:
    (found,) = body_of(given).entries
    assert isinstance(found, TargetEntry)
    return found


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("targetAchievedValueUpdated", TargetValueUpdated),
        ("targetValueUpdated", TargetValueUpdated),
        ("targetValueAchieved", TargetValueAchieved),
        ("targetPeriodStarted", TargetPeriodStarted),
        ("targetPeriodCompleted", TargetPeriodCompleted),
        ("targetEnrolment", TargetCustomerEnrolled),
    ],
)
def test_each_event_of_a_target_has_the_same_shape(name: str, body: Any) -> None:  # noqa: ANN401 - a type of body
    assert body_of(event(name, **VALUES)) == body((TargetEntry("61", "62", "63", None, Decimal(14), Decimal(1)),))


@pytest.mark.parametrize("value", ["400", "400.000", 400, 400.0])
def test_a_return_is_a_decrease_however_its_value_is_written(value: object) -> None:
    given = event(currentEventTargetValue=value, **VALUES, triggeringActivity={"name": "ReturnBill"})
    assert entry(given).delta == -400


@pytest.mark.parametrize("activity", [{"name": "TransactionAdd"}, {"name": None}, {}, None])
def test_any_other_activity_is_an_increase(activity: object) -> None:
    assert entry(event(currentEventTargetValue="1", **VALUES, triggeringActivity=activity)).delta == 1


def test_a_return_of_nothing_is_zero() -> None:
    given = event(currentEventTargetValue="0", **VALUES, triggeringActivity={"name": "ReturnBill"})
    assert str(entry(given).delta) == "0"


def test_the_activitys_name_and_id_within_the_data_are_not_the_events() -> None:
    body = event(eventName="TransactionAdd", eventId=15, **VALUES)
    for given in (body, wrapped(dict(body))):
        found = only(given)
        assert (found.cause.event_name, found.cause.event_id) == ("targetAchievedValueUpdated", "e-1")


def test_without_an_event_id_the_activitys_is_not_taken() -> None:
    given = event(eventName="TransactionAdd", eventId=15, transactionId=70021, **VALUES) | {"apiRequestId": "r-1"}
    del given["eventId"]
    assert only(given).source_key == "capillary|9300|targetAchievedValueUpdated|~|r-1||5001|61|63|70021||"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("targetAchievedValueUpdated", {"definedTargetValue": "1"}),
        ("targetValueAchieved", {"currentEventTargetValue": "1"}),
        ("targetValueUpdated", {}),
    ],
)
def test_an_event_without_its_value_is_rejected(name: str, data: dict[str, Any]) -> None:
    assert rejected(event(name, **data)).reason is DeadLetterReason.MISSING_FIELD


@pytest.mark.parametrize("name", ["targetPeriodStarted", "targetPeriodCompleted", "targetEnrolment"])
def test_a_period_needs_no_value(name: str) -> None:
    assert entry(event(name)) == TargetEntry("61", "62", "63")


@pytest.mark.parametrize("target", [None, {"targetGroupId": 62}, {"id": -1}])
def test_an_event_without_its_target_is_rejected(target: object) -> None:
    assert rejected(event(targetDetails=target, **VALUES)).reason is DeadLetterReason.MISSING_FIELD


def test_a_value_that_is_no_number_is_rejected() -> None:
    assert rejected(event(achievedTargetValue="many")).reason is DeadLetterReason.WRONG_TYPE


@pytest.mark.parametrize(
    ("name", "body"),
    [("unifiedTargetsAchieved", TargetGroupAchieved), ("unifiedTargetsUnAchieved", TargetGroupUnachieved)],
)
def test_each_target_of_a_group_is_an_entry_with_its_values_as_stated(name: str, body: Any) -> None:  # noqa: ANN401
    other = {"targetId": 72, "achievedTargetValue": "3000.000", "definedTargetValue": "5000"}
    assert body_of(unified(name, targetData=[ROW, other])) == body(
        (
            TargetEntry("71", "70", "73", None, Decimal(14), Decimal(1)),
            TargetEntry("72", "70", None, None, Decimal(3000), Decimal(5000)),
        )
    )


def test_a_group_without_a_name_is_none() -> None:
    assert entry(unified(targetData=[ROW], unifiedTargetGroupDetails=None)).target_group_id is None


@pytest.mark.parametrize("rows", [None, [], [{"targetId": 71}], [ROW, {"targetId": 71}]])
def test_a_group_without_targets_or_without_their_values_is_rejected(rows: object) -> None:
    assert rejected(unified(targetData=rows)).reason is DeadLetterReason.MISSING_FIELD


def test_a_group_without_an_event_id_is_known_by_its_targets() -> None:
    given = unified(targetData=[ROW], transactionId=70021) | {"apiRequestId": "r-1"}
    del given["eventId"]
    assert only(given).source_key.endswith("|~|r-1||5001|70|70021|71|73||")
