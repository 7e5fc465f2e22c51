"""Keep which partner programmes a customer is linked to, until when, and in which tier of theirs."""

from loyalty_stream.domains.partners.derived import PartnerMembershipChanged, PartnerMembershipExpiringSoon
from loyalty_stream.domains.partners.events import (
    PartnerProgramDelinked,
    PartnerProgramLinked,
    PartnerProgramUpdated,
    SupplementaryMembershipExpiryAnnounced,
)
from loyalty_stream.domains.partners.merge import MERGE_RULES
from loyalty_stream.domains.partners.reduce import REDUCERS
from loyalty_stream.domains.partners.state import PartnersState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="partners",
    state_type=PartnersState,
    initial=PartnersState(),
    reducers=REDUCERS,
    derived=(PartnerMembershipChanged, PartnerMembershipExpiringSoon),
    merge=MERGE_RULES,
    causes={
        PartnerProgramLinked: (PartnerMembershipChanged,),
        PartnerProgramUpdated: (PartnerMembershipChanged,),
        PartnerProgramDelinked: (PartnerMembershipChanged,),
        SupplementaryMembershipExpiryAnnounced: (PartnerMembershipExpiringSoon,),
    },
)
