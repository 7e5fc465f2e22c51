"""Capillary's events of points that are spent, and of such as are given back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.points.events import (
    AccountCredit,
    AccountDebit,
    PointsRedeemed,
    RedemptionReversed,
    VendorTotals,
)
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.activity import Activity, activity_id
from loyalty_stream.sources.capillary.consistency import check_currency_value, check_reversal
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.points_shared import POINTS
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Checked,
    Identifier,
    Ignored,
    Number,
    Wire,
    amount,
    given_amount,
    given_number,
    identifier,
    required_identifier,
)


class RedeemedFrom(Wire):
    """What a redemption took from one earning programme."""

    programId: Identifier
    pointsRedeemed: Amount
    programCurrentPoints: Number = NULL


class RedeemedData(CustomerData, kw_only=True):
    """The data of `pointsRedeemed`."""

    loyaltyProgramId: Identifier
    totalPointsRedeemed: Amount = NULL
    redemptionSummaryId: Identifier | None = None
    redemptionFromEarningPrograms: list[RedeemedFrom] | None = None
    triggeringActivity: Activity | None = None
    redeemedPointsCurrencyValue: Checked = NULL
    loyaltyProgramDetails: Checked = NULL
    redemptionNotes: Ignored = NOT_GIVEN
    redemptionBillNumber: Ignored = NOT_GIVEN
    isGroupRedemption: Ignored = NOT_GIVEN


def redeemed(data: RedeemedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make PointsRedeemed; the earning programmes are debited, where they are named."""
    debits = debits_of(data.redemptionFromEarningPrograms)
    total = given_amount(data.totalPointsRedeemed)
    if not debits:
        if total is None:
            raise Problem(
                DeadLetterReason.MISSING_FIELD, "neither the programmes nor the total of a redemption is there"
            )
        debits = (AccountDebit(required_identifier(data.loyaltyProgramId), total, VendorTotals()),)
    elif total is not None and sum([debit.amount for debit in debits], ZERO) != total:
        repairs.append(RepairKind.REDEMPTION_SUM)
    check_currency_value(repairs, data.redeemedPointsCurrencyValue, total, data.loyaltyProgramDetails)
    references = _references(data.triggeringActivity, data.redemptionSummaryId)
    return (Part(customer_of(data), PointsRedeemed(POINTS, debits, references)),)


def debits_of(parts: list[RedeemedFrom] | None) -> tuple[AccountDebit, ...]:
    """Return what each earning programme gave."""
    return tuple(
        AccountDebit(
            required_identifier(part.programId),
            amount(part.pointsRedeemed),
            VendorTotals(given_number(part.programCurrentPoints)),
        )
        for part in parts or ()
    )


class ReversedDetails(Wire):
    """Which part of a reversed redemption is spendable again."""

    available: Amount = NULL
    expired: Checked = NULL


class ReversedTo(Wire):
    """What a reversed redemption gives back to one earning programme."""

    programId: Identifier
    redeemedPointsReversed: Amount = NULL
    redeemedPointsReversedDetails: ReversedDetails | None = None
    programCurrentPoints: Number = NULL


class RedemptionReversedData(CustomerData):
    """The data of `redeemedPointsReversed`."""

    loyaltyProgramId: Identifier
    redeemedPointsReversed: Amount = NULL
    redeemedPointsReversedDetails: ReversedDetails | None = None
    redemptionSummaryId: Identifier | None = None
    redemptionReversalToEarningPrograms: list[ReversedTo] | None = None
    triggeringActivity: Activity | None = None


def redemption_reversed(data: RedemptionReversedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make RedemptionReversed of what is available again; the part that has expired meanwhile stays away."""
    for stated in (data, *(data.redemptionReversalToEarningPrograms or ())):
        details = stated.redeemedPointsReversedDetails
        if details is not None:
            check_reversal(repairs, details.available, details.expired, stated.redeemedPointsReversed)
    given_back = tuple(
        AccountCredit(
            required_identifier(part.programId), _available(part), VendorTotals(given_number(part.programCurrentPoints))
        )
        for part in data.redemptionReversalToEarningPrograms or ()
    ) or (AccountCredit(required_identifier(data.loyaltyProgramId), _available(data), VendorTotals()),)
    references = _references(data.triggeringActivity, data.redemptionSummaryId)
    return (Part(customer_of(data), RedemptionReversed(POINTS, given_back, references)),)


def _available(part: RedemptionReversedData | ReversedTo) -> Decimal:
    details = part.redeemedPointsReversedDetails
    available = given_amount(details.available) if details is not None else None
    if available is None:
        available = given_amount(part.redeemedPointsReversed)
    if available is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "redeemedPointsReversed is missing")
    return available


def _references(activity: Activity | None, summary_id: int | str | None) -> tuple[str, ...]:
    redemption_id, summary = activity_id(activity, "redemptionid"), identifier(summary_id)
    return tuple(ref for ref in (redemption_id, summary and f"summary:{summary}") if ref)


SPECS: Final = (
    Spec("pointsRedeemed", RedeemedData, redeemed, makes=(PointsRedeemed,)),
    Spec("redeemedPointsReversed", RedemptionReversedData, redemption_reversed, makes=(RedemptionReversed,)),
)
