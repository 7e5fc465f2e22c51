"""Voucherify's activities of pending points on a loyalty card. Source: DOMAIN section 4.

Points wait under an id of their own until they are activated or cancelled. An activation that names a transaction is
named by it, since other activities may report the same one; one that names none is named by the pending points.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.points.events import (
    NO_TOTALS,
    BalanceStated,
    IssueReversed,
    PointsIssued,
    PromisedPointsConverted,
)
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import first_customer, id_of
from loyalty_stream.sources.voucherify.points import CardData, with_totals
from loyalty_stream.sources.voucherify.spec import Fact, Spec
from loyalty_stream.sources.voucherify.transactions import Balance, Booking
from loyalty_stream.sources.voucherify.vouchers import POINTS, program_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Ignored,
    Number,
    TextIdentifier,
    Wire,
    given_number,
    text_identifier,
)


class PendingPoints(Wire):
    """Points that wait, as they are after the activity."""

    id: TextIdentifier | None = None
    customer_id: TextIdentifier | None = None
    campaign_id: TextIdentifier | None = None
    points: Number = NULL
    voucher_id: Ignored = NOT_GIVEN
    order_id: Ignored = NOT_GIVEN
    activates_at: Ignored = NOT_GIVEN
    details: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class PendingData(CardData):
    """The data of every activity of pending points; `voucher_pending_points_balance.points` is what was changed."""

    pending_points: PendingPoints | None = None
    voucher_pending_points_balance: Balance | None = None


def added(data: PendingData, header: Header) -> Sequence[Fact]:
    """Make PointsIssued of promised points."""
    return (_changed(data, header, abs(_change(data, None))),)


def updated(data: PendingData, header: Header) -> Sequence[Fact]:
    """Make PointsIssued of what was added to the promised points, or IssueReversed of what was taken."""
    change = _change(data, "voucher_pending_points_balance.points is missing")
    return (_changed(data, header, change),)


def canceled(data: PendingData, header: Header) -> Sequence[Fact]:
    """Make IssueReversed of promised points."""
    return (_changed(data, header, -abs(_change(data, None))),)


def activated(data: PendingData, header: Header) -> Sequence[Fact]:
    """Make PromisedPointsConverted."""
    booking = Booking(data.transaction, data.balance, header)
    program_id, points = _program(data, booking), _activated_points(data, booking)
    name = booking.name or _name(data, "activated")
    fact = Fact(_owner(data), PromisedPointsConverted(program_id, POINTS, points, NO_TOTALS), name, booking.at)
    return with_totals(fact, program_id, booking.totals())


def _changed(data: PendingData, header: Header, change: Decimal) -> Fact:
    program_id = _program(data, Booking(None, None, header))
    if change < ZERO:
        return Fact(_owner(data), IssueReversed(program_id, POINTS, ZERO, -change, NO_TOTALS))
    return Fact(_owner(data), PointsIssued(program_id, POINTS, (), change, NO_TOTALS))


def _change(data: PendingData, missing: str | None) -> Decimal:
    """Return what was changed; what was changed at once is all that there is, where `missing` does not forbid that."""
    balance = data.voucher_pending_points_balance
    change = None if balance is None else given_number(balance.points)
    if change is None and missing is None and data.pending_points is not None:
        change = given_number(data.pending_points.points)
    if change is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, missing or "pending_points.points is missing")
    return change


def _activated_points(data: PendingData, booking: Booking) -> Decimal:
    """Return the points of an activation: those of its transaction first, so that each report says the same."""
    said = booking.balance is not None and given_number(booking.balance.points) is not None
    return abs(booking.points() if said else _change(data, None))


def _owner(data: PendingData) -> str:
    named = None if data.pending_points is None else text_identifier(data.pending_points.customer_id)
    return first_customer(id_of(data.customer), named)


def _program(data: PendingData, booking: Booking) -> str:
    named = None if data.pending_points is None else text_identifier(data.pending_points.campaign_id)
    return program_of(data.campaign, data.voucher, booking.campaign_id or named)


def _name(data: PendingData, word: str) -> str:
    pending_id = None if data.pending_points is None else text_identifier(data.pending_points.id)
    return "" if pending_id is None else f"pending_points|{pending_id}|{word}"


_CARD: Final = "customer.voucher.loyalty_card"
SPECS: Final = (
    Spec(f"{_CARD}.pending_points.added", PendingData, added, makes=(PointsIssued,)),
    Spec(f"{_CARD}.pending_points.updated", PendingData, updated, makes=(PointsIssued, IssueReversed)),
    Spec(f"{_CARD}.pending_points.canceled", PendingData, canceled, makes=(IssueReversed,)),
    Spec(
        f"{_CARD}.pending_points.activated",
        PendingData,
        activated,
        makes=(PromisedPointsConverted, BalanceStated),
    ),
    Spec(f"{_CARD}.points_activated", PendingData, activated, makes=(PromisedPointsConverted, BalanceStated)),
)
