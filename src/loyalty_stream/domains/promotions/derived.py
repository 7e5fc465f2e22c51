"""What is published about promotions."""

from datetime import date

from loyalty_stream.domains.promotions.state import PromotionState
from loyalty_stream.model.events import DerivedBody


class PromotionStateChanged(DerivedBody, frozen=True, gc=False):
    """An issual, or an earn where `earned_id` is given, went from one state of its own to the next."""

    promotion_id: str
    issual_id: str | None
    earned_id: str | None
    from_state: PromotionState | None
    to_state: PromotionState
    expires_on: date | None
