"""Voucherify's activities of points on a loyalty card. Source: DOMAIN section 4.

One grant may be reported by several activities. Its fact is named by its transaction and is the same whichever reports
it; what the card holds after it travels as a second fact, BalanceStated, named by the activity. The totals of an
expiry and of a transfer are compared for active points only: the vendor's samples take expired points out of the total.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from loyalty_stream.domains.points.events import (
    NO_TOTALS,
    AccountDebit,
    BalanceStated,
    IssuedLot,
    PointsAdjusted,
    PointsExpired,
    PointsIssued,
    PointsTransferredIn,
    PointsTransferredOut,
    PromisedPointsConverted,
    VendorTotals,
)
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import Customer, CustomerData, first_customer, id_of
from loyalty_stream.sources.voucherify.spec import Fact, Spec
from loyalty_stream.sources.voucherify.transactions import Balance, Booking, Transaction
from loyalty_stream.sources.voucherify.vouchers import POINTS, Campaign, Voucher, program_of
from loyalty_stream.sources.wire import NOT_GIVEN, NULL, Anything, Ignored, Number, Wire, given_number

if TYPE_CHECKING:
    from loyalty_stream.model.events import EventBody

ACTIVATION: Final = "PENDING_POINTS_ACTIVATION"
STATED: Final = "stated"


class CardData(CustomerData, kw_only=True):
    """What every activity of a card holds."""

    campaign: Campaign | None = None
    voucher: Voucher | None = None
    balance: Balance | None = None
    transaction: Transaction | None = None
    order: Ignored = NOT_GIVEN


class PendingPeriod(Wire):
    """How long a rule's points are pending; that there is a period says that they are."""

    period_type: Ignored = NOT_GIVEN
    period_value: Ignored = NOT_GIVEN


class EarningRule(Wire):
    """The rule that points were earned by."""

    pending_points: PendingPeriod | None = None
    id: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN
    loyalty: Ignored = NOT_GIVEN
    event: Ignored = NOT_GIVEN
    custom_event: Ignored = NOT_GIVEN
    segment: Ignored = NOT_GIVEN
    loyalty_tier: Ignored = NOT_GIVEN
    source: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN
    automation_id: Ignored = NOT_GIVEN
    start_date: Ignored = NOT_GIVEN
    expiration_date: Ignored = NOT_GIVEN
    validity_timeframe: Ignored = NOT_GIVEN
    validity_day_of_week: Ignored = NOT_GIVEN
    validity_hours: Ignored = NOT_GIVEN
    validation_rule_id: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    active: Ignored = NOT_GIVEN


class RewardedData(CardData):
    """The data of `customer.rewarded.loyalty_points`; the holder's card got the points."""

    holder: Customer | None = None
    earning_rule: EarningRule | None = None
    loyalty_tier: Ignored = NOT_GIVEN
    event: Ignored = NOT_GIVEN
    publication: Ignored = NOT_GIVEN


def added(data: CardData, header: Header) -> Sequence[Fact]:
    """Make PointsIssued, PointsAdjusted of points below zero, or PromisedPointsConverted of an activation."""
    booking = Booking(data.transaction, data.balance, header)
    return _earned(data, booking, id_of(data.customer))


def rewarded(data: RewardedData, header: Header) -> Sequence[Fact]:
    """Make the same; nothing of a rule whose points are pending, as these are told by an activity of their own."""
    booking = Booking(data.transaction, data.balance, header)
    pending = data.earning_rule is not None and data.earning_rule.pending_points is not None
    if pending and booking.transaction_id is None:
        return ()
    return _earned(data, booking, first_customer(id_of(data.holder), id_of(data.customer)))


def _earned(data: CardData, booking: Booking, customer_id: str | None) -> Sequence[Fact]:
    owner, program_id = first_customer(customer_id), program_of(data.campaign, data.voucher, booking.campaign_id)
    fact = Fact(owner, _movement(booking, program_id), booking.name, booking.at)
    return with_totals(fact, program_id, booking.totals())


def _movement(booking: Booking, program_id: str) -> "EventBody":
    points = booking.points()
    if booking.kind == ACTIVATION:
        return PromisedPointsConverted(program_id, POINTS, abs(points), NO_TOTALS)
    if points < ZERO:
        return PointsAdjusted(POINTS, (AccountDebit(program_id, -points, NO_TOTALS),))
    return PointsIssued(program_id, POINTS, (IssuedLot(points, None, "regular"),), ZERO, NO_TOTALS)


