"""Render table rows for readers: a customer's whole picture, or one domain of it, ready for JSON. Pure.

Amounts are decimal strings in plain notation, dates ISO texts, moments milliseconds since the epoch: as in the derived
events' JSON.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from loyalty_stream.domains import DOMAINS
from loyalty_stream.domains.cards.state import CardState
from loyalty_stream.domains.clearing.state import ClearingState
from loyalty_stream.domains.coupons.state import CouponsState
from loyalty_stream.domains.customers.state import CustomersState
from loyalty_stream.domains.executions.state import ExecutionState
from loyalty_stream.domains.partners.state import PartnersState
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.domains.promotions.state import PromotionsState
from loyalty_stream.domains.requests.state import RequestState
from loyalty_stream.domains.rewards.state import Offer, RewardsState
from loyalty_stream.domains.streaks.state import Badge, StreaksState, Target
from loyalty_stream.domains.tiers.state import TiersState
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.model.row import row_key
from loyalty_stream.pipeline.table import AnyRow, decode_row
from loyalty_stream.serving.campaigns import render_campaigns

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
    """Return a customer's picture; `rows` has the encoded row of each domain that knows them.

    `merged_into` is the key of whoever has all of this customer since a merge, and is absent otherwise.
    """
    known = {domain: decode_row(rowkey, rows[domain]) for domain, rowkey in row_keys(key) if domain in rows}
    survivor = next((row.moved_to for row in known.values() if row.moved_to is not None), None)
    merged = {} if survivor is None else {"merged_into": str(key._replace(customer_id=survivor))}
    pictures = {domain: render_row(domain, row) for domain, row in known.items()}
    return {"key": str(key), **key._asdict(), "partition": partition, **merged, **pictures}


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
        "drift": {
            "active": amount_text(account.active_drift),
            "pending": amount_text(account.pending_drift),
            "lifetime": amount_text(account.lifetime_drift),
        },
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
            {
                "program_id": program_id,
                "tier": membership.tier,
                "expires_on": _day(membership.expires_on),
                "computed_expires_on": _day(membership.computed_expires_on),
            }
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
    return {
        "streaks": rendered,
        "targets": [_target(key, target) for key, target in state.targets.items()],
        "badges": [_badge(badge_id, badge) for badge_id, badge in state.badges.items()],
    }


def _target(key: str, target: Target) -> Json:
    period, target_id = key.split("|", 1)
    return {
        "target_id": target_id,
        "target_group_id": target.target_group_id,
        "target_period_id": _unescaped(period),
        "achieved": None if target.achieved is None else amount_text(target.achieved),
        "defined": None if target.defined is None else amount_text(target.defined),
        "met": target.met,
        "closed": target.closed,
    }


def _badge(badge_id: str, badge: Badge) -> Json:
    return {
        "badge_id": badge_id,
        "earns": badge.earns,
        "earned_on": badge.earned_on,
        "constraints": [
            {name: getattr(constraint, name) for name in constraint.__struct_fields__}
            for constraint in badge.constraints
        ],
    }


def _unescaped(part: str) -> str | None:
    """Return an id as it was before streak_key or target_key escaped it."""
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


def _customers(state: CustomersState) -> Json:
    return {
        "added_at": state.added_at,
        "transactions": [
            {"transaction_id": transaction_id, "status": transaction.status, "recorded": transaction.recorded}
            for transaction_id, transaction in state.transactions.items()
        ],
        "merged_customer_ids": list(state.merged),
        "segments": [segment_id for segment_id, standing in state.segments.items() if standing.holds],
        "consents": [consent_id for consent_id, standing in state.consents.items() if standing.holds],
        "messages": [
            {"channel": channel, "outcome": outcome, "count": count}
            for place, count in state.messages.items()
            for channel, outcome in [place.split("|", 1)]
        ],
    }


def _partners(state: PartnersState) -> Json:
    return {
        "memberships": [
            {
                "partner_program_id": partner_program_id,
                "state": membership.state,
                "kind": membership.kind,
                "expires_on": _day(membership.expires_on),
                "partner_tier": membership.partner_tier,
                "partner_tier_expires_on": _day(membership.partner_tier_expires_on),
            }
            for partner_program_id, membership in state.memberships.items()
        ]
    }


def _rewards(state: RewardsState) -> Json:
    """Return a reward's offer, or a customer's grants: a key has the one or the other."""
    if state.offer is not None:
        return _offer(state.offer)
    return {
        "grants": [
            {
                "reward_id": reward_id,
                "times": grant.times,
                "issued_at": grant.issued_at,
                "points_price": None if grant.points_price is None else amount_text(grant.points_price),
                "coupon_code_hash": grant.coupon_code_hash,
                "code_expires_at": grant.code_expires_at,
            }
            for reward_id, grant in state.grants.items()
        ]
    }


def _offer(offer: Offer) -> Json:
    return {
        "price": None if offer.price is None else amount_text(offer.price),
        "reward_type": offer.reward_type,
        "enabled": offer.enabled,
        "valid_from": offer.valid_from,
        "valid_to": offer.valid_to,
        "priority": offer.priority,
        "changed_at": offer.changed_at,
    }


def _card(state: CardState) -> Json:
    return {"status": state.status, "changed_at": state.changed_at}


def _request(state: RequestState) -> Json:
    return {
        "request_type": state.request_type,
        "base_type": state.base_type,
        "state": state.state,
        "changed_at": state.changed_at,
    }


def _execution(state: ExecutionState) -> Json:
    return {"status": state.status, "updated_at": state.updated_at}


def _clearing(state: ClearingState) -> Json:
    return {
        "open_transfers": [
            {
                "transfer_id": transfer_id,
                "direction": leg.direction,
                "customer_id": leg.customer_id,
                "amount": amount_text(leg.amount),
                "occurred_at": leg.occurred_at,
                "reported": leg.reported,
            }
            for transfer_id, leg in state.open.items()
        ]
    }


_RENDERERS: Final[dict[str, Callable[[Any], Json]]] = {
    "points": _points,
    "tiers": _tiers,
    "coupons": _coupons,
    "streaks": _streaks,
    "promotions": _promotions,
    "customers": _customers,
    "partners": _partners,
    "rewards": _rewards,
    "cards": _card,
    "requests": _request,
    "clearing": _clearing,
    "campaigns": render_campaigns,
    "executions": _execution,
}
