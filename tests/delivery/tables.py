"""Compare table rows with the simulator's answer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from loyalty_stream.domains.coupons.state import CouponsState
from loyalty_stream.domains.points.state import PointsState
from loyalty_stream.domains.promotions.state import PromotionsState
from loyalty_stream.domains.streaks.state import StreaksState
from loyalty_stream.domains.tiers.state import TiersState
from loyalty_stream.pipeline.table import decode_row
from loyalty_stream.simulate import Answer

Table = dict[tuple[str, ...], object]


def assert_tables(rows: Sequence[Mapping[bytes, bytes]], answer: Answer) -> None:
    """Compare accounts, tiers, coupons, streaks and promotions of all customers."""
    found = _tables(rows)
    for name, expected in _answers(answer).items():
        wrong = {key: (found[name].get(key), value) for key, value in expected.items() if found[name].get(key) != value}
        assert not wrong, f"{len(wrong)} {name} are wrong (found, expected): {dict(list(wrong.items())[:3])}"
        strange = found[name].keys() - expected.keys()
        assert not strange, f"{len(strange)} {name} are of nobody: {list(strange)[:3]}"


def _answers(answer: Answer) -> dict[str, Table]:
    return {
        "points": {key: (own.active, own.pending, own.lifetime) for key, own in answer.accounts.items()},
        "tiers": {key: str(tier) for key, tier in answer.tiers.items()},
        "coupons": {key: (coupon.state, coupon.uses) for key, coupon in answer.coupons.items()},
        "streaks": {(*key,): state for key, state in answer.streaks.items()},
        "promotions": {(*key,): state for key, state in answer.promotions.items()},
    }


def _tables(rows: Sequence[Mapping[bytes, bytes]]) -> dict[str, Table]:
    tables: dict[str, Table] = {domain: {} for domain in _READERS}
    seen: set[bytes] = set()
    for partition in rows:
        for row_key, encoded in partition.items():
            assert row_key not in seen, f"{row_key!r} lies on two partitions"
            seen.add(row_key)
            domain, _, key = row_key.decode().partition("|")
            tables[domain].update(_READERS[domain](key, decode_row(row_key, encoded).state))
    return tables


Entries = Iterator[tuple[tuple[str, ...], object]]


def _points(key: str, state: PointsState) -> Entries:
    for own in state.accounts.values():
        assert sum(lot.remaining for lot in own.lots) == own.active, f"{key}: the ledger does not balance"
        yield (key, own.program_id, own.currency), (own.active, own.pending, own.lifetime)


def _tiers(key: str, state: TiersState) -> Entries:
    for program_id, membership in state.programs.items():
        yield (key, program_id), membership.tier


def _coupons(key: str, state: CouponsState) -> Entries:
    for coupon_id, coupon in state.coupons.items():
        yield (key, coupon_id), (coupon.state, coupon.uses)


def _streaks(key: str, state: StreaksState) -> Entries:
    for streak_key, streak in state.streaks.items():
        group, period, name = streak_key.split("|", 2)
        yield (key, group, period, name), streak.state


def _promotions(key: str, state: PromotionsState) -> Entries:
    for promotion in state.promotions.values():
        for issual_id, issual in promotion.issuals.items():
            yield (key, "issual", issual_id), issual.state
        for earned_id, earn in promotion.earns.items():
            yield (key, "earned", earned_id), earn.state


_READERS: dict[str, Any] = {
    "points": _points,
    "tiers": _tiers,
    "coupons": _coupons,
    "streaks": _streaks,
    "promotions": _promotions,
}
