"""What is kept of a reward on offer, and of the rewards that a customer was given."""

from decimal import Decimal
from typing import Self

from msgspec import Struct, field


class Offer(Struct, frozen=True, array_like=True, gc=False):
    """A reward's terms as last stated; `changed_at` is the vendor's time of that."""

    changed_at: int
    price: Decimal | None = None
    reward_type: str | None = None
    enabled: bool | None = None
    valid_from: int | None = None
    valid_to: int | None = None
    priority: int | None = None


class Grant(Struct, frozen=True, array_like=True, gc=False):
    """How often a customer was given one reward, and the details of the last time."""

    times: int
    issued_at: int
    points_price: Decimal | None = None
    coupon_code_hash: str | None = None
    code_expires_at: int | None = None


class RewardsState(Struct, frozen=True, array_like=True, gc=False):
    """A reward's offer where the key is a reward's; a customer's grants by reward id where it is a customer's."""

    offer: Offer | None = None
    grants: dict[str, Grant] = field(default_factory=dict)

    def with_grant(self, reward_id: str, grant: Grant) -> Self:
        """Return a new state in which one grant is replaced."""
        return type(self)(self.offer, {**self.grants, reward_id: grant})
