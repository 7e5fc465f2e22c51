"""Capillary's streak events. Source: DOMAIN 3.7. Numbers come as text here, which is the vendor's own way."""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Raw

from loyalty_stream.domains.streaks.events import (
    StreakCustomerEnrolled,
    StreakCustomerUnenrolled,
    StreakEnded,
    StreakEntry,
    StreakLevelAchieved,
    StreakLevelLost,
    StreakStarted,
)
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.activity import Activity
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Identifier,
    Ignored,
    Label,
    TextIdentifier,
    Wire,
    WrittenAmount,
    identifier,
    label,
    text_identifier,
    written_amount,
)


class Target(Wire):
    """The target that a streak counts."""

    id: Identifier | None = None
    targetGroupId: Identifier | None = None
    targetPeriodId: Identifier | None = None
    name: Ignored = NOT_GIVEN
    targetGroupName: Ignored = NOT_GIVEN
    targetPeriodName: Ignored = NOT_GIVEN


class StreakPart(Wire):
    """What an event says of one streak; each event fills in its own part of it."""

    streakName: Label
    streakId: TextIdentifier | None = None
    userStreakId: TextIdentifier | None = None
    userCurrentStreakValue: WrittenAmount = NULL
    userStreakValueAtTheStart: WrittenAmount = NULL
    userStreakValueByTheEnd: WrittenAmount = NULL
    streakLevelName: Label | None = None
    streakLevelAchievedDate: Label | None = None
    numberOfLevel: WrittenAmount = NULL
    numberOfLevelsAchievedByTheUser: WrittenAmount = NULL
    levelValues: Ignored = NOT_GIVEN
    levelsAchievedByTheUser: Ignored = NOT_GIVEN
    descriptionOfTheStreak: Ignored = NOT_GIVEN
    startDate: Ignored = NOT_GIVEN
    endDate: Ignored = NOT_GIVEN


class StreakData(CustomerData):
    """The data of every streak event; the list's name differs by event, the target's by age of the page."""

    streakData: list[StreakPart] | None = None
    streakEnrolmentData: list[StreakPart] | None = None
    streakUnEnrolmentData: list[StreakPart] | None = None
    streakStartData: list[StreakPart] | None = None
    streakEndData: list[StreakPart] | None = None
    targetData: list[Target] | None = None
    targetDetails: Target | None = None
    triggeringActivity: Activity | None = None


def _make(make: Callable[[tuple[StreakEntry, ...]], EventBody]) -> Callable[[StreakData, Header, Repairs], list[Part]]:
    """Return the reader of one streak event."""

    def read(data: StreakData, _header: Header, _repairs: Repairs) -> list[Part]:
        parts = _parts(data)
        if not parts:
            raise Problem(DeadLetterReason.MISSING_FIELD, "the event names no streak")
        return [Part(customer_of(data), make(tuple(_entry(part, _target(data)) for part in parts)))]

    return read


def _level_lost(data: StreakData, header: Header, repairs: Repairs) -> list[Part]:
    """Make StreakLevelLost with its cause: a return, where the activity is one."""
    activity = data.triggeringActivity
    cause = "return" if activity is not None and label(activity.name) == "ReturnBill" else None
    return _make(lambda entries: StreakLevelLost(entries, cause))(data, header, repairs)


def _parts(data: StreakData) -> Sequence[StreakPart]:
    return (
        data.streakData
        or data.streakEnrolmentData
        or data.streakUnEnrolmentData
        or data.streakStartData
        or data.streakEndData
        or ()
    )


def _target(data: StreakData) -> Target:
    return data.targetDetails or (data.targetData[0] if data.targetData else Target())


def _entry(part: StreakPart, target: Target) -> StreakEntry:
    value = next(
        (
            given
            for raw in (part.userCurrentStreakValue, part.userStreakValueAtTheStart, part.userStreakValueByTheEnd)
            if (given := written_amount(raw)) is not None
        ),
        None,
    )
    return StreakEntry(
        streak_name=label(part.streakName) or "",
        streak_id=text_identifier(part.streakId),
        user_streak_id=text_identifier(part.userStreakId),
        target_id=identifier(target.id),
        target_group_id=identifier(target.targetGroupId),
        target_period_id=identifier(target.targetPeriodId),
        value=value,
        level=label(part.streakLevelName),
        levels_total=_count(part.numberOfLevel),
        levels_achieved=_count(part.numberOfLevelsAchievedByTheUser),
        achieved_on=label(part.streakLevelAchievedDate),
    )


def _count(raw: Raw) -> int | None:
    number = written_amount(raw)
    if number is None:
        return None
    if number != int(number):
        raise Problem(DeadLetterReason.WRONG_TYPE, "a number of levels is not whole")
    return int(number)


def _streak_id(data: StreakData) -> str:
    """Return what names the event where the vendor gives no eventId: its target, period and streaks."""
    target = _target(data)
    return "|".join(
        [str(target.targetGroupId), str(target.targetPeriodId), *(part.streakName for part in _parts(data))]
    )


SPECS: Final = (
    Spec(
        "streakCustomerEnrolment",
        StreakData,
        _make(StreakCustomerEnrolled),
        _streak_id,
        makes=(StreakCustomerEnrolled,),
    ),
    Spec(
        "streakCustomerUnEnrolment",
        StreakData,
        _make(StreakCustomerUnenrolled),
        _streak_id,
        makes=(StreakCustomerUnenrolled,),
    ),
    Spec("streakStart", StreakData, _make(StreakStarted), _streak_id, makes=(StreakStarted,)),
    Spec("streakEnd", StreakData, _make(StreakEnded), _streak_id, makes=(StreakEnded,)),
    Spec("streakLevelAchieved", StreakData, _make(StreakLevelAchieved), _streak_id, makes=(StreakLevelAchieved,)),
    Spec("streakLevelUnAchieved", StreakData, _level_lost, _streak_id, makes=(StreakLevelLost,)),
)
