"""Reducers of the points domain, to the letter of the design's "Points, to the letter"."""

from collections.abc import Callable, Mapping
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.points.adjustment import entries_of
from loyalty_stream.domains.points.booking import OUT_OF_RANGE, BalanceOutOfRangeError, Entry, LotsBooking, book
from loyalty_stream.domains.points.derived import LotChange, PointsExpiringSoon
from loyalty_stream.domains.points.events import (
    NO_TOTALS,
    AccountDebit,
    BalanceStated,
    IssueReversed,
    PointsAdjusted,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsExpiryMoved,
    PointsExpiryNeared,
    PointsIssued,
    PointsRedeemed,
    PromisedPointsConverted,
    RedemptionReversed,
)
from loyalty_stream.domains.points.lots import (
    OVERDRAFT_ID,
    Lots,
    credit,
    debit,
    debit_reference,
    expiring,
    move_expiry,
)
from loyalty_stream.domains.points.reversal import give_back, remember
from loyalty_stream.domains.points.state import Account, Lot, PointsState, account_id
from loyalty_stream.domains.points.transfer import TRANSFER_REDUCERS
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody
from loyalty_stream.model.ids import fingerprint
from loyalty_stream.model.outcome import Applied, Outcome

PointsOutcome = Outcome[PointsState]


def issue(state: PointsState, event: CanonicalEvent, body: PointsIssued) -> PointsOutcome:
    """Open a lot for each part of the issue; promised points are pending."""
    prefix = fingerprint(event.source_key)
    opened = tuple(
        Lot(f"{prefix}.{place}", part.kind, part.amount, part.expires_on, event.occurred_at, body.reference)
        for place, part in enumerate(body.lots)
        if part.amount
    )
    active = sum((lot.remaining for lot in opened), ZERO)
    entry = Entry(
        "issued",
        active,
        body.promised,
        active,
        lambda lots: credit(lots, opened),
        body.totals,
        event.occurred_at,
        body.reference,
    )
    return _book_one(state, body.program_id, body.currency, entry)


def redeem(state: PointsState, event: CanonicalEvent, body: PointsRedeemed) -> PointsOutcome:
    """Take points from each earning programme and remember the lots, so that a reversal can give them back."""
    derived: list[DerivedBody] = []
    for debit_ in body.debits:
        held = state.account(debit_.program_id, body.currency)
        try:
            account, caused = _redeem_from(held, event, body, debit_)
        except BalanceOutOfRangeError:
            return OUT_OF_RANGE
        state = state.with_account(account)
        derived += caused
    return Applied(state, tuple(derived))


def convert(state: PointsState, event: CanonicalEvent, body: PromisedPointsConverted) -> PointsOutcome:
    """Turn promised points into active ones; more than is pending takes pending to zero."""
    account = state.account(body.program_id, body.currency)
    lot = Lot(f"{fingerprint(event.source_key)}.0", "converted", body.amount, None, event.occurred_at, None)
    entry = Entry(
        "converted",
        body.amount,
        -min(body.amount, account.pending),
        body.amount,
        (lambda lots: credit(lots, (lot,))) if body.amount else _untouched,
        body.totals,
        event.occurred_at,
    )
    return _book_one(state, body.program_id, body.currency, entry)


def expire(state: PointsState, event: CanonicalEvent, body: PointsExpired) -> PointsOutcome:
    """Take expired points from the lots that expire first."""
    entry = Entry(
        "expired",
        -body.amount,
        ZERO,
        ZERO,
        lambda lots: debit(lots, body.amount, "expired")[:2],
        NO_TOTALS,
        event.occurred_at,
    )
    return _book_one(state, body.program_id, body.currency, entry)


def announce_expiry(state: PointsState, _event: CanonicalEvent, body: PointsExpiryAnnounced) -> PointsOutcome:
    """Pass the vendor's reminder on; nothing is booked."""
    soon = PointsExpiringSoon(body.program_id, body.currency, body.amount, body.expires_on, "vendor")
    return Applied(state, (soon,))


def near_expiry(state: PointsState, _event: CanonicalEvent, body: PointsExpiryNeared) -> PointsOutcome:
    """Remind of what each account's lots still hold that expires on a date; nothing is booked."""
    soon = tuple(
        PointsExpiringSoon(account.program_id, account.currency, amount, body.expires_on, "lots")
        for account in state.accounts.values()
        if account.program_id == body.program_id and (amount := expiring(account.lots, body.expires_on))
    )
    return Applied(state, soon) if soon else NOTHING_DUE


def reverse_redemption(state: PointsState, event: CanonicalEvent, body: RedemptionReversed) -> PointsOutcome:
    """Give points back to the lots that they came from, with their own expiry where it is known."""
    derived: list[DerivedBody] = []
    new_lot_id = f"{fingerprint(event.source_key)}"
    for place, part in enumerate(body.credits):
        account = state.account(part.program_id, body.currency)
        taken, redemptions = give_back(account, body.references, part.available)
        lots = tuple(lot for lot in taken if lot.lot_id != OVERDRAFT_ID)
        rest = part.available - sum((lot.remaining for lot in lots), ZERO)
        unknown = Lot(f"{new_lot_id}.{place}", "restored", rest, None, event.occurred_at, None)
        entry = Entry(
            "redemption_reversed",
            part.available,
            ZERO,
            ZERO,
            _reopen(lots, (unknown,) if rest else ()),
            part.totals,
            event.occurred_at,
            body.references[0] if body.references else None,
        )
        try:
            account, caused = book(replace(account, redemptions=redemptions), entry)
        except BalanceOutOfRangeError:
            return OUT_OF_RANGE
        state = state.with_account(account)
        derived += caused
    return Applied(state, tuple(derived))


