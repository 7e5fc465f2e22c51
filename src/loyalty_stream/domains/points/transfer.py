"""Reduce the two legs of a transfer, and tell both customers once they are joined (domains/clearing).

Each leg is booked when it comes: the vendor has done so already. Received points are a lot without expiry.
Source: pointsTransferredInitiated and pointsTransferredReceived in Capillary's event schema,
https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.points.booking import OUT_OF_RANGE, BalanceOutOfRangeError, Entry, book
from loyalty_stream.domains.points.derived import PointsTransferSettled, PointsTransferUnmatched
from loyalty_stream.domains.points.events import NO_TOTALS, PointsTransferredIn, PointsTransferredOut
from loyalty_stream.domains.points.lots import Changes, Lots, credit, debit
from loyalty_stream.domains.points.state import Lot, PointsState
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody, about
from loyalty_stream.model.ids import fingerprint
from loyalty_stream.model.outcome import Applied, Outcome
from loyalty_stream.model.transfer import (
    Direction,
    TransferLegBooked,
    TransferSettled,
    TransferUnmatched,
    clearing_id,
)

PointsOutcome = Outcome[PointsState]


def transfer_out(state: PointsState, event: CanonicalEvent, body: PointsTransferredOut) -> PointsOutcome:
    """Take points from each earning programme."""
    derived: list[DerivedBody] = []
    for part in body.debits:
        entry = Entry(
            "transferred_out",
            -part.amount,
            ZERO,
            ZERO,
            lambda lots, amount=part.amount: _taken(lots, amount),  # type: ignore[misc]  # the loop's amount of now
            part.totals,
            event.occurred_at,
            body.transfer_id,
        )
        try:
            account, caused = book(state.account(part.program_id, body.currency), entry)
        except BalanceOutOfRangeError:
            return OUT_OF_RANGE
        state = state.with_account(account)
        derived += caused
    amount = sum((part.amount for part in body.debits), ZERO)
    return Applied(state, tuple(derived), _leg(event, body.transfer_id, "out", amount))


def transfer_in(state: PointsState, event: CanonicalEvent, body: PointsTransferredIn) -> PointsOutcome:
    """Give points as a lot without expiry."""
    lot = Lot(f"{fingerprint(event.source_key)}.0", "transferred", body.amount, None, event.occurred_at, None)
    entry = Entry(
        "transferred_in",
        body.amount,
        ZERO,
        ZERO,
        lambda lots: credit(lots, (lot,)) if body.amount else (lots, []),
        NO_TOTALS,
        event.occurred_at,
        body.transfer_id,
    )
    try:
        account, derived = book(state.account(body.program_id, body.currency), entry)
    except BalanceOutOfRangeError:
        return OUT_OF_RANGE
    return Applied(state.with_account(account), tuple(derived), _leg(event, body.transfer_id, "in", body.amount))


def transfer_settled(state: PointsState, _event: CanonicalEvent, body: TransferSettled) -> PointsOutcome:
    """Tell that both legs are booked."""
    told = PointsTransferSettled(body.transfer_id, body.from_customer_id, body.to_customer_id, body.amount)
    return Applied(state, (told,))


def transfer_unmatched(state: PointsState, _event: CanonicalEvent, body: TransferUnmatched) -> PointsOutcome:
    """Tell that the other leg is missing, wholly or in part."""
    told = PointsTransferUnmatched(body.transfer_id, body.from_customer_id, body.to_customer_id, body.amount)
    return Applied(state, (told,))


def _taken(lots: Lots, amount: Decimal) -> tuple[Lots, Changes]:
    return debit(lots, amount, "consumed")[:2]


def _leg(
    event: CanonicalEvent, transfer_id: str | None, direction: Direction, amount: Decimal
) -> tuple[CanonicalEvent, ...]:
    """Return the leg on its way to where it meets the other; without the transfer's id it cannot."""
    if transfer_id is None:
        return ()
    leg = TransferLegBooked(transfer_id, direction, event.entity_id, amount)
    booked = about(event, clearing_id(transfer_id), leg, customer=False)
    # Two customers' legs meet there: the vendor's event id, which may be the same, does not tell them apart.
    return (replace(booked, source_key=f"{event.source_key}|{event.entity_id}"),)


TRANSFER_REDUCERS: Final[dict[type[EventBody], Callable[[PointsState, CanonicalEvent, Never], PointsOutcome]]] = {
    PointsTransferredOut: transfer_out,
    PointsTransferredIn: transfer_in,
    TransferSettled: transfer_settled,
    TransferUnmatched: transfer_unmatched,
}
