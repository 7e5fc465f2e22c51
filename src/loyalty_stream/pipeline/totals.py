"""Keep what a programme owes, exactly: rows of each partition about its own customers, booked with each batch (ADR 19).

What a customer holds is booked as the difference of their rows before and after a batch: so a merge, an erasure, or
whatever else writes a row needs no case of its own. What was issued, redeemed and so on comes from the derived events.
What is on its way from one partition to another is in no total until it has arrived.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, TypeVar

from loyalty_stream.domains import points, tiers
from loyalty_stream.domains.points.lots import Lots
from loyalty_stream.domains.points.merge import POINTS
from loyalty_stream.domains.points.state import Account, PointsState, account_id
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.amounts import ZERO, add_exactly, plain, subtract_exactly
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.row import row_key
from loyalty_stream.pipeline.effects import Effects
from loyalty_stream.pipeline.internal import (
    EXPIRING,
    MEMBERS,
    TOTALS,
    ExpiringState,
    MembersState,
    TotalsState,
    internal_row,
)
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow

K = TypeVar("K", int, str)

OTHER_PROGRAM: Final = "other"
PROGRAM_PREFIXES: Final[Mapping[str, str]] = {
    "voucherify": "camp_",  # an account of a card without a campaign has the card's id for its programme's
}
"""What the ids of programmes begin with at vendors where another thing's id may stand for one."""

_POINTS: Final = f"{points.DOMAIN.name}|".encode()
_TIERS: Final = f"{tiers.DOMAIN.name}|".encode()
_NO_ACCOUNTS: Final[Mapping[str, Account]] = {}
_NO_MEMBERSHIPS: Final[Mapping[str, Membership]] = {}
_NOTHING: Final = Account("", "")


class Program(NamedTuple):
    """A programme, whoever its customers are."""

    vendor: str
    org_id: str
    program_id: str

    @property
    def key(self) -> str:
        """The programme as its rows' keys name it."""
        return entity_key(*self)


class _Change:
    """What a batch changes in the totals of one programme and currency."""

    __slots__ = ("accounts", "active", "drifting", "expiring", "lifetime", "moved", "pending", "ratio")

    def __init__(self) -> None:
        self.active = self.pending = self.lifetime = ZERO
        self.accounts = self.drifting = 0
        self.expiring: dict[date, Decimal] = {}
        self.moved: dict[str, Decimal] = {}
        self.ratio: tuple[int, Decimal] | None = None


_Changes = dict[tuple[str, str, str, str], _Change]  # by vendor, organisation, programme id of an account, currency
_Members = dict[Program, dict[str, int]]


def program_of(vendor: str, org_id: str, program_id: str) -> Program:
    """Return the programme whose totals an account's programme id counts to; what is no programme's is all one."""
    known = program_id.startswith(PROGRAM_PREFIXES.get(vendor, ""))
    return Program(vendor, org_id, program_id if known else OTHER_PROGRAM)


def book_totals(effects: Effects, rows: RowCache[AnyRow]) -> None:
    """Book what has become of a partition's rows, and what a batch has told of them, into its totals."""
    changes: _Changes = {}
    members: _Members = {}
    for key, before, after in rows.take_changes():
        if key.startswith(_POINTS):
            _compare_accounts(key, _accounts(before), _accounts(after), changes)
        elif key.startswith(_TIERS):
            _compare_memberships(key, _memberships(before), _memberships(after), members)
    for (vendor, org_id, program_id, currency, reason, credit), amount in effects.points.items():
        moved = _change(changes, (vendor, org_id, program_id, currency)).moved
        moved[reason] = (add_exactly if credit else subtract_exactly)(moved.get(reason, ZERO), amount)
    for (vendor, org_id, program_id), stated in effects.ratios.items():
        _change(changes, (vendor, org_id, program_id, POINTS)).ratio = stated
    for (vendor, org_id, program_id, currency), change in changes.items():
        program = program_of(vendor, org_id, program_id)
        _write_totals(program, currency, change, rows)
        if change.expiring:
            _write_expiring(program, currency, change.expiring, rows)
    for program, tier_counts in members.items():
        _write_members(program, tier_counts, rows)


def _accounts(row: AnyRow | None) -> Mapping[str, Account]:
    if row is None:
        return _NO_ACCOUNTS
    state: PointsState = row.state
    return state.accounts


def _memberships(row: AnyRow | None) -> Mapping[str, Membership]:
    if row is None:
        return _NO_MEMBERSHIPS
    state: TiersState = row.state
    return state.programs


def _whose(key: bytes) -> tuple[str, str]:
    """Return the vendor and the organisation of a customer's row."""
    domain_and_vendor, org_id, _ = key.decode().split(":", 2)
    return domain_and_vendor[domain_and_vendor.index("|") + 1 :], org_id


def _change(changes: _Changes, place: tuple[str, str, str, str]) -> _Change:
    change = changes.get(place)
    if change is None:
        change = changes[place] = _Change()
    return change


def _compare_accounts(
    key: bytes, before: Mapping[str, Account], after: Mapping[str, Account], changes: _Changes
) -> None:
    vendor, org_id = _whose(key)
    for place, new in after.items():
        old = before.get(place, _NOTHING)
        if new is not old:
            _compare(old, new, _change(changes, (vendor, org_id, new.program_id, new.currency)))
    for place, old in before.items():
        if place not in after:
            _compare(old, _NOTHING, _change(changes, (vendor, org_id, old.program_id, old.currency)))


