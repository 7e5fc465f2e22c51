"""What is kept of a customer's promotions."""

from datetime import date
from typing import Literal

from msgspec import Struct, field

PromotionState = Literal["issued", "earned", "revoked"]


class Issual(Struct, frozen=True, array_like=True, gc=False):
    """One issual of a promotion: issued or revoked."""

    state: PromotionState
    expires_on: date | None = None


class Earn(Struct, frozen=True, array_like=True, gc=False):
    """One earn of a promotion: earned or revoked."""

    state: PromotionState
    issual_id: str | None = None
    expires_on: date | None = None


class Promotion(Struct, frozen=True, array_like=True, gc=False):
    """One promotion's issuals and earns by their ids."""

    issuals: dict[str, Issual] = field(default_factory=dict)
    earns: dict[str, Earn] = field(default_factory=dict)


class PromotionsState(Struct, frozen=True, array_like=True, gc=False):
    """A customer's promotions by promotion id."""

    promotions: dict[str, Promotion] = field(default_factory=dict)

    def with_issual(self, promotion_id: str, issual_id: str, issual: Issual) -> "PromotionsState":
        """Return a new state in which one issual is replaced."""
        promotion = self.promotions.get(promotion_id, Promotion())
        after = Promotion({**promotion.issuals, issual_id: issual}, promotion.earns)
        return PromotionsState({**self.promotions, promotion_id: after})

    def with_earn(self, promotion_id: str, earned_id: str, earn: Earn) -> "PromotionsState":
        """Return a new state in which one earn is replaced."""
        promotion = self.promotions.get(promotion_id, Promotion())
        after = Promotion(promotion.issuals, {**promotion.earns, earned_id: earn})
        return PromotionsState({**self.promotions, promotion_id: after})
