"""Put together what a programme owes, from the totals of any partitions (pipeline/totals.py). Pure.

Amounts are decimal texts in plain notation and days ISO texts, as in everything that is rendered for readers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from loyalty_stream.model.amounts import ZERO, add_exactly, amount_text, multiply_exactly, subtract_exactly
from loyalty_stream.pipeline.internal import EXPIRING, KEPT, MEMBERS, OF_PROGRAMS, TOTALS, TotalsState
from loyalty_stream.pipeline.table import decode_row
from loyalty_stream.pipeline.totals import Program, program_of

Json = dict[str, Any]
EncodedRow = tuple[bytes, bytes]
TOTALS_PREFIX: Final = f"{TOTALS}|".encode()
_DAYS: Final = (7, 30, 90)
_BALANCES: Final = ("active", "pending", "lifetime")


class MalformedProgramError(ValueError):
    """Say that a text does not name a programme."""


def parse_program(text: str) -> Program:
    """Return the programme of `vendor:org_id:program_id`; a colon after the second one belongs to the id.

    Raises:
        MalformedProgramError: A part is missing or empty.

    """
    parts = text.split(":", 2)
    if len(parts) != len(Program._fields) or not all(parts):
        raise MalformedProgramError("a programme is named vendor:org_id:program_id, as in capillary:710001:8100")
    return Program(*parts)


def prefixes(program: Program) -> tuple[bytes, ...]:
    """Return what the keys of all rows begin with that tell of a programme; others may begin so too."""
    kept = f"{KEPT}|{program.vendor}:{program.org_id}"
    return (*[f"{kind}|{program.key}".encode() for kind in (TOTALS, EXPIRING, MEMBERS)], kept.encode())


class Purse:
    """What is known of one currency of a programme, summed over partitions."""

    def __init__(self) -> None:
        """Know of nothing."""
        self.held: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.erased: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.moved: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.expiring: defaultdict[date, Decimal] = defaultdict(Decimal)
        self.accounts = self.drifting = 0
        self.ratio: tuple[int, Decimal] | None = None


class Liability:
    """What one programme owes, by the partitions whose rows were added."""

    def __init__(self, program: Program) -> None:
        """Know of nothing."""
        self.program = program
        self.purses: defaultdict[str, Purse] = defaultdict(Purse)
        self.tiers: Counter[str] = Counter()

    def add(self, key: bytes, encoded: bytes) -> None:
        """Add a row, of whichever partition; one that tells of something else adds nothing.

        Raises:
            RowVersionError: A newer version has written it.

        """
        kind, _, name = key.decode().partition("|")
        if kind == KEPT:
            if name == f"{self.program.vendor}:{self.program.org_id}":
                self._add_kept(decode_row(key, encoded).state.totals)
            return
        if kind not in OF_PROGRAMS or not name.startswith(self.program.key):
            return
        state = decode_row(key, encoded).state
        if state.program_id != self.program.program_id:
            return
        if kind == MEMBERS:
            self.tiers.update(state.tiers)
        elif kind == EXPIRING:
            expiring = self.purses[state.currency].expiring
            for day, amount in state.amounts.items():
                _add(expiring, date.fromisoformat(f"{state.month}-{day:02}"), amount)
        else:
            self._add_totals(state)

    def _add_totals(self, state: TotalsState) -> None:
        purse = self.purses[state.currency]
        for name in _BALANCES:
            _add(purse.held, name, getattr(state, name))
        for reason, amount in state.moved.items():
            _add(purse.moved, reason, amount)
        purse.accounts += state.accounts
        purse.drifting += state.drifting
        if state.ratio is not None:
            stated = (state.ratio_at, state.ratio)
            purse.ratio = stated if purse.ratio is None else max(purse.ratio, stated)

    def _add_kept(self, totals: Mapping[str, Any]) -> None:
        for total in totals.values():
            if program_of(self.program.vendor, self.program.org_id, total.program_id) == self.program:
                for name in _BALANCES:
                    _add(self.purses[total.currency].erased, name, getattr(total, name))


def liability(program: Program, rows: Iterable[EncodedRow], on: date) -> Json | None:
    """Return the picture of a programme on a day, from rows of any partitions, or None where they know nothing of it.

    Raises:
        RowVersionError: A newer version has written one.

    """
    found = Liability(program)
    for key, encoded in rows:
        found.add(key, encoded)
    if not found.purses and not found.tiers:
        return None
    return {
        "program": program.key,
        **program._asdict(),
        "on": on.isoformat(),
        "currencies": [_purse(currency, purse, on) for currency, purse in sorted(found.purses.items())],
        "tiers": dict(sorted(found.tiers.items())),
    }


def totals_of(rows: Iterable[EncodedRow]) -> Iterator[tuple[Program, TotalsState]]:
    """Yield each row of totals with its programme.

    Raises:
        RowVersionError: A newer version has written one.

    """
    for key, encoded in rows:
        state: TotalsState = decode_row(key, encoded).state
        vendor, org_id, _ = key.decode().partition("|")[2].split(":", 2)
        yield Program(vendor, org_id, state.program_id), state


def _purse(currency: str, purse: Purse, on: date) -> Json:
    moved = purse.moved
    return {
        "currency": currency,
        **_balances(purse.held),
        "accounts": purse.accounts,
        "drifting_accounts": purse.drifting,
        "issued": amount_text(add_exactly(moved["issued"], moved["converted"])),
        "redeemed": amount_text(subtract_exactly(ZERO, moved["redeemed"])),
        "expired": amount_text(subtract_exactly(ZERO, moved["expired"])),
        "moved": {reason: amount_text(amount) for reason, amount in sorted(moved.items()) if amount},
        "erased": _balances(purse.erased),
        "value": _value(purse),
        "expiring": _expiring(purse.expiring, on),
    }


def _balances(held: Mapping[str, Decimal]) -> Json:
    return {name: amount_text(held.get(name, ZERO)) for name in _BALANCES}


def _value(purse: Purse) -> Json | None:
    """Return what the balances are worth in money, or None where the vendor has not said what a point is worth."""
    if purse.ratio is None:
        return None
    stated_at, ratio = purse.ratio
    worth = {name: amount_text(multiply_exactly(purse.held[name], ratio)) for name in ("active", "pending")}
    return {**worth, "ratio": amount_text(ratio), "stated_at": stated_at}


def _expiring(amounts: Mapping[date, Decimal], on: date) -> Json:
    """Return what expires from a day on within so many days, that day included, and what should have expired before."""

    def between(first: date, last: date) -> str:
        found = ZERO
        for day, amount in amounts.items():
            if first <= day <= last:
                found = add_exactly(found, amount)
        return amount_text(found)

    soon = {f"within_{days}_days": between(on, _after(on, days)) for days in _DAYS}
    return {"overdue": between(date.min, on - timedelta(days=1)) if on > date.min else "0", **soon}


def _after(on: date, days: int) -> date:
    return date.fromordinal(min(on.toordinal() + days, date.max.toordinal()))


def _add(sums: defaultdict[Any, Decimal], name: object, amount: Decimal) -> None:
    sums[name] = add_exactly(sums[name], amount)