def _compare(old: Account, new: Account, change: _Change) -> None:
    """Add what has become of one account; this runs for each, so what is the very same is passed over."""
    old_active, new_active = old.active, new.active
    if new_active != old_active:
        change.active = add_exactly(change.active, new_active - old_active)
    if new.pending != old.pending:
        change.pending = add_exactly(change.pending, new.pending - old.pending)
    if new.lifetime != old.lifetime:
        change.lifetime = add_exactly(change.lifetime, new.lifetime - old.lifetime)
    if not (old_active and new_active):  # else both hold something
        change.accounts += _holds(new) - _holds(old)
    if (
        new.active_drift is not old.active_drift
        or new.lifetime_drift is not old.lifetime_drift
        or new.pending_drift is not old.pending_drift
    ):
        change.drifting += _drifts(new) - _drifts(old)
    if new.lots is not old.lots:
        _compare_lots(old.lots, new.lots, change.expiring)


def _holds(account: Account) -> bool:
    return bool(account.active or account.pending or account.lifetime)


def _drifts(account: Account) -> bool:
    return bool(account.active_drift or account.lifetime_drift or account.pending_drift)


def _compare_lots(old: Lots, new: Lots, expiring: dict[date, Decimal]) -> None:
    """Add what expires on another day than before."""
    start = 0
    for lot, other in zip(old, new, strict=False):
        if lot is not other:
            break
        start += 1
    old, new = _without_same_end(old[start:], new[start:])
    for lot in old:
        if (day := lot.expires_on) is not None:
            expiring[day] = subtract_exactly(expiring.get(day, ZERO), lot.remaining)
    for lot in new:
        if (day := lot.expires_on) is not None:
            expiring[day] = add_exactly(expiring.get(day, ZERO), lot.remaining)


def _without_same_end(old: Lots, new: Lots) -> tuple[Lots, Lots]:
    """Return lots without those at the end that are the same, where one lot has come or gone, or a row of them."""
    gone = max(0, len(old) - len(new))
    for each in (gone, gone + 1):
        came = len(new) - len(old) + each
        if old[each:] == new[came:]:
            return old[:each], new[:came]
    return old, new


def _compare_memberships(
    key: bytes, before: Mapping[str, Membership], after: Mapping[str, Membership], members: _Members
) -> None:
    vendor, org_id = _whose(key)
    for program_id in {**before, **after}:
        old, new = _tier(before.get(program_id)), _tier(after.get(program_id))
        if old == new:
            continue
        counts = members.setdefault(program_of(vendor, org_id, program_id), {})
        if old is not None:
            counts[old] = counts.get(old, 0) - 1
        if new is not None:
            counts[new] = counts.get(new, 0) + 1


def _tier(membership: Membership | None) -> str | None:
    return None if membership is None else membership.tier


def _write_totals(program: Program, currency: str, change: _Change, rows: RowCache[AnyRow]) -> None:
    key = row_key(TOTALS, account_id(program.key, currency))
    row = rows.get(key)
    nothing = TotalsState(program.program_id, currency)
    held: TotalsState = nothing if row is None else row.state
    ratio_at, ratio = _newer_ratio(held, change.ratio)
    after = TotalsState(
        held.program_id,
        held.currency,
        _sum(held.active, change.active),
        _sum(held.pending, change.pending),
        _sum(held.lifetime, change.lifetime),
        held.accounts + change.accounts,
        held.drifting + change.drifting,
        _added(held.moved, change.moved),
        ratio,
        ratio_at,
    )
    if after != held:
        rows.put(key, None if after == nothing else internal_row(TOTALS, after))


def _newer_ratio(held: TotalsState, stated: tuple[int, Decimal] | None) -> tuple[int, Decimal | None]:
    """Return the ratio that was stated last, whichever comes first: of two at one moment the larger."""
    if stated is not None and (held.ratio is None or stated > (held.ratio_at, held.ratio)):
        return stated
    return held.ratio_at, held.ratio


def _write_expiring(program: Program, currency: str, expiring: Mapping[date, Decimal], rows: RowCache[AnyRow]) -> None:
    months: dict[tuple[int, int], dict[int, Decimal]] = {}
    for day, amount in expiring.items():
        if amount:
            months.setdefault((day.year, day.month), {})[day.day] = amount
    purse = account_id(program.key, currency)
    for (year, number), amounts in months.items():
        month = f"{year:04}-{number:02}"
        key = row_key(EXPIRING, f"{purse}|{month}")
        row = rows.get(key)
        after = _added({} if row is None else row.state.amounts, amounts)
        state = ExpiringState(program.program_id, currency, month, after)
        rows.put(key, internal_row(EXPIRING, state) if after else None)


def _write_members(program: Program, changed: Mapping[str, int], rows: RowCache[AnyRow]) -> None:
    key = row_key(MEMBERS, program.key)
    row = rows.get(key)
    held: Mapping[str, int] = {} if row is None else row.state.tiers
    sums = {tier: held.get(tier, 0) + changed.get(tier, 0) for tier in {**held, **changed}}
    after = {tier: count for tier, count in sorted(sums.items()) if count}
    if after != held:
        rows.put(key, internal_row(MEMBERS, MembersState(program.program_id, after)) if after else None)


def _added(held: Mapping[K, Decimal], changed: Mapping[K, Decimal]) -> dict[K, Decimal]:
    """Return sums, in the order of their names: so a row has the same bytes, however the batches were cut."""
    sums = dict(held)
    in_order = True
    for name, amount in changed.items():
        if total := _sum(held.get(name, ZERO), amount):
            sums[name] = total
            in_order = in_order and name in held
        else:
            sums.pop(name, None)
    return sums if in_order else dict(sorted(sums.items()))


def _sum(one: Decimal, other: Decimal) -> Decimal:
    return plain(add_exactly(one, other)) if other else one
