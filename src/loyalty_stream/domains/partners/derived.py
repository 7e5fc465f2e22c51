"""What is published about partner programmes. A membership's number names a person, so it is not."""

from datetime import date
from typing import Literal

from loyalty_stream.domains.partners.state import PartnerState
from loyalty_stream.model.events import DerivedBody


class PartnerMembershipChanged(DerivedBody, frozen=True, gc=False):
    """A membership began, changed or ended; from one state to the same one, only what stands beside it changed."""

    partner_program_id: str
    kind: str | None
    from_state: PartnerState | None
    to_state: PartnerState
    expires_on: date | None
    partner_tier: str | None
    partner_tier_expires_on: date | None


class PartnerMembershipExpiringSoon(DerivedBody, frozen=True, gc=False):
    """A membership is about to expire; `scheduled_on` is None where the vendor gave no usable date."""

    partner_program_id: str
    scheduled_on: date | None
    basis: Literal["vendor"]
