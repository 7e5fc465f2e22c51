"""Capillary's events of alternate currencies: points by another name, each currency an account of its own.

Sources: DOMAIN 3.2 and 3.8, and the vendor's newer page of its loyalty events, which has other names for the lists. One
record speaks of several currencies; each gives a fact of its own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from loyalty_stream.domains.points.events import (
    IssuedLot,
    IssueReversed,
    PointsIssued,
    VendorTotals,
)
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.activity import Activity, activity_id
from loyalty_stream.sources.capillary.consistency import check_issue, check_return
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
    TextIdentifier,
    Wire,
    amount,
    given_amount,
    given_number,
    required_identifier,
    required_text_identifier,
)

NO_BILL: Final = "0"


class RegularPart(Wire):
    """Units that expire together."""

    alternateCurrencies: Amount
    expiryAt: date | None = None


class PromotionPart(Wire):
    """Units of one promotion."""

    promotionAlternateCurrencies: Amount = NULL
    promotionAlternateCurrenciesExpiryDate: date | None = None
    promotionId: Ignored = NOT_GIVEN
    promotionName: Ignored = NOT_GIVEN
    promotionIdentifier: Ignored = NOT_GIVEN
    promotionType: Ignored = NOT_GIVEN


class PromisedPart(Wire):
    """Units promised for later."""

    promisedAlternateCurrencies: Amount = NULL
    promisedAlternateCurrenciesConversionDate: Ignored = NOT_GIVEN
    isExternalTriggerBased: Ignored = NOT_GIVEN
    promotionIdentifier: Ignored = NOT_GIVEN


class Currency(Wire, kw_only=True):
    """What every event says of one currency; the vendor's totals are those after the event."""

    alternateCurrencyIdentifier: TextIdentifier
    programCurrentAlternateCurrencies: Number = NULL
    programLifetimeAlternateCurrencies: Number = NULL
    alternateCurrencyName: Ignored = NOT_GIVEN


class IssuedCurrency(Currency):
    """What an issue says of one currency."""

    totalAlternateCurrenciesIssued: Amount = NULL
    regularAlternateCurrenciesIssued: Amount = NULL
    regularAlternateCurrenciesBreakup: list[RegularPart] | None = None
    promotionalAlternateCurrenciesIssued: list[PromotionPart] | None = None
    promisedAlternateCurrenciesIssued: list[PromisedPart] | None = None


class IssuedData(CustomerData):
    """The data of `alternateCurrenciesIssued`."""

    loyaltyProgramId: Identifier
    alternateCurrencies: list[IssuedCurrency] | None = None
    alternateCurrenciesIssuedData: list[IssuedCurrency] | None = None
    triggeringActivity: Activity | None = None


