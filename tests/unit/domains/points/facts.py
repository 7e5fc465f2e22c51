"""Points facts, as short as they can be written."""

from datetime import date
from decimal import Decimal
from typing import Any

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.derived import BalanceChanged, LotChange
from loyalty_stream.domains.points.events import (
    AccountCredit,
    AccountDebit,
    ExpiryMove,
    IssuedLot,
    IssueReversed,
    PointsAdjusted,
    PointsExpired,
    PointsExpiryMoved,
    PointsIssued,
    PointsRedeemed,
    PromisedPointsConverted,
    RedemptionReversed,
    VendorTotals,
)
from loyalty_stream.domains.points.state import Account, Lot, PointsState
from loyalty_stream.model.events import DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import OBSERVED_AT, outcome_of

SOON, LATER, LAST = date(2027, 1, 31), date(2027, 6, 30), date(2028, 1, 31)
Amount = int | str
Number = Decimal | int


def totals(active: Amount | None = None, lifetime: Amount | None = None) -> VendorTotals:
    return VendorTotals(*(None if each is None else Decimal(each) for each in (active, lifetime)))


def issue(
    *lots: tuple[Amount, date | None],
    promised: Amount = 0,
    of: VendorTotals = VendorTotals(),  # noqa: B008 - immutable
    bill: str | None = None,
    kind: Any = "regular",  # noqa: ANN401 - a literal
    program: str = "41",
) -> PointsIssued:
    parts = tuple(IssuedLot(Decimal(amount), expires_on, kind) for amount, expires_on in lots)
    return PointsIssued(program, "points", parts, Decimal(promised), of, bill)


def redeem(amount: Amount, *references: str, of: VendorTotals = VendorTotals(), program: str = "41") -> PointsRedeemed:  # noqa: B008 - immutable
    return PointsRedeemed("points", (AccountDebit(program, Decimal(amount), of),), references)


def reverse(amount: Amount, *references: str, program: str = "41") -> RedemptionReversed:
    return RedemptionReversed("points", (AccountCredit(program, Decimal(amount), VendorTotals()),), references)


def convert(amount: Amount) -> PromisedPointsConverted:
    return PromisedPointsConverted("41", "points", Decimal(amount), VendorTotals())


def expire(amount: Amount) -> PointsExpired:
    return PointsExpired("41", "points", Decimal(amount))


def take_back(amount: Amount, promised: Amount = 0, bill: str | None = None) -> IssueReversed:
    return IssueReversed("41", "points", Decimal(amount), Decimal(promised), VendorTotals(), bill)


def move(amount: Amount, old: date | None, new: date | None, kind: Any = None) -> PointsExpiryMoved:  # noqa: ANN401 - a literal
    return PointsExpiryMoved("points", (ExpiryMove("41", Decimal(amount), kind, old, new),))


def adjust(taken: Amount = 0, given: Amount = 0, program: str = "41") -> PointsAdjusted:
    debit, credit = Decimal(taken), Decimal(given)
    return PointsAdjusted(
        "points",
        (AccountDebit(program, debit, VendorTotals()),) if debit else (),
        (AccountCredit(program, credit, VendorTotals()),) if credit else (),
    )


def played(*history: EventBody) -> tuple[PointsState, tuple[DerivedBody, ...]]:
    """Return the state after a history of facts, each a second after the other, and what the last one caused."""
    state, derived = DOMAIN.initial, tuple[DerivedBody, ...]()
    for place, body in enumerate(history):
        outcome = outcome_of(DOMAIN, state, body, source_key=f"event-{place}", occurred_at=OBSERVED_AT + place)
        assert isinstance(outcome, Applied)
        state, derived = outcome.state, outcome.derived
    return state, derived


def account(*history: EventBody, program: str = "41") -> Account:
    """Return a programme's account after a history."""
    return played(*history)[0].accounts[f"{program}|points"]


def held(*history: EventBody) -> list[tuple[Number, date | None]]:
    """Return what the lots hold after a history, in the order of spending."""
    return [(lot.remaining, lot.expires_on) for lot in account(*history).lots]


def balances(*history: EventBody) -> tuple[Number, Number, Number]:
    """Return active, pending and lifetime after a history."""
    after = account(*history)
    return after.active, after.pending, after.lifetime


def change(*history: EventBody) -> BalanceChanged:
    """Return the only change of a balance that the last fact of a history caused."""
    (found,) = [derived for derived in played(*history)[1] if isinstance(derived, BalanceChanged)]
    return found


def changes(*history: EventBody) -> list[tuple[str, Number, Number, date | None]]:
    """Return what happened to lots by the last fact of a history."""
    return [(lot.change, lot.amount, lot.remaining, lot.expires_on) for lot in _lots(*history)]


def _lots(*history: EventBody) -> tuple[LotChange, ...]:
    return change(*history).lots


def lot(
    lot_id: str,
    amount: Amount,
    expires_on: date | None = None,
    awarded_at: int = 0,
    kind: Any = "regular",  # noqa: ANN401 - a literal
    reference: str | None = None,
) -> Lot:
    return Lot(lot_id, kind, Decimal(amount), expires_on, awarded_at, reference)
