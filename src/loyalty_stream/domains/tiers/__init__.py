"""Keep which tier a customer holds in each loyalty programme, and until when."""

from loyalty_stream.domains.tiers import events
from loyalty_stream.domains.tiers.derived import TierChanged, TierDriftDetected, TierExpiringSoon, TierRenewed
from loyalty_stream.domains.tiers.due import DUE
from loyalty_stream.domains.tiers.merge import MERGE_RULES
from loyalty_stream.domains.tiers.reduce import REDUCERS
from loyalty_stream.domains.tiers.state import TiersState
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.tier_terms import TierTermAsked, TierTermComputed

DOMAIN = Domain(
    name="tiers",
    state_type=TiersState,
    initial=TiersState(),
    reducers=REDUCERS,
    derived=(TierChanged, TierRenewed, TierExpiringSoon, TierDriftDetected),
    merge=MERGE_RULES,
    causes={
        events.TierUpgraded: (TierChanged, TierRenewed, TierDriftDetected),
        events.TierDowngraded: (TierChanged, TierRenewed, TierDriftDetected),
        events.TierRenewed: (TierRenewed, TierDriftDetected),
        events.TierDowngradeScheduled: (TierExpiringSoon, TierDriftDetected),
        TierTermComputed: (TierDriftDetected,),
        events.TierExpiryNeared: (TierExpiringSoon,),
    },
    leads_to={
        events.TierUpgraded: (TierTermAsked,),
        events.TierDowngraded: (TierTermAsked,),
        events.TierRenewed: (TierTermAsked,),
    },
    due=DUE,
)
