"""Balances as of a moment of the past, from all changes of a customer's points. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import Struct

from loyalty_stream.model.amounts import ZERO, amount_text
from loyalty_stream.serving.history.entries import Entry

Basis = Literal["occurred", "observed"]
Triple = tuple[Decimal, Decimal, Decimal]
"""Active, pending and lifetime."""
FIELDS: Final = ("active", "pending", "lifetime")
CHANGE: Final = "BalanceChanged"


class AccountBalance(Struct, frozen=True):
    """One account's balances, as texts."""

    program_id: str
    currency: str
    active: str
    pending: str
    lifetime: str


class BalanceAsOf(Struct, frozen=True):
    """A customer's balances as of a moment; `complete` is false where what came first could not be read any more."""

    key: str
    as_of: str
    basis: Basis
    source: str
    complete: bool
    accounts: Sequence[AccountBalance]


def balances_at(entries: Iterable[Entry], at_ms: int, basis: Basis) -> list[AccountBalance]:
    """Return the balances of all accounts that were there by a moment.

    By `occurred` it is the sum of what had occurred by then at the vendor, whenever it became known; by `observed` of
    what had been observed here. What an account held before the first entry counts as having been there always.
    """
    held: dict[tuple[str, str], Triple] = {}
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        if entry.type != CHANGE:
            continue
        account = (entry.data["program_id"], entry.data["currency"])
        delta = triple(entry.data, "delta_")
        if account not in seen:
            seen.add(account)
            before = less(triple(entry.data), delta)
            if any(before):
                held[account] = before
        moment = entry.occurred_at if basis == "occurred" else entry.observed_at
        if moment <= at_ms:
            held[account] = plus(held.get(account, (ZERO, ZERO, ZERO)), delta)
    return [AccountBalance(*account, *map(amount_text, balance)) for account, balance in sorted(held.items())]


def triple(data: Mapping[str, Any], prefix: str = "") -> Triple:
    """Return three amounts of a change or an account, read from their texts."""
    active, pending, lifetime = (Decimal(data[f"{prefix}{field}"]) for field in FIELDS)
    return active, pending, lifetime


def plus(one: Triple, other: Triple) -> Triple:
    """Return the sum of each of three."""
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def less(one: Triple, other: Triple) -> Triple:
    """Return the difference of each of three."""
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]
