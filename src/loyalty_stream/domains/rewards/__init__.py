"""Keep the rewards on offer, each under a key of its own, and which of them a customer was given."""

from loyalty_stream.domains.rewards import events
from loyalty_stream.domains.rewards.derived import (
    RewardCatalogChanged,
    RewardExpiringSoon,
    RewardIssued,
    RewardIssueFailed,
)
from loyalty_stream.domains.rewards.merge import MERGE_RULES
from loyalty_stream.domains.rewards.reduce import REDUCERS
from loyalty_stream.domains.rewards.state import RewardsState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="rewards",
    state_type=RewardsState,
    initial=RewardsState(),
    reducers=REDUCERS,
    derived=(RewardCatalogChanged, RewardIssued, RewardIssueFailed, RewardExpiringSoon),
    merge=MERGE_RULES,
    causes={
        events.RewardCreated: (RewardCatalogChanged,),
        events.RewardUpdated: (RewardCatalogChanged,),
        events.RewardExpiryAnnounced: (RewardExpiringSoon,),
        events.RewardIssued: (RewardIssued,),
        events.RewardIssueFailed: (RewardIssueFailed,),
    },
)
