"""Canonical events of the points domain. Amounts are never negative; a vendor's own totals may be."""

from datetime import date
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from loyalty_stream.model.events import EventBody

LotKind = Literal["regular", "promotional", "converted", "baseline", "restored", "overdraft", "adjusted", "transferred"]


class VendorTotals(Struct, frozen=True, gc=False):
    """What the vendor says an account holds after the event; None where the event does not say."""

    active: Decimal | None = None
    lifetime: Decimal | None = None


class IssuedLot(Struct, frozen=True, gc=False):
    """A part of an issue that expires together."""

    amount: Decimal
    expires_on: date | None
    kind: LotKind


class AccountDebit(Struct, frozen=True, gc=False):
    """What a redemption takes from one earning programme."""

    program_id: str
    amount: Decimal
    totals: VendorTotals


class AccountCredit(Struct, frozen=True, gc=False):
    """What a reversed redemption gives back to one earning programme; what has expired meanwhile stays away."""

    program_id: str
    available: Decimal
    totals: VendorTotals


class ExpiryMove(Struct, frozen=True, gc=False):
    """Points of one programme and kind whose expiry moves; `kind` None matches any."""

    program_id: str
    amount: Decimal
    kind: LotKind | None
    old_expires_on: date | None
    new_expires_on: date | None


class PointsIssued(EventBody, frozen=True, gc=False, tag=True):
    """Points were earned: lots become active, promised ones pending."""

    program_id: str
    currency: str
    lots: tuple[IssuedLot, ...]
    promised: Decimal
    totals: VendorTotals
    reference: str | None = None  # of the bill, so that its return finds the lots
    currency_ratio: Decimal | None = None  # what a point of the programme is worth in money, as the vendor says


class PointsRedeemed(EventBody, frozen=True, gc=False, tag=True):
    """Points were spent, from one or several earning programmes."""

    currency: str
    debits: tuple[AccountDebit, ...]
    references: tuple[str, ...] = ()  # every id that a later reversal may name


class PromisedPointsConverted(EventBody, frozen=True, gc=False, tag=True):
    """Promised points became active."""

    program_id: str
    currency: str
    amount: Decimal
    totals: VendorTotals


class PointsExpired(EventBody, frozen=True, gc=False, tag=True):
    """Points ran out."""

    program_id: str
    currency: str
    amount: Decimal


class PointsExpiryAnnounced(EventBody, frozen=True, gc=False, tag=True):
    """The vendor reminds of points that will run out; nothing is booked."""

    program_id: str
    currency: str
    amount: Decimal
    expires_on: date | None


class PointsExpiryNeared(EventBody, frozen=True, gc=False, tag=True):
    """By our own clock it is so many days until what a programme's lots hold of a date runs out; nothing is booked."""

    program_id: str
    expires_on: date
    days_ahead: int


class RedemptionReversed(EventBody, frozen=True, gc=False, tag=True):
    """A redemption was taken back, wholly or in part."""

    currency: str
    credits: tuple[AccountCredit, ...]
    references: tuple[str, ...] = ()


class IssueReversed(EventBody, frozen=True, gc=False, tag=True):
    """Points that were issued were taken back, as when goods are returned."""

    program_id: str
    currency: str
    active: Decimal
    promised: Decimal
    totals: VendorTotals
    reference: str | None = None


class PointsExpiryMoved(EventBody, frozen=True, gc=False, tag=True):
    """Points got another expiry date; no balance changes."""

    currency: str
    moves: tuple[ExpiryMove, ...]


class PointsTransferredOut(EventBody, frozen=True, gc=False, tag=True):
    """Points went to another customer; `transfer_id` is what both legs say, None where it is missing."""

    currency: str
    debits: tuple[AccountDebit, ...]
    transfer_id: str | None = None


class PointsTransferredIn(EventBody, frozen=True, gc=False, tag=True):
    """Points came from another customer."""

    program_id: str
    currency: str
    amount: Decimal
    transfer_id: str | None = None


class PointsAdjusted(EventBody, frozen=True, gc=False, tag=True):
    """Points were taken or given by hand, or by a rule that is neither an issue nor a redemption."""

    currency: str
    debits: tuple[AccountDebit, ...]
    credits: tuple[AccountCredit, ...] = ()
    reference: str | None = None


class BalanceStated(EventBody, frozen=True, gc=False, tag=True):
    """The vendor said what an account holds; nothing moved."""

    program_id: str
    currency: str
    totals: VendorTotals


NO_TOTALS: Final = VendorTotals()
