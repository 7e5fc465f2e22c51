"""Explain a customer's points: each account's steps from its opening balance to now. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from loyalty_stream.model.amounts import ZERO, amount_text
from loyalty_stream.model.keys import entity_key
from loyalty_stream.serving.history.balance import CHANGE, FIELDS, Triple, less, triple
from loyalty_stream.serving.history.entries import Cause, Entry, Json
from loyalty_stream.serving.history.wording import what

MERGED: Final = "CustomerMerged"
_SETTLED: Final = "PointsTransferSettled"
_OF_TRANSFERS: Final = frozenset({_SETTLED, "PointsTransferUnmatched"})
_NOTHING: Final = (ZERO, ZERO, ZERO)


class Amounts(Struct, frozen=True):
    """Three balances, or three differences of balances, as texts."""

    active: str
    pending: str
    lifetime: str


class LotStep(Struct, frozen=True):
    """What a step did to one lot; `remaining` is what it held afterwards."""

    lot_id: str
    change: str
    amount: str
    remaining: str
    expires_on: str | None


class Step(Struct, frozen=True):
    """One derived event in the history of an account; without `delta` it has changed nothing."""

    seq: int
    occurred_at: int
    observed_at: int
    type: str
    what: str
    reason: str | None
    delta: Amounts | None
    balance: Amounts | None
    lots: Sequence[LotStep]
    cause: Cause
    notes: Sequence[str]


class AccountHistory(Struct, frozen=True):
    """How an account came to its balance; `agrees` says whether the last balance is the table's, which is `now`."""

    program_id: str
    currency: str
    steps: Sequence[Step]
    now: Amounts
    agrees: bool


class MergedIn(Struct, frozen=True):
    """A customer who was merged into this one, with the steps before that; `at` is the vendor's time of the merge."""

    key: str
    at: int | None
    complete: bool
    accounts: Sequence[AccountHistory]


class Explanation(Struct, frozen=True):
    """Why a customer has the points that they have.

    `others` are the points' events that concern no single account, `merged` the customers who were merged into this
    one. `complete` is false where steps of this customer could not be read any more.
    """

    key: str
    merged_into: str | None
    source: str
    complete: bool
    accounts: Sequence[AccountHistory]
    others: Sequence[Step]
    merged: Sequence[MergedIn]


class Victim(Struct, frozen=True):
    """Who was merged into a customer, and when at the vendor."""

    key: str
    at: int
    had_points: bool


def merges(key: str, entries: Iterable[Entry]) -> dict[Cause, Victim]:
    """Return who was merged into this customer, by what caused it; `entries` are those of customers."""
    vendor, org_id, _ = key.split(":", 2)
    return {
        entry.cause: Victim(
            entity_key(vendor, org_id, entry.data["victim_customer_id"]),
            entry.occurred_at,
            any(moved["domain"] == "points" for moved in entry.data["moved"]),
        )
        for entry in entries
        if entry.type == MERGED and entry.data["role"] == "survivor"
    }


def account_histories(
    entries: Sequence[Entry], accounts: Iterable[Mapping[str, Any]], victims: Mapping[Cause, Victim]
) -> tuple[list[AccountHistory], list[Step]]:
    """Return the history of each account, and the steps of none.

    `entries` are those of points in the order of seq, `accounts` what the table has, `victims` as of `merges`.
    """
    now = {(account["program_id"], account["currency"]): triple(account) for account in accounts}
    steps: dict[tuple[str, str], list[Step]] = {place: [] for place in now}
    reached: dict[tuple[str, str], Triple] = {}
    others: list[Step] = []
    for entry in entries:
        data = entry.data
        if entry.type in _OF_TRANSFERS or "currency" not in data:
            others.append(_step(entry, _transfer_notes(entry)))
            continue
        place = (data["program_id"], data["currency"])
        notes = []
        if entry.type == CHANGE:
            notes = _notes(entry, reached.get(place), victims)
            reached[place] = triple(data)
        steps.setdefault(place, []).append(_step(entry, notes))
    histories = [
        AccountHistory(
            *place, told, _amounts(now.get(place, _NOTHING)), reached.get(place, _NOTHING) == now.get(place, _NOTHING)
        )
        for place, told in sorted(steps.items())
    ]
    return histories, others


def _step(entry: Entry, notes: Sequence[str]) -> Step:
    data = entry.data
    is_change = entry.type == CHANGE
    return Step(
        entry.seq,
        entry.occurred_at,
        entry.observed_at,
        entry.type,
        what(entry.type, data),
        data["reason"] if is_change else None,
        _amounts(triple(data, "delta_")) if is_change else None,
        _amounts(triple(data)) if is_change else None,
        [LotStep(**lot) for lot in data["lots"]] if is_change else [],
        entry.cause,
        notes,
    )


def _notes(entry: Entry, before: Triple | None, victims: Mapping[Cause, Victim]) -> list[str]:
    data, notes = entry.data, []
    opening = less(triple(data), triple(data, "delta_"))
    if before is None and any(opening):
        held = ", ".join(f"{name} {amount_text(amount)}" for name, amount in zip(FIELDS, opening, strict=True))
        notes.append(f"opening balance: {held}; what came before could not be read any more")
    elif before is not None and opening != before:
        notes.append("steps before this one are missing")
    if data["reason"] == "merged_in" and entry.cause in victims:
        notes.append(f"merged in: {victims[entry.cause].key}")
    if data["reference"] is not None:
        notes.append(f"reference {data['reference']}")
    if triple(data)[0] < ZERO:
        notes.append("the customer owes points")
    return notes


def _transfer_notes(entry: Entry) -> list[str]:
    if entry.type not in _OF_TRANSFERS:
        return []
    return [f"transfer {entry.data['transfer_id']}", *_sides(entry.data)]


def _sides(data: Json) -> list[str]:
    named = (("from", data["from_customer_id"]), ("to", data["to_customer_id"]))
    return [f"{side} {customer_id}" for side, customer_id in named if customer_id is not None]


def _amounts(three: Triple) -> Amounts:
    return Amounts(*map(amount_text, three))