def reverse_issue(state: PointsState, event: CanonicalEvent, body: IssueReversed) -> PointsOutcome:
    """Take issued points back: from the lots of the same bill first, promised ones from pending."""
    account = state.account(body.program_id, body.currency)
    entry = Entry(
        "issue_reversed",
        -body.active,
        -min(body.promised, account.pending),
        -body.active,
        lambda lots: debit_reference(lots, body.active, body.reference),
        body.totals,
        event.occurred_at,
        body.reference,
    )
    return _book_one(state, body.program_id, body.currency, entry)


def move_lots(state: PointsState, event: CanonicalEvent, body: PointsExpiryMoved) -> PointsOutcome:
    """Move the expiry of matching lots; a row whose date stays is no move."""
    derived: list[DerivedBody] = []
    prefix = fingerprint(event.source_key)
    for place, move in enumerate(body.moves):
        account = state.accounts.get(account_id(move.program_id, body.currency))
        if account is None or move.old_expires_on == move.new_expires_on:
            continue
        lots, changes = move_expiry(account.lots, move, f"{prefix}.{place}")
        entry = Entry("adjusted", ZERO, ZERO, ZERO, _replaced(lots, changes), NO_TOTALS, event.occurred_at)
        account, caused = book(account, entry)
        state = state.with_account(account)
        derived += caused
    return Applied(state, tuple(derived))


def adjust(state: PointsState, event: CanonicalEvent, body: PointsAdjusted) -> PointsOutcome:
    """Take and give points in each programme that the adjustment names."""
    derived: list[DerivedBody] = []
    for program_id, entry in entries_of(event, body):
        try:
            account, caused = book(state.account(program_id, body.currency), entry)
        except BalanceOutOfRangeError:
            return OUT_OF_RANGE
        state = state.with_account(account)
        derived += caused
    return Applied(state, tuple(derived))


def state_balance(state: PointsState, event: CanonicalEvent, body: BalanceStated) -> PointsOutcome:
    """Compare what the vendor says that an account holds, or adopt it where nothing was known; nothing moves.

    What was said before the latest that is booked here says nothing of the balance of now.
    """
    if event.occurred_at < state.account(body.program_id, body.currency).changed_at:
        return Applied(state)
    entry = Entry("adjusted", ZERO, ZERO, ZERO, _untouched, body.totals, event.occurred_at)
    return _book_one(state, body.program_id, body.currency, entry)


def _redeem_from(
    account: Account, event: CanonicalEvent, body: PointsRedeemed, part: AccountDebit
) -> tuple[Account, list[DerivedBody]]:
    taken: tuple[Lot, ...] = ()

    def take(lots: Lots) -> tuple[Lots, list[LotChange]]:
        nonlocal taken
        rest, changes, taken = debit(lots, part.amount, "consumed")
        return rest, changes

    entry = Entry(
        "redeemed",
        -part.amount,
        ZERO,
        ZERO,
        take,
        part.totals,
        event.occurred_at,
        body.references[0] if body.references else None,
    )
    account, derived = book(account, entry)
    return remember(account, body.references, taken), derived


def _book_one(state: PointsState, program_id: str, currency: str, entry: Entry) -> PointsOutcome:
    try:
        account, derived = book(state.account(program_id, currency), entry)
    except BalanceOutOfRangeError:
        return OUT_OF_RANGE
    return Applied(state.with_account(account), tuple(derived))


def _with(state: PointsState, account: Account) -> PointsState:
    return state.with_account(account)


def _untouched(lots: Lots) -> tuple[Lots, list[LotChange]]:
    return lots, []


def _replaced(lots: Lots, changes: list[LotChange]) -> LotsBooking:
    return lambda _: (lots, changes)


def _reopen(known: Lots, unknown: Lots) -> LotsBooking:
    """Return the booking of a reversal; what no lot covered was owed, so it settles the debt before the lots do."""

    def reopen(lots: Lots) -> tuple[Lots, list[LotChange]]:
        lots, opened = credit(lots, unknown)
        lots, reopened = credit(lots, known, "reopened")
        return lots, opened + reopened

    return reopen


REDUCERS: Final[Mapping[type[EventBody], Callable[[PointsState, CanonicalEvent, Never], PointsOutcome]]] = {
    PointsIssued: issue,
    PointsRedeemed: redeem,
    PromisedPointsConverted: convert,
    PointsExpired: expire,
    PointsExpiryAnnounced: announce_expiry,
    PointsExpiryNeared: near_expiry,
    RedemptionReversed: reverse_redemption,
    IssueReversed: reverse_issue,
    PointsExpiryMoved: move_lots,
    PointsAdjusted: adjust,
    BalanceStated: state_balance,
    **TRANSFER_REDUCERS,
}
