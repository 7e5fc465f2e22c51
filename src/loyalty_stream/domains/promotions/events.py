"""The facts about a customer's promotions, whichever vendor states them."""

from datetime import date

from msgspec import Struct

from loyalty_stream.model.events import EventBody


class PromotionIssued(EventBody, frozen=True, gc=False, tag=True):
    """The customer was given the chance to earn a promotion."""

    program_id: str | None
    promotion_id: str
    issual_id: str
    expires_on: date | None = None


class PromotionEarned(EventBody, frozen=True, gc=False, tag=True):
    """The customer earned a promotion; several earns may belong to one issual, or to none."""

    program_id: str | None
    promotion_id: str
    issual_id: str | None
    earned_id: str
    expires_on: date | None = None


class IssuedPromotionRevoked(EventBody, frozen=True, gc=False, tag=True):
    """An issual was taken back."""

    program_id: str | None
    promotion_id: str
    issual_id: str


class RevokedEarn(Struct, frozen=True, gc=False):
    """One earn that was taken back, and the day on which it would have expired."""

    earned_id: str
    expires_on: date | None = None


class EarnedPromotionRevoked(EventBody, frozen=True, gc=False, tag=True):
    """Earns of one promotion were taken back."""

    program_id: str | None
    promotion_id: str
    earns: tuple[RevokedEarn, ...]