def issued(data: IssuedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make PointsIssued for each currency, by the rule of points."""
    program_id, bill = required_identifier(data.loyaltyProgramId), _bill_of(data.triggeringActivity)
    return parts_of(
        data,
        (
            _issued(program_id, bill, each, repairs)
            for each in data.alternateCurrencies or data.alternateCurrenciesIssuedData or ()
        ),
    )


def _issued(program_id: str, bill: str | None, each: IssuedCurrency, repairs: Repairs) -> tuple[str, EventBody]:
    currency = currency_of(each.alternateCurrencyIdentifier)
    promised = [
        spelled(repairs, part.promisedAlternateCurrencies) for part in each.promisedAlternateCurrenciesIssued or ()
    ]
    issue = Issue(
        given_amount(each.regularAlternateCurrenciesIssued),
        [
            IssuedLot(amount(part.alternateCurrencies), part.expiryAt, "regular")
            for part in each.regularAlternateCurrenciesBreakup or ()
        ],
        [
            IssuedLot(
                spelled(repairs, part.promotionAlternateCurrencies),
                part.promotionAlternateCurrenciesExpiryDate,
                "promotional",
            )
            for part in each.promotionalAlternateCurrenciesIssued or ()
        ],
        promised,
        given_amount(each.totalAlternateCurrenciesIssued),
    )
    listed = (
        each.promotionalAlternateCurrenciesIssued is not None and each.promisedAlternateCurrenciesIssued is not None
    )
    check_issue(repairs, issue, listed=listed)
    body = PointsIssued(program_id, currency, issued_lots(issue), sum(promised, ZERO), _totals(each), bill)
    return currency, body


class ReturnedPromotion(Wire):
    """Units of one promotion that a return takes back."""

    promotionAlternateCurrencies: Amount = NULL
    promotionId: Ignored = NOT_GIVEN
    promotionName: Ignored = NOT_GIVEN
    promotionIdentifier: Ignored = NOT_GIVEN
    promotionType: Ignored = NOT_GIVEN


class ReversedCurrency(Currency):
    """What a reversed issue says of one currency."""

    currentEventRegularAlternateCurrenciesReturned: Amount = NULL
    currentEventPromisedAlternateCurrenciesReturned: Amount = NULL
    currentEventPromotionAlternateCurrenciesReturnedDetails: list[ReturnedPromotion] | None = None
    regularAlternateCurrenciesReversed: Amount = NULL
    promisedAlternateCurrenciesReversed: Amount = NULL
    promotionalAlternateCurrenciesReversed: list[ReturnedPromotion] | None = None
    totalAlternateCurrenciesReversed: Amount = NULL
    totalIssuedAlternateCurrenciesReversed: Amount = NULL
    currentEventTotalAlternateCurrenciesReturned: Checked = NULL


class ReversedData(CustomerData):
    """The data of `issuedAlternateCurrenciesReversed`."""

    loyaltyProgramId: Identifier
    alternateCurrencies: list[ReversedCurrency] | None = None
    alternateCurrenciesReversedData: list[ReversedCurrency] | None = None
    triggeringActivity: Activity | None = None


def issue_reversed(data: ReversedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make IssueReversed for each currency, by the rule of points."""
    program_id, bill = required_identifier(data.loyaltyProgramId), _bill_of(data.triggeringActivity)
    return parts_of(
        data,
        (
            _reversed(program_id, bill, each, repairs)
            for each in data.alternateCurrencies or data.alternateCurrenciesReversedData or ()
        ),
    )


def _reversed(program_id: str, bill: str | None, each: ReversedCurrency, repairs: Repairs) -> tuple[str, EventBody]:
    currency = currency_of(each.alternateCurrencyIdentifier)
    total = given_amount(each.totalAlternateCurrenciesReversed)
    own_promotions = each.currentEventPromotionAlternateCurrenciesReturnedDetails
    own = Returned(
        given_amount(each.currentEventRegularAlternateCurrenciesReturned),
        given_amount(each.currentEventPromisedAlternateCurrenciesReturned),
        [part.promotionAlternateCurrencies for part in own_promotions or ()],
    )
    own_total = each.currentEventTotalAlternateCurrenciesReturned
    check_return(repairs, own, own_total, listed=own_promotions is not None)
    active, promised = returned(
        repairs,
        own,
        Returned(
            given_amount(each.regularAlternateCurrenciesReversed),
            given_amount(each.promisedAlternateCurrenciesReversed),
            [part.promotionAlternateCurrencies for part in each.promotionalAlternateCurrenciesReversed or ()],
        ),
        given_amount(each.totalIssuedAlternateCurrenciesReversed) if total is None else total,
    )
    return currency, IssueReversed(program_id, currency, active, promised, _totals(each), bill)


def parts_of(data: CustomerData, bodies: Iterable[tuple[str, EventBody]]) -> list[Part]:
    """Return a part for each currency; one that stands twice is two parts."""
    customer_id, seen = customer_of(data), Counter[str]()
    parts: list[Part] = []
    for name, body in bodies:
        seen[name] += 1
        parts.append(Part(customer_id, body, name if seen[name] == 1 else f"{name}#{seen[name]}"))
    if not parts:
        raise Problem(DeadLetterReason.MISSING_FIELD, "the event names no currency")
    return parts


def currency_of(value: int | str) -> str:
    """Return a currency's id; raise Problem where it would be taken for the points themselves."""
    currency = required_text_identifier(value)
    if currency == POINTS:
        raise Problem(DeadLetterReason.WRONG_TYPE, "an alternate currency has the name of the points themselves")
    return currency


def _totals(each: Currency) -> VendorTotals:
    return VendorTotals(
        given_number(each.programCurrentAlternateCurrencies), given_number(each.programLifetimeAlternateCurrencies)
    )


def _bill_of(activity: Activity | None) -> str | None:
    bill = activity_id(activity, "billid")
    return None if bill == NO_BILL else bill


def _bill(data: ReversedData) -> str:
    return _bill_of(data.triggeringActivity) or ""


SPECS: Final = (
    Spec("alternateCurrenciesIssued", IssuedData, issued, makes=(PointsIssued,)),
    Spec("issuedAlternateCurrenciesReversed", ReversedData, issue_reversed, _bill, makes=(IssueReversed,)),
)
