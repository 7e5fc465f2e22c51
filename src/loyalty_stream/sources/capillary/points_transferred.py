"""Capillary's two events of a transfer: points that left one customer, and that came to another; see DOMAIN 3.2."""

from collections.abc import Sequence
from typing import Final

from loyalty_stream.domains.points.events import (
    NO_TOTALS,
    AccountDebit,
    PointsTransferredIn,
    PointsTransferredOut,
)
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.points_shared import POINTS
from loyalty_stream.sources.capillary.points_spent import RedeemedFrom, debits_of
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Identifier,
    Ignored,
    given_amount,
    required_identifier,
)


class InitiatedData(CustomerData):
    """The data of `pointsTransferredInitiated`."""

    loyaltyProgramId: Identifier
    totalPointsTransferred: Amount = NULL
    redemptionFromEarningPrograms: list[RedeemedFrom] | None = None
    transferReceivingCustomerIdentifiers: Ignored = NOT_GIVEN
    transferReceivingEntityInformation: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def initiated(data: InitiatedData, header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsTransferredOut; the earning programmes are debited, where they are named."""
    debits = debits_of(data.redemptionFromEarningPrograms)
    if not debits:
        total = given_amount(data.totalPointsTransferred)
        if total is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "neither the programmes nor the total of a transfer is there")
        debits = (AccountDebit(required_identifier(data.loyaltyProgramId), total, NO_TOTALS),)
    return (Part(customer_of(data), PointsTransferredOut(POINTS, debits, header.loyalty_event_id)),)


class ReceivedData(CustomerData):
    """The data of `pointsTransferredReceived`."""

    loyaltyProgramId: Identifier
    totalPointsTransferred: Amount
    transferInitiatingCustomerIdentifiers: Ignored = NOT_GIVEN
    transferInitiatingEntityInformation: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def received(data: ReceivedData, header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsTransferredIn."""
    amount = given_amount(data.totalPointsTransferred)
    if amount is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "totalPointsTransferred is missing")
    body = PointsTransferredIn(required_identifier(data.loyaltyProgramId), POINTS, amount, header.loyalty_event_id)
    return (Part(customer_of(data), body),)


SPECS: Final = (
    Spec("pointsTransferredInitiated", InitiatedData, initiated, makes=(PointsTransferredOut,)),
    Spec("pointsTransferredReceived", ReceivedData, received, makes=(PointsTransferredIn,)),
)
