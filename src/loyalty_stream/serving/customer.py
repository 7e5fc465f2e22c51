"""Render table rows for readers: a customer's whole picture, or one domain of it, ready for JSON. Pure.

Amounts are decimal strings in plain notation, dates ISO texts, moments milliseconds since the epoch: as in the derived
events' JSON.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from loyalty_stream.domains import DOMAINS
from loyalty_stream.domains.coupons.state import CouponsState
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.domains.promotions.state import PromotionsState
from loyalty_stream.domains.streaks.state import StreaksState
from loyalty_stream.domains.tiers.state import TiersState
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.model.row import row_key
from loyalty_stream.pipeline.table import AnyRow, decode_row

Json = dict[str, Any]


class MalformedKeyError(ValueError):
    """Say that a text is not the key of a customer."""


class CustomerKey(NamedTuple):
    """The parts of an entity key `vendor:org_id:customer_id`."""

    vendor: str
    org_id: str
    customer_id: str

    @classmethod
    def parse(cls, text: str) -> "CustomerKey":
        """Return the parts of a key; a colon after the second one belongs to the customer's id.

        Raises:
            MalformedKeyError: A part is missing or empty.

        """
        parts = text.split(":", 2)
        if len(parts) != len(cls._fields) or not all(parts):
            raise MalformedKeyError("a customer's key is vendor:org_id:customer_id, as in capillary:710001:4100000")
        return cls(*parts)

    def __str__(self) -> str:
        """Return the key as it is written everywhere."""
        return ":".join(self)


def row_keys(key: CustomerKey) -> Iterator[tuple[str, bytes]]:
    """Yield each domain's name and the key of its row of a customer."""
    for domain in DOMAINS:
        yield domain.name, row_key(domain.name, str(key))


def render_customer(key: CustomerKey, partition: int, rows: Mapping[str, bytes]) -> Json:
    """Return a customer's picture; `rows` has the encoded row of each domain that knows them."""
    known = {
        domain: render_row(domain, decode_row(rowkey, rows[domain]))
        for domain, rowkey in row_keys(key)
        if domain in rows
    }
    return {"key": str(key), **key._asdict(), "partition": partition, **known}


def render_row(domain: str, row: AnyRow) -> Json:
    """Return one domain's row: `seq`, the number of derived events so far, and the state."""
    return {"seq": row.seq, **_RENDERERS[domain](row.state)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _points(state: PointsState) -> Json:
    return {"accounts": [_account(account) for account in state.accounts.values()]}


def _account(account: Account) -> Json:
    return {
        "program_id": account.program_id,
        "currency": account.currency,
        "active": amount_text(account.active),
        "pending": amount_text(account.pending),
        "lifetime": amount_text(account.lifetime),
        "drift": {"active": amount_text(account.active_drift), "lifetime": amount_text(account.lifetime_drift)},
        "lots": [
            {
                "lot_id": lot.lot_id,
                "kind": lot.kind,
                "remaining": amount_text(lot.remaining),
                "expires_on": _day(lot.expires_on),
            }
            for lot in account.lots
        ],
    }


def _tiers(state: TiersState) -> Json:
    return {
        "memberships": [
            {"program_id": program_id, "tier": membership.tier, "expires_on": _day(membership.expires_on)}
            for program_id, membership in state.programs.items()
        ]
    }


def _coupons(state: CouponsState) -> Json:
    return {
        "coupons": [
            {
                "coupon_id": coupon_id,
                "code_hash": coupon.code_hash,
                "state": coupon.state,
                "uses": coupon.uses,
                "series_id": coupon.series_id,
                "discount_type": coupon.discount_type,
                "discount_value": None if coupon.discount_value is None else amount_text(coupon.discount_value),
                "valid_till": coupon.valid_till,
                "issued_on": coupon.issued_on,
                "redeemed_on": coupon.redeemed_on,
            }
            for coupon_id, coupon in state.coupons.items()
        ]
    }


def _streaks(state: StreaksState) -> Json:
    rendered = []
    for key, streak in state.streaks.items():
        group, period, name = key.split("|", 2)
        rendered.append(
            {
                "streak_name": name,
                "streak_id": streak.streak_id,
                "target_group_id": _unescaped(group),
                "target_period_id": _unescaped(period),
                "state": streak.state,
                "value": None if streak.value is None else amount_text(streak.value),
                "levels": list(streak.levels),
            }
        )
    return {"streaks": rendered}


def _unescaped(part: str) -> str | None:
    """Return an id as it was before streak_key escaped it."""
    return part.replace("%7C", "|").replace("%25", "%") or None


def _promotions(state: PromotionsState) -> Json:
    return {
        "promotions": [
            {
                "promotion_id": promotion_id,
                "issuals": [
                    {"issual_id": issual_id, "state": issual.state, "expires_on": _day(issual.expires_on)}
                    for issual_id, issual in promotion.issuals.items()
                ],
                "earns": [
                    {
                        "earned_id": earned_id,
                        "issual_id": earn.issual_id,
                        "state": earn.state,
                        "expires_on": _day(earn.expires_on),
                    }
                    for earned_id, earn in promotion.earns.items()
                ],
            }
            for promotion_id, promotion in state.promotions.items()
        ]
    }


_RENDERERS: Final[dict[str, Callable[[Any], Json]]] = {
    "points": _points,
    "tiers": _tiers,
    "coupons": _coupons,
    "streaks": _streaks,
    "promotions": _promotions,
}
