"""Capillary's target (milestone) events. Sources: DOMAIN 3.7, and the vendor's newer page of its loyalty events.

Numbers come as text, which is the vendor's own way. A return comes with a positive number too: the activity's name,
`ReturnBill`, makes it a decrease. `eventName` and `eventId` within the data are the activity's, not the event's.

Of targetValueUpdated, targetPeriodStarted and targetPeriodCompleted the newer page shows the fields with values made
up: the shapes are the vendor's, the meaning is ours. Of an enrolment there is but a heading: its name and its shape
(that of the others) are UNVERIFIED.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

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
    Wire,
    WrittenAmount,
    identifier,
    label,
    required_identifier,
    written_amount,
)

Entries = tuple[TargetEntry, ...]


class TargetDetails(Wire):
    """The target of an event."""

    id: Identifier
    targetGroupId: Identifier | None = None
    targetPeriodId: Identifier | None = None
    name: Ignored = NOT_GIVEN
    targetGroupName: Ignored = NOT_GIVEN
    targetPeriodName: Ignored = NOT_GIVEN
    description: Ignored = NOT_GIVEN


class TargetData(CustomerData):
    """The data of every event about one target; some leave values out."""

    targetDetails: TargetDetails
    currentEventTargetValue: WrittenAmount = NULL
    achievedTargetValue: WrittenAmount = NULL
    definedTargetValue: WrittenAmount = NULL
    transactionId: Identifier | None = None
    triggeringActivity: Activity | None = None
    eventName: Ignored = NOT_GIVEN
    eventId: Ignored = NOT_GIVEN
    returnId: Ignored = NOT_GIVEN
    milestoneDetails: Ignored = NOT_GIVEN


class TargetRow(Wire):
    """One target of a unified group."""

    targetId: Identifier
    targetPeriodId: Identifier | None = None
    achievedTargetValue: WrittenAmount = NULL
    definedTargetValue: WrittenAmount = NULL
    targetName: Ignored = NOT_GIVEN
    targetPeriodName: Ignored = NOT_GIVEN


class UnifiedGroup(Wire):
    """A unified group of targets; what makes it achieved is the vendor's to judge."""

    targetGroupId: Identifier | None = None
    targetGroupName: Ignored = NOT_GIVEN
    unifiedTargetsAchievementCondition: Ignored = NOT_GIVEN


class UnifiedData(CustomerData):
    """The data of every event about a unified group of targets."""

    targetData: list[TargetRow] | None = None
    unifiedTargetGroupDetails: UnifiedGroup | None = None
    transactionId: Identifier | None = None
    triggeringActivity: Ignored = NOT_GIVEN


def _one(make: Callable[[Entries], EventBody], *needs: str) -> Callable[[TargetData, Header, Repairs], list[Part]]:
    """Return the reader of an event about one target, which must state one of the values that it `needs`."""

    def read(data: TargetData, _header: Header, _repairs: Repairs) -> list[Part]:
        target = data.targetDetails
        entry = TargetEntry(
            required_identifier(target.id),
            identifier(target.targetGroupId),
            identifier(target.targetPeriodId),
            _delta(data),
            written_amount(data.achievedTargetValue),
            written_amount(data.definedTargetValue),
        )
        if needs and all(getattr(entry, need) is None for need in needs):
            raise Problem(DeadLetterReason.MISSING_FIELD, "the event states no value of its target")
        return [Part(customer_of(data), make((entry,)))]

    return read


def _delta(data: TargetData) -> Decimal | None:
    """Return what the event added: the vendor writes a decrease as a positive number too."""
    delta, activity = written_amount(data.currentEventTargetValue), data.triggeringActivity
    if not delta or activity is None or label(activity.name) != "ReturnBill":
        return delta
    return -delta


def _unified(make: Callable[[Entries], EventBody]) -> Callable[[UnifiedData, Header, Repairs], list[Part]]:
    """Return the reader of an event about a unified group: an entry for each row, its values as stated."""

    def read(data: UnifiedData, _header: Header, _repairs: Repairs) -> list[Part]:
        group = data.unifiedTargetGroupDetails or UnifiedGroup()
        entries = tuple(
            TargetEntry(
                required_identifier(row.targetId),
                identifier(group.targetGroupId),
                identifier(row.targetPeriodId),
                None,
                written_amount(row.achievedTargetValue),
                written_amount(row.definedTargetValue),
            )
            for row in data.targetData or ()
        )
        if not entries:
            raise Problem(DeadLetterReason.MISSING_FIELD, "the event names no target")
        if any(entry.achieved is None for entry in entries):
            raise Problem(DeadLetterReason.MISSING_FIELD, "achievedTargetValue is missing")
        return [Part(customer_of(data), make(entries))]

    return read


def _target_id(data: TargetData) -> str:
    target = data.targetDetails
    return f"{target.id}|{target.targetPeriodId}|{data.transactionId}"


def _group_id(data: UnifiedData) -> str:
    group = data.unifiedTargetGroupDetails or UnifiedGroup()
    rows = (f"{row.targetId}|{row.targetPeriodId}" for row in data.targetData or ())
    return "|".join([str(group.targetGroupId), str(data.transactionId), *rows])


SPECS: Final = (
    Spec(
        "targetAchievedValueUpdated",
        TargetData,
        _one(TargetValueUpdated, "achieved"),
        _target_id,
        makes=(TargetValueUpdated,),
    ),
    Spec(
        "targetValueUpdated",
        TargetData,
        _one(TargetValueUpdated, "achieved", "defined"),
        _target_id,
        makes=(TargetValueUpdated,),
    ),
    Spec(
        "targetValueAchieved",
        TargetData,
        _one(TargetValueAchieved, "achieved"),
        _target_id,
        makes=(TargetValueAchieved,),
    ),
    Spec("targetPeriodStarted", TargetData, _one(TargetPeriodStarted), _target_id, makes=(TargetPeriodStarted,)),
    Spec("targetPeriodCompleted", TargetData, _one(TargetPeriodCompleted), _target_id, makes=(TargetPeriodCompleted,)),
    Spec("targetEnrolment", TargetData, _one(TargetCustomerEnrolled), _target_id, makes=(TargetCustomerEnrolled,)),
)
UNIFIED_SPECS: Final = (
    Spec("unifiedTargetsAchieved", UnifiedData, _unified(TargetGroupAchieved), _group_id, makes=(TargetGroupAchieved,)),
    Spec(
        "unifiedTargetsUnAchieved",
        UnifiedData,
        _unified(TargetGroupUnachieved),
        _group_id,
        makes=(TargetGroupUnachieved,),
    ),
)
