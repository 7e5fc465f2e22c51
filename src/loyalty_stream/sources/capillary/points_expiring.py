"""Capillary's events of points that expire, are about to, or will do so on another day."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from loyalty_stream.domains.points.events import (
    ExpiryMove,
    LotKind,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsExpiryMoved,
)
from loyalty_stream.model.problem import Repairs
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.points_shared import POINTS
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Amount,
    Identifier,
    Ignored,
    Name,
    Wire,
    amount,
    required_identifier,
    word,
)


class ExpiredData(CustomerData):
    """The data of `pointsExpired`."""

    loyaltyProgramId: Identifier
    pointsExpired: Amount
    triggeringActivity: Ignored = NOT_GIVEN


def expired(data: ExpiredData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsExpired."""
    body = PointsExpired(required_identifier(data.loyaltyProgramId), POINTS, amount(data.pointsExpired))
    return (Part(customer_of(data), body),)


class ReminderData(CustomerData):
    """The data of `pointsExpiryReminder`."""

    loyaltyProgramId: Identifier
    pointsScheduledForExpiry: Amount
    scheduledExpiryDate: date | None = None
    triggeringActivity: Ignored = NOT_GIVEN


def expiry_announced(data: ReminderData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsExpiryAnnounced; nothing expires by a reminder."""
    body = PointsExpiryAnnounced(
        required_identifier(data.loyaltyProgramId),
        POINTS,
        amount(data.pointsScheduledForExpiry),
        data.scheduledExpiryDate,
    )
    return (Part(customer_of(data), body),)


class MovedPart(Wire):
    """Points whose expiry moves."""

    programId: Identifier
    points: Amount
    pointsType: Name | None = None
    oldExpiryDate: date | None = None
    newExpiryDate: date | None = None


class ExpiryMovedData(CustomerData):
    """The data of `singlePointsExpiryUpdated`."""

    updatedPointsExpiry: list[MovedPart]
    loyaltyProgramId: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def expiry_moved(data: ExpiryMovedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsExpiryMoved."""
    moves = tuple(
        ExpiryMove(
            required_identifier(part.programId),
            amount(part.points),
            _LOT_KINDS.get(word(part.pointsType or "")),
            part.oldExpiryDate,
            part.newExpiryDate,
        )
        for part in data.updatedPointsExpiry
    )
    return (Part(customer_of(data), PointsExpiryMoved(POINTS, moves)),)


_LOT_KINDS: Final[dict[str, LotKind]] = {"billRegular": "regular", "billPromotions": "promotional"}


SPECS: Final = (
    Spec("pointsExpired", ExpiredData, expired, makes=(PointsExpired,)),
    Spec("pointsExpiryReminder", ReminderData, expiry_announced, makes=(PointsExpiryAnnounced,)),
    Spec("singlePointsExpiryUpdated", ExpiryMovedData, expiry_moved, makes=(PointsExpiryMoved,)),
)
