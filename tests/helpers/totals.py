"""Add up a partition's rows from nothing, to be compared with the totals that it keeps."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal
from typing import TYPE_CHECKING, NamedTuple

from loyalty_stream.domains.points.state import Account
from loyalty_stream.pipeline.internal import EXPIRING, KEPT, MEMBERS, OF_PROGRAMS, TOTALS
from loyalty_stream.pipeline.table import AnyRow, decode_row
from loyalty_stream.pipeline.totals import program_of

if TYPE_CHECKING:
    from loyalty_stream.domains.customers.derived import KeptTotal

_WIDE = Context(prec=100)
Table = Mapping[bytes, bytes]


class Purse(NamedTuple):
    """A programme and one of its currencies."""

    vendor: str
    org_id: str
    program_id: str
    currency: str


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return an exact sum."""
    found = Decimal(0)
    for amount in amounts:
        found = _WIDE.add(found, amount)
    return found


def assert_totals(tables: Sequence[Table]) -> None:
    """Compare each partition's totals with what its accounts, lots and memberships come to."""
    for table in tables:
        rows = {key.decode(): decode_row(key, row) for key, row in table.items()}
        _assert_accounts(rows)
        _assert_expiring(rows)
        _assert_members(rows)


def moved_by_reason(tables: Sequence[Table]) -> dict[tuple[Purse, str], Decimal]:
    """Return what moved active balances over all partitions, by reason, where it is not nothing in the end."""
    found: dict[tuple[Purse, str], Decimal] = defaultdict(Decimal)
    for table in tables:
        for key, row in _of_kind({key.decode(): decode_row(key, row) for key, row in table.items()}, TOTALS).items():
            for reason, amount in row.state.moved.items():
                place = (_purse(key, row.state.program_id, row.state.currency), reason)
                found[place] = total([found[place], amount])
    return {place: amount for place, amount in found.items() if amount}


def _assert_accounts(rows: Mapping[str, AnyRow]) -> None:
    accounts: dict[Purse, list[Account]] = defaultdict(list)
    for key, row in _of_kind(rows, "points").items():
        for account in row.state.accounts.values():
            accounts[_purse(key, account.program_id, account.currency)].append(account)
    kept: dict[Purse, list[KeptTotal]] = defaultdict(list)
    for key, row in _of_kind(rows, KEPT).items():
        for gone in row.state.totals.values():
            kept[_purse(key, gone.program_id, gone.currency)].append(gone)
    seen = set()
    for key, row in _of_kind(rows, TOTALS).items():
        state, purse = row.state, _purse(key, row.state.program_id, row.state.currency)
        own = accounts[purse]
        seen.add(purse)
        for name in ("active", "pending", "lifetime"):
            right = total(getattr(account, name) for account in own)
            assert getattr(state, name) == right, (key, name, getattr(state, name), right)
        holding = [each for each in own if each.active or each.pending or each.lifetime]
        drifting = [each for each in own if each.active_drift or each.pending_drift or each.lifetime_drift]
        assert (state.accounts, state.drifting) == (len(holding), len(drifting)), key
        came = total(state.moved.values())
        assert came == total([state.active, *(gone.active for gone in kept[purse])]), f"{key}: points came from nowhere"
        assert all(state.moved.values()), f"{key} keeps a reason that moved nothing"
        assert list(state.moved) == sorted(state.moved), key
    untold = [purse for purse, own in accounts.items() if purse not in seen and any(map(_holds, own))]
    assert not untold, f"no totals are kept of {untold}"


def _holds(account: Account) -> bool:
    drifts = account.active_drift or account.pending_drift or account.lifetime_drift
    return bool(account.active or account.pending or account.lifetime or drifts)


def _assert_expiring(rows: Mapping[str, AnyRow]) -> None:
    lots: dict[tuple[Purse, str], list[Decimal]] = defaultdict(list)
    for key, row in _of_kind(rows, "points").items():
        for account in row.state.accounts.values():
            for lot in account.lots:
                if lot.expires_on is not None:
                    purse = _purse(key, account.program_id, account.currency)
                    lots[purse, lot.expires_on.isoformat()].append(lot.remaining)
    right = {place: held for place, amounts in lots.items() if (held := total(amounts))}
    found = {}
    for key, row in _of_kind(rows, EXPIRING).items():
        state = row.state
        assert state.amounts, f"{key} is empty"
        assert list(state.amounts) == sorted(state.amounts), key
        for day, amount in state.amounts.items():
            found[_purse(key, state.program_id, state.currency), f"{state.month}-{day:02}"] = amount
    assert found == right


def _assert_members(rows: Mapping[str, AnyRow]) -> None:
    right: dict[Purse, Counter[str]] = defaultdict(Counter)
    for key, row in _of_kind(rows, "tiers").items():
        for program_id, membership in row.state.programs.items():
            if membership.tier is not None:
                right[_purse(key, program_id, "")][membership.tier] += 1
    found = {_purse(key, row.state.program_id, ""): row.state.tiers for key, row in _of_kind(rows, MEMBERS).items()}
    assert found == right


def _of_kind(rows: Mapping[str, AnyRow], kind: str) -> dict[str, AnyRow]:
    return {key: row for key, row in rows.items() if key.partition("|")[0] == kind}


def _purse(key: str, program_id: str, currency: str) -> Purse:
    """Return the purse that an account counts to, by the key of its row."""
    vendor, org_id = key.partition("|")[2].split(":")[:2]
    known = program_id if key.partition("|")[0] in OF_PROGRAMS else program_of(vendor, org_id, program_id).program_id
    return Purse(vendor, org_id, known, currency)
