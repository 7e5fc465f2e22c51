"""What is kept of a customer's partner programmes."""

from datetime import date
from typing import Literal

from msgspec import Struct, field

PartnerState = Literal["linked", "delinked"]


class Membership(Struct, frozen=True, array_like=True, gc=False):
    """A customer's place in one partner programme; a date that is None is unknown or never.

    `changed_at` is the time of the newest event of it, in milliseconds since the epoch: an older one is late.
    """

    state: PartnerState
    changed_at: int
    kind: str | None = None
    expires_on: date | None = None
    partner_tier: str | None = None
    partner_tier_expires_on: date | None = None


class PartnersState(Struct, frozen=True, array_like=True, gc=False):
    """A customer's memberships by partner programme id."""

    memberships: dict[str, Membership] = field(default_factory=dict)

    def with_membership(self, partner_program_id: str, membership: Membership) -> "PartnersState":
        """Return a new state in which one membership is replaced."""
        return PartnersState({**self.memberships, partner_program_id: membership})