def with_totals(fact: Fact, program_id: str, totals: VendorTotals | None) -> Sequence[Fact]:
    """Return a booking and, where it is said, what the account holds after it."""
    if totals is None:
        return (fact,)
    return (fact, Fact(fact.customer_id, BalanceStated(program_id, POINTS, totals), at=fact.at, suffix=STATED))


class ExpiredData(CardData):
    """The data of `customer.voucher.loyalty_card.points_expired`."""

    points: Number = NULL
    buckets: Ignored = NOT_GIVEN


def expired(data: ExpiredData, header: Header) -> Sequence[Fact]:
    """Make PointsExpired."""
    booking = Booking(data.transaction, data.balance, header)
    points = given_number(data.points)
    program_id = program_of(data.campaign, data.voucher, booking.campaign_id)
    body = PointsExpired(program_id, POINTS, abs(booking.points() if points is None else points))
    fact = Fact(first_customer(id_of(data.customer)), body, booking.name, booking.at)
    return with_totals(fact, program_id, _active_only(booking.totals()))


class TransferredData(CardData):
    """The data of `customer.voucher.loyalty_card.points_transferred`, one for each of the two cards."""

    source_voucher: Ignored = NOT_GIVEN
    destination_voucher: Ignored = NOT_GIVEN


def transferred(data: TransferredData, header: Header) -> Sequence[Fact]:
    """Make PointsTransferredOut of points below zero, else PointsTransferredIn.

    Each leg names the other's transaction, so that the smaller of both ids joins them.
    """
    booking = Booking(data.transaction, data.balance, header)
    points, program_id = booking.points(), program_of(data.campaign, data.voucher, booking.campaign_id)
    transfer_id = min((each for each in (booking.transaction_id, booking.related_id) if each), default=None)
    fact = Fact(
        first_customer(id_of(data.customer)),
        PointsTransferredIn(program_id, POINTS, points, transfer_id)
        if points >= ZERO
        else PointsTransferredOut(POINTS, (AccountDebit(program_id, -points, NO_TOTALS),), transfer_id),
        booking.name,
        booking.at,
    )
    return with_totals(fact, program_id, _active_only(booking.totals()))


class Snapshot(Wire):
    """What a customer has on the card of one campaign, UNVERIFIED; with `campaigns` it is what they have in all."""

    points: Number = NULL
    balance: Number = NULL
    campaigns: Anything = NULL
    loyalty_tier: Ignored = NOT_GIVEN
    referred_customers: Ignored = NOT_GIVEN


class UpdatedData(CustomerData):
    """The data of `customer.loyalty.updated`."""

    campaign: Campaign | None = None
    loyalty: Snapshot | None = None


def updated(data: UpdatedData, _header: Header) -> Sequence[Fact]:
    """Make BalanceStated of the active points; nothing where the snapshot is not that of one campaign."""
    owner, snapshot = first_customer(id_of(data.customer)), data.loyalty
    if snapshot is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "data.loyalty is missing")
    balance = given_number(snapshot.balance)
    active = given_number(snapshot.points) if balance is None else balance
    if active is None or data.campaign is None or bytes(snapshot.campaigns) != bytes(NULL):
        return ()
    stated = BalanceStated(program_of(data.campaign, None), POINTS, VendorTotals(active))
    return (Fact(owner, stated, suffix=STATED),)


def _active_only(totals: VendorTotals | None) -> VendorTotals | None:
    return None if totals is None or totals.active is None else VendorTotals(totals.active)


_CARD: Final = "customer.voucher.loyalty_card"
_EARNED: Final = (PointsIssued, PointsAdjusted, PromisedPointsConverted, BalanceStated)
SPECS: Final = (
    Spec("customer.rewarded.loyalty_points", RewardedData, rewarded, makes=_EARNED),
    Spec(f"{_CARD}.points_added", CardData, added, makes=_EARNED),
    Spec(
        f"{_CARD}.points_transferred",
        TransferredData,
        transferred,
        makes=(PointsTransferredOut, PointsTransferredIn, BalanceStated),
    ),
    Spec(f"{_CARD}.points_expired", ExpiredData, expired, makes=(PointsExpired, BalanceStated)),
    Spec("customer.loyalty.updated", UpdatedData, updated, makes=(BalanceStated,)),
)
