"""Keep each campaign's state, rules and budgets, and the order of an application's campaigns."""

from typing import Final

from loyalty_stream.domains.campaigns import events
from loyalty_stream.domains.campaigns.derived import (
    CampaignBudgetNear,
    CampaignDefinitionChanged,
    CampaignDeleted,
    CampaignPriorityChanged,
    CampaignStateChanged,
)
from loyalty_stream.domains.campaigns.reduce import REDUCERS
from loyalty_stream.domains.campaigns.state import CampaignsState
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.tier_terms import TierTermAsked, TierTermComputed

_REDEFINED: Final = (CampaignStateChanged, CampaignDefinitionChanged, CampaignBudgetNear)

DOMAIN: Domain[CampaignsState] = Domain(
    name="campaigns",
    state_type=CampaignsState,
    initial=CampaignsState(),
    reducers=REDUCERS,
    derived=(
        CampaignStateChanged,
        CampaignDefinitionChanged,
        CampaignPriorityChanged,
        CampaignDeleted,
        CampaignBudgetNear,
    ),
    causes={
        events.CampaignCreated: (CampaignStateChanged, CampaignBudgetNear),
        events.CampaignStateMoved: (CampaignStateChanged, CampaignBudgetNear),
        events.CampaignRulesReplaced: _REDEFINED,
        events.CampaignEdited: _REDEFINED,
        events.CampaignVersionStated: _REDEFINED,
        events.CampaignRemoved: (CampaignDeleted,),
        events.CampaignPrioritiesSet: (CampaignPriorityChanged,),
        TierTermAsked: (),
    },
    leads_to={TierTermAsked: (TierTermComputed,)},
)
