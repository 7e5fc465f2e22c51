"""Put together what a programme owes, from the totals of any partitions (pipeline/totals.py). Pure.

Amounts are decimal texts in plain notation and days ISO texts, as in everything that is rendered for readers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from loyalty_stream.model.amounts import ZERO, add_exactly, amount_text, multiply_exactly, subtract_exactly
from loyalty_stream.pipeline.internal import EXPIRING, KEPT, MEMBERS, OF_PROGRAMS, TOTALS, TotalsState
from loyalty_stream.pipeline.table import decode_row
from loyalty_stream.pipeline.totals import Program, program_of

Json = dict[str, Any]
EncodedRow = tuple[bytes, bytes]
TOTALS_PREFIX: Final = f"{TOTALS}|".encode()
MEMBERS_PREFIX: Final = f"{MEMBERS}|".encode()
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

    def value(self, balance: str) -> Decimal | None:
        """Return what a balance is worth in money, or None where the vendor has not said what a point is worth."""
        return None if self.ratio is None else multiply_exactly(self.held[balance], self.ratio[1])


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
        if state.program_id == self.program.program_id:
            self.take(kind, state)

    def take(self, kind: str, state: Any) -> None:  # noqa: ANN401 - of whichever kind in OF_PROGRAMS
        """Add the state of a row that tells of this programme."""
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


def liabilities(rows: Iterable[EncodedRow]) -> dict[Program, Liability]:
    """Return what each programme owes, from rows of `OF_PROGRAMS` of any partitions; others add nothing.

    Raises:
        RowVersionError: A newer version has written one.

    """
    found: dict[Program, Liability] = {}
    for key, encoded in rows:
        kind, _, name = key.decode().partition("|")
        if kind in OF_PROGRAMS:
            state = decode_row(key, encoded).state
            vendor, org_id, _ = name.split(":", 2)
            program = Program(vendor, org_id, state.program_id)
            found.setdefault(program, Liability(program)).take(kind, state)
    return found


def outlines(rows: Iterable[EncodedRow]) -> list[Json]:
    """Return what is outstanding in each programme that has totals, sorted, from rows of totals and of members.

    Raises:
        RowVersionError: A newer version has written one.

    """
    return [
        {
            "program": program.key,
            "currencies": [_outstanding(currency, purse) for currency, purse in sorted(found.purses.items())],
            "members": found.tiers.total(),
        }
        for program, found in sorted(liabilities(rows).items())
        if found.purses
    ]


def _outstanding(currency: str, purse: Purse) -> Json:
    return {
        "currency": currency,
        **_balances(purse.held),
        "accounts": purse.accounts,
        "drifting_accounts": purse.drifting,
        "value": _value(purse),
    }


def _purse(currency: str, purse: Purse, on: date) -> Json:
    moved = purse.moved
    return {
        **_outstanding(currency, purse),
        "issued": amount_text(add_exactly(moved["issued"], moved["converted"])),
        "redeemed": amount_text(subtract_exactly(ZERO, moved["redeemed"])),
        "expired": amount_text(subtract_exactly(ZERO, moved["expired"])),
        "moved": {reason: amount_text(amount) for reason, amount in sorted(moved.items()) if amount},
        "erased": _balances(purse.erased),
        "expiring": _expiring(purse.expiring, on),
    }


def _balances(held: Mapping[str, Decimal]) -> Json:
    return {name: amount_text(held.get(name, ZERO)) for name in _BALANCES}


def _value(purse: Purse) -> Json | None:
    if purse.ratio is None:
        return None
    stated_at, ratio = purse.ratio
    worth = {name: amount_text(purse.value(name) or ZERO) for name in ("active", "pending")}
    return {**worth, "ratio": amount_text(ratio), "stated_at": stated_at}


def _expiring(amounts: Mapping[date, Decimal], on: date) -> Json:
    """Return what expires from a day on, that day included: within so many days, and by month without the empty ones.

    What should have expired before is overdue: together with all months it is all that has a date.
    """
    overdue = ZERO
    within = dict.fromkeys(_DAYS, ZERO)
    months: defaultdict[str, Decimal] = defaultdict(Decimal)
    for day, amount in sorted(amounts.items()):
        if day < on:
            overdue = add_exactly(overdue, amount)
            continue
        _add(months, f"{day.year:04}-{day.month:02}", amount)
        for days in _DAYS:
            if (day - on).days <= days:
                within[days] = add_exactly(within[days], amount)
    return {
        "overdue": amount_text(overdue),
        **{f"within_{days}_days": amount_text(amount) for days, amount in within.items()},
        "by_month": {month: amount_text(amount) for month, amount in months.items() if amount},
    }


def _add(sums: defaultdict[Any, Decimal], name: object, amount: Decimal) -> None:
    sums[name] = add_exactly(sums[name], amount)
