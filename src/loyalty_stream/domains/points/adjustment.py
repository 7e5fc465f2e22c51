"""What an adjustment books: points are taken in spending order, and given as a lot without expiry.

What a customer ever earned (`lifetime`) stays as it is: an adjustment is neither an issue nor its return.
"""

from decimal import Decimal

from loyalty_stream.domains.points.booking import Entry, LotsBooking
from loyalty_stream.domains.points.events import AccountCredit, PointsAdjusted, VendorTotals
from loyalty_stream.domains.points.lots import credit, debit
from loyalty_stream.domains.points.state import Lot
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.ids import fingerprint


def entries_of(event: CanonicalEvent, body: PointsAdjusted) -> list[tuple[str, Entry]]:
    """Return the entry of each part of an adjustment with the programme whose account it is for; debits come first."""
    prefix = fingerprint(event.source_key)
    taken = [
        (part.program_id, _entry(event, -part.amount, _taking(part.amount), part.totals, body))
        for part in body.debits
        if part.amount
    ]
    given = [
        (part.program_id, _entry(event, part.available, _opening(f"{prefix}.{place}", part, event), part.totals, body))
        for place, part in enumerate(body.credits)
        if part.available
    ]
    return taken + given


def _entry(
    event: CanonicalEvent, active: Decimal, lots: LotsBooking, totals: VendorTotals, body: PointsAdjusted
) -> Entry:
    return Entry("adjusted", active, ZERO, ZERO, lots, totals, event.occurred_at, body.reference)


def _taking(amount: Decimal) -> LotsBooking:
    return lambda lots: debit(lots, amount, "consumed")[:2]


def _opening(lot_id: str, part: AccountCredit, event: CanonicalEvent) -> LotsBooking:
    lot = Lot(lot_id, "adjusted", part.available, None, event.occurred_at, None)
    return lambda lots: credit(lots, (lot,))
