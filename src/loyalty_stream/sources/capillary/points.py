"""Capillary's points events. Sources: DOMAIN 3.2; the numbers to trust: DESIGN, "Points, to the letter"."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.points.events import (
    AccountCredit,
    AccountDebit,
    ExpiryMove,
    IssuedLot,
    IssueReversed,
    LotKind,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsExpiryMoved,
    PointsIssued,
    PointsRedeemed,
    PromisedPointsConverted,
    RedemptionReversed,
    VendorTotals,
)
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Problem, RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.activity import Activity, activity_id
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Identifier,
    Ignored,
    Name,
    Number,
    Wire,
    amount,
    given_amount,
    given_number,
    identifier,
    required_identifier,
    word,
)

POINTS: Final = "points"  # the currency of every account that is not an alternate one
Repairs = list[RepairKind]


class RegularPart(Wire):
    """Regular points that expire together."""

    points: Amount
    expiryAt: date | None = None


class PromotionPart(Wire):
    """Points of one promotion."""

    promotionPoints: Amount = NULL
    promotionPointsExpiryDate: date | None = None
    ExpiryDate: date | None = None
    promotionId: Ignored = NOT_GIVEN
    promotionName: Ignored = NOT_GIVEN
    promotionIdentifier: Ignored = NOT_GIVEN
    promotionType: Ignored = NOT_GIVEN


class PromisedPart(Wire):
    """Points promised for later; the vendor's page shows no sample, so both likely spellings are read."""

    promisedPoints: Amount = NULL
    points: Amount = NULL
    promisedPointsConversionDate: Ignored = NOT_GIVEN
    isExternalTriggerBased: Ignored = NOT_GIVEN
    promotionIdentifier: Ignored = NOT_GIVEN
    promotionId: Ignored = NOT_GIVEN
    promotionName: Ignored = NOT_GIVEN


class IssuedData(CustomerData):
    """The data of `pointsIssued`."""

    loyaltyProgramId: Identifier
    programCurrentPoints: Number = NULL
    programLifetimePoints: Number = NULL
    totalPointsIssued: Amount = NULL
    regularPointsIssued: Amount = NULL
    regularPointsBreakup: list[RegularPart] | None = None
    promotionalPointsIssued: list[PromotionPart] | None = None
    promisedPointsIssued: list[PromisedPart] | None = None
    triggeringActivity: Activity | None = None
    behavioralEventAttributes: Ignored = NOT_GIVEN


def issued(data: IssuedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make PointsIssued; regular is `regularPointsIssued` or the breakup's sum, where that is larger."""
    lots = [IssuedLot(amount(part.points), part.expiryAt, "regular") for part in data.regularPointsBreakup or ()]
    broken_up = sum((lot.amount for lot in lots), ZERO)
    regular, total = given_amount(data.regularPointsIssued), given_amount(data.totalPointsIssued)
    promotional = [
        IssuedLot(
            _spelled(repairs, part.promotionPoints), part.promotionPointsExpiryDate or part.ExpiryDate, "promotional"
        )
        for part in data.promotionalPointsIssued or ()
    ]
    promised = [_spelled(repairs, part.promisedPoints, part.points) for part in data.promisedPointsIssued or ()]
    if regular is None and not lots and not promotional and not promised:
        if total is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "none of the amounts of an issue is there")
        regular = total
    if regular is not None and regular > broken_up:
        lots.append(IssuedLot(regular - broken_up, None, "regular"))
    body = PointsIssued(
        required_identifier(data.loyaltyProgramId),
        POINTS,
        (*lots, *promotional),
        sum(promised, ZERO),
        VendorTotals(given_number(data.programCurrentPoints), given_number(data.programLifetimePoints)),
        activity_id(data.triggeringActivity, "billid"),
    )
    return (Part(customer_of(data), body),)


class RedeemedFrom(Wire):
    """What a redemption took from one earning programme."""

    programId: Identifier
    pointsRedeemed: Amount
    programCurrentPoints: Number = NULL


class RedeemedData(CustomerData):
    """The data of `pointsRedeemed`."""

    loyaltyProgramId: Identifier
    totalPointsRedeemed: Amount = NULL
    redemptionSummaryId: Identifier | None = None
    redemptionFromEarningPrograms: list[RedeemedFrom] | None = None
    triggeringActivity: Activity | None = None
    redeemedPointsCurrencyValue: Ignored = NOT_GIVEN
    redemptionNotes: Ignored = NOT_GIVEN
    redemptionBillNumber: Ignored = NOT_GIVEN
    isGroupRedemption: Ignored = NOT_GIVEN


