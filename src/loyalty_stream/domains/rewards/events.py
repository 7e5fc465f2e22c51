"""The facts about rewards, whichever vendor states them.

A reward on offer has a key of its own; what a customer was given, or was not, is under the customer's. A coupon's code
is a bearer secret: only its hash travels. Prices are in points, moments in milliseconds since the epoch.
"""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from loyalty_stream.model.events import EventBody


class Terms(Struct, frozen=True, gc=False):
    """What a reward is offered for, and when; a field is None where the vendor says nothing of it."""

    price: Decimal | None = None
    reward_type: str | None = None
    enabled: bool | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    priority: int | None = None


class RewardCreated(EventBody, frozen=True, gc=False, tag=True):
    """A reward was put into the catalogue."""

    reward_id: str
    terms: Terms


class RewardUpdated(EventBody, frozen=True, gc=False, tag=True):
    """A reward of the catalogue was changed."""

    reward_id: str
    terms: Terms


class RewardExpiryAnnounced(EventBody, frozen=True, gc=False, tag=True):
    """The vendor announced that a reward will soon be on offer no more; `ends_on` is the day in UTC."""

    reward_id: str
    ends_on: date | None = None


class RewardIssued(EventBody, frozen=True, gc=False, tag=True):
    """The customer was given a reward; what it cost is debited by an event of its own."""

    reward_id: str
    points_price: Decimal | None = None
    coupon_code_hash: str | None = None
    code_expires_at: int | None = None


class FailedReward(Struct, frozen=True, gc=False):
    """One reward that was not given; `error_reason` is the name of a limit, never the vendor's free text."""

    reward_id: str | None = None
    error_code: str | None = None
    error_reason: str | None = None


class RewardIssueFailed(EventBody, frozen=True, gc=False, tag=True):
    """The customer asked for rewards and was not given them; `total_points` is the price of all of them."""

    total_points: Decimal | None
    rewards: tuple[FailedReward, ...]
