"""What is published about rewards."""

from datetime import date
from decimal import Decimal
from typing import Literal

from loyalty_stream.model.events import DerivedBody

Change = Literal["created", "updated"]


class RewardCatalogChanged(DerivedBody, frozen=True, gc=False):
    """A reward's terms after a change; a field that the vendor never stated is null."""

    reward_id: str
    change: Change
    price: Decimal | None
    reward_type: str | None
    enabled: bool | None
    valid_from: int | None
    valid_to: int | None
    priority: int | None


class RewardIssued(DerivedBody, frozen=True, gc=False):
    """A customer was given a reward; it moves no points, the vendor's own points event does."""

    reward_id: str
    points_price: Decimal | None
    coupon_code_hash: str | None
    code_expires_at: int | None


class RewardIssueFailed(DerivedBody, frozen=True, gc=False):
    """A reward was not given; `total_points` is the price of all that was asked for with it."""

    reward_id: str | None
    total_points: Decimal | None
    error_code: str | None
    error_reason: str | None


class RewardExpiringSoon(DerivedBody, frozen=True, gc=False):
    """A reward is soon on offer no more; `ends_on` is None where the vendor gave no usable date."""

    reward_id: str
    ends_on: date | None
    basis: Literal["vendor"]