def redeemed(data: RedeemedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PointsRedeemed; the earning programmes are debited, where they are named."""
    debits = tuple(
        AccountDebit(
            required_identifier(part.programId),
            amount(part.pointsRedeemed),
            VendorTotals(given_number(part.programCurrentPoints)),
        )
        for part in data.redemptionFromEarningPrograms or ()
    )
    total = given_amount(data.totalPointsRedeemed)
    if not debits:
        if total is None:
            raise Problem(
                DeadLetterReason.MISSING_FIELD, "neither the programmes nor the total of a redemption is there"
            )
        debits = (AccountDebit(required_identifier(data.loyaltyProgramId), total, VendorTotals()),)
    references = _references(data.triggeringActivity, data.redemptionSummaryId)
    return (Part(customer_of(data), PointsRedeemed(POINTS, debits, references)),)


class EarningActivity(Wire):
    """An activity that earned converted points; its own amount may be zero beside the total."""

    name: Ignored = NOT_GIVEN
    enteredAt: Ignored = NOT_GIVEN
    pointsConverted: Ignored = NOT_GIVEN
    identifiers: Ignored = NOT_GIVEN


class ConvertedData(CustomerData):
    """The data of `promisedToCurrentPointsConversion`."""

    loyaltyProgramId: Identifier
    pointsConverted: Amount
    programCurrentPoints: Number = NULL
    programLifetimePoints: Number = NULL
    earningActivityReference: list[EarningActivity] | None = None
    pointsConversionSource: Ignored = NOT_GIVEN
    pointsConvertedBreakup: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def converted(data: ConvertedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PromisedPointsConverted of the total; the per-activity amounts may be zero beside it."""
    totals = VendorTotals(given_number(data.programCurrentPoints), given_number(data.programLifetimePoints))
    body = PromisedPointsConverted(
        required_identifier(data.loyaltyProgramId), POINTS, amount(data.pointsConverted), totals
    )
    return (Part(customer_of(data), body),)


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


class ReversedDetails(Wire):
    """Which part of a reversed redemption is spendable again."""

    available: Amount = NULL
    expired: Ignored = NOT_GIVEN


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


def redemption_reversed(data: RedemptionReversedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RedemptionReversed of what is available again; the part that has expired meanwhile stays away."""
    given_back = tuple(
        AccountCredit(
            required_identifier(part.programId), _available(part), VendorTotals(given_number(part.programCurrentPoints))
        )
        for part in data.redemptionReversalToEarningPrograms or ()
    ) or (AccountCredit(required_identifier(data.loyaltyProgramId), _available(data), VendorTotals()),)
    references = _references(data.triggeringActivity, data.redemptionSummaryId)
    return (Part(customer_of(data), RedemptionReversed(POINTS, given_back, references)),)


class ReturnedPromotion(Wire):
    """Points of one promotion that a return takes back."""

    promotionPoints: Amount = NULL
    promotionId: Ignored = NOT_GIVEN
    promotionName: Ignored = NOT_GIVEN
    promotionIdentifier: Ignored = NOT_GIVEN
    promotionType: Ignored = NOT_GIVEN
    promotionPointsExpiryDate: Ignored = NOT_GIVEN


class IssueReversedData(CustomerData):
    """The data of `issuedPointsReversed`."""

    loyaltyProgramId: Identifier
    programCurrentPoints: Number = NULL
    programLifetimePoints: Number = NULL
    totalIssuedPointsReversed: Amount = NULL
    regularPointsReversed: Amount = NULL
    promisedPointsReversed: Amount = NULL
    promotionalPointsReversed: list[ReturnedPromotion] | None = None
    currentEventPromisedPointsReturned: Amount = NULL
    currentEventRegularPointsReturned: Amount = NULL
    currentEventTotalPointsReturned: Amount = NULL
    currentEventPromotionPointsReturnedDetails: list[ReturnedPromotion] | None = None
    triggeringActivity: Activity | None = None


def issue_reversed(data: IssueReversedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make IssueReversed of this event's own amounts; the cumulative ones stand in where those are absent."""
    regular, promised = (
        given_amount(data.currentEventRegularPointsReturned),
        given_amount(data.currentEventPromisedPointsReturned),
    )
    promotions = data.currentEventPromotionPointsReturnedDetails
    if regular is None and promised is None and not promotions:
        regular, promised = given_amount(data.regularPointsReversed), given_amount(data.promisedPointsReversed)
        promotions = data.promotionalPointsReversed
    if regular is None and promised is None and not promotions:
        regular = given_amount(data.totalIssuedPointsReversed)
        if regular is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "none of the amounts of a reversed issue is there")
    active = sum((_spelled(repairs, part.promotionPoints) for part in promotions or ()), regular or ZERO)
    body = IssueReversed(
        required_identifier(data.loyaltyProgramId),
        POINTS,
        active,
        promised or ZERO,
        VendorTotals(given_number(data.programCurrentPoints), given_number(data.programLifetimePoints)),
        activity_id(data.triggeringActivity, "billid"),
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


def _spelled(repairs: Repairs, *spellings: Amount) -> Decimal:
    """Return the first of an amount's spellings that is there; none is zero and a counted warning."""
    for raw in spellings:
        given = given_amount(raw)
        if given is not None:
            return given
    repairs.append(RepairKind.UNKNOWN_SPELLING)
    return ZERO


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


def _bill(data: IssueReversedData) -> str:
    return activity_id(data.triggeringActivity, "billid") or ""


SPECS: Final = (
    Spec("pointsIssued", IssuedData, issued),
    Spec("pointsRedeemed", RedeemedData, redeemed),
    Spec("promisedToCurrentPointsConversion", ConvertedData, converted),
    Spec("pointsExpired", ExpiredData, expired),
    Spec("pointsExpiryReminder", ReminderData, expiry_announced),
    Spec("redeemedPointsReversed", RedemptionReversedData, redemption_reversed),
    Spec("issuedPointsReversed", IssueReversedData, issue_reversed, _bill),
    Spec("singlePointsExpiryUpdated", ExpiryMovedData, expiry_moved),
)
