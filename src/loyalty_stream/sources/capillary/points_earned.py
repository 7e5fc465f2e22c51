"""Capillary's events of points that are earned, and of such as are taken back."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from loyalty_stream.domains.points.events import (
    IssuedLot,
    IssueReversed,
    PointsIssued,
    PromisedPointsConverted,
    VendorTotals,
)
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Repairs
from loyalty_stream.sources.capillary.activity import Activity, activity_id
from loyalty_stream.sources.capillary.consistency import check_issue, check_return, ratio_of
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.points_shared import POINTS, Issue, Returned, issued_lots, returned, spelled
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
    required_identifier,
)


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


class IssuedData(CustomerData, kw_only=True):
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
    loyaltyProgramDetails: Checked = NULL


def issued(data: IssuedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make PointsIssued."""
    promised = [spelled(repairs, part.promisedPoints, part.points) for part in data.promisedPointsIssued or ()]
    issue = Issue(
        given_amount(data.regularPointsIssued),
        [IssuedLot(amount(part.points), part.expiryAt, "regular") for part in data.regularPointsBreakup or ()],
        [
            IssuedLot(
                spelled(repairs, part.promotionPoints), part.promotionPointsExpiryDate or part.ExpiryDate, "promotional"
            )
            for part in data.promotionalPointsIssued or ()
        ],
        promised,
        given_amount(data.totalPointsIssued),
    )
    listed = data.promotionalPointsIssued is not None and data.promisedPointsIssued is not None
    check_issue(repairs, issue, listed=listed)
    ratio = ratio_of(data.loyaltyProgramDetails)
    body = PointsIssued(
        required_identifier(data.loyaltyProgramId),
        POINTS,
        issued_lots(issue),
        sum(promised, ZERO),
        VendorTotals(given_number(data.programCurrentPoints), given_number(data.programLifetimePoints)),
        activity_id(data.triggeringActivity, "billid"),
        None if ratio is None or ratio < ZERO else ratio,
    )
    return (Part(customer_of(data), body),)


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
    own = Returned(
        given_amount(data.currentEventRegularPointsReturned),
        given_amount(data.currentEventPromisedPointsReturned),
        [part.promotionPoints for part in data.currentEventPromotionPointsReturnedDetails or ()],
    )
    check_return(
        repairs,
        own,
        data.currentEventTotalPointsReturned,
        listed=data.currentEventPromotionPointsReturnedDetails is not None,
    )
    active, promised = returned(
        repairs,
        own,
        Returned(
            given_amount(data.regularPointsReversed),
            given_amount(data.promisedPointsReversed),
            [part.promotionPoints for part in data.promotionalPointsReversed or ()],
        ),
        given_amount(data.totalIssuedPointsReversed),
    )
    body = IssueReversed(
        required_identifier(data.loyaltyProgramId),
        POINTS,
        active,
        promised,
        VendorTotals(given_number(data.programCurrentPoints), given_number(data.programLifetimePoints)),
        activity_id(data.triggeringActivity, "billid"),
    )
    return (Part(customer_of(data), body),)


def _bill(data: IssueReversedData) -> str:
    return activity_id(data.triggeringActivity, "billid") or ""


SPECS: Final = (
    Spec("pointsIssued", IssuedData, issued, makes=(PointsIssued,)),
    Spec("promisedToCurrentPointsConversion", ConvertedData, converted, makes=(PromisedPointsConverted,)),
    Spec("issuedPointsReversed", IssueReversedData, issue_reversed, _bill, makes=(IssueReversed,)),
)
