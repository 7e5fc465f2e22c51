"""Keep the promotions that a customer was issued and earned, and which of them were revoked."""

from loyalty_stream.domains.promotions.derived import PromotionStateChanged
from loyalty_stream.domains.promotions.events import (
    EarnedPromotionRevoked,
    IssuedPromotionRevoked,
    PromotionEarned,
    PromotionIssued,
)
from loyalty_stream.domains.promotions.merge import MERGE_RULES
from loyalty_stream.domains.promotions.reduce import REDUCERS
from loyalty_stream.domains.promotions.state import PromotionsState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="promotions",
    state_type=PromotionsState,
    initial=PromotionsState(),
    reducers=REDUCERS,
    derived=(PromotionStateChanged,),
    merge=MERGE_RULES,
    causes={
        PromotionIssued: (PromotionStateChanged,),
        PromotionEarned: (PromotionStateChanged,),
        IssuedPromotionRevoked: (PromotionStateChanged,),
        EarnedPromotionRevoked: (PromotionStateChanged,),
    },
)
