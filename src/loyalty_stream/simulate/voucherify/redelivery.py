"""Another activity under the id of an earlier one: each changes a fact that no reading of it could leave out."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Final

from loyalty_stream.simulate.voucherify.reports import CARD, REWARDED
from loyalty_stream.simulate.voucherify.stage import Activity
from loyalty_stream.simulate.voucherify.world import Json

_MORE: Final = 7


def _balance(field: str) -> Callable[[Json], None]:
    def change(data: Json) -> None:
        told = [data["balance"]]
        if data.get("transaction") is not None:
            told.append(data["transaction"]["details"]["balance"])
        for balance in told:
            balance[field] += _MORE if balance[field] > 0 else -_MORE

    return change


def _expired(data: Json) -> None:
    data["points"] += _MORE


def _pending(data: Json) -> None:
    data["voucher_pending_points_balance"]["points"] += _MORE


def _published(data: Json) -> None:
    data["publication"]["voucher"]["code"] += "X"


def _redeemed(data: Json) -> None:
    data["voucher"]["code"] += "X"
    if "amount" in data["redemption"]:
        data["redemption"]["amount"] += _MORE


def _rolled_back(data: Json) -> None:
    data["voucher"]["code"] += "X"
    if "amount" in data["redemption_rollback"]:
        data["redemption_rollback"]["amount"] -= _MORE
    elif "amount" in data["redemption"]:
        data["redemption"]["amount"] += _MORE


def _id_of(field: str) -> Callable[[Json], None]:
    def change(data: Json) -> None:
        data[field]["id"] += "x"

    return change


_TIER: Final = "customer.loyalty.tier"
_CONTRADICT: Final[dict[str, Callable[[Json], None]]] = {
    REWARDED: _balance("points"),
    f"{CARD}.points_added": _balance("points"),
    f"{CARD}.points_transferred": _balance("points"),
    f"{CARD}.points_expired": _expired,
    f"{CARD}.pending_points.added": _pending,
    "customer.voucher.gift.balance_added": _balance("amount"),
    "customer.publication.succeeded": _published,
    "customer.redemption.succeeded": _redeemed,
    "customer.redemption.rollback.succeeded": _rolled_back,
    "customer.rewarded": _id_of("reward"),
    "customer.referred": _id_of("referrer"),
    "customer.segment.entered": _id_of("segment"),
    "customer.segment.left": _id_of("segment"),
    f"{_TIER}.joined": _id_of("loyalty_tier"),
    f"{_TIER}.prolonged": _id_of("loyalty_tier"),
    f"{_TIER}.upgraded": _id_of("loyalty_tier_to"),
    f"{_TIER}.downgraded": _id_of("loyalty_tier_to"),
}


def can_contradict(activity: Activity) -> bool:
    """Tell whether an activity took effect and has a fact to contradict."""
    return activity.effect == "applied" and activity.name in _CONTRADICT


def contradict(activity: Activity) -> Activity:
    """Return another activity under the id of an earlier one."""
    data = deepcopy(activity.data)
    _CONTRADICT[activity.name](data)
    return replace(activity, data=data)
