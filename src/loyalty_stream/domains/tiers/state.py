"""What is kept of a customer's tiers."""

from datetime import date

from msgspec import Struct, field


class Membership(Struct, frozen=True, array_like=True, gc=False):
    """A customer's place in one programme.

    `tier` is None once the customer is known to hold none. `reported_tier` is the vendor's differing tier that the
    last reminder showed and that was reported, so that each further reminder does not report it again.
    """

    tier: str | None
    expires_on: date | None = None
    reported_tier: str | None = None


class TiersState(Struct, frozen=True, array_like=True, gc=False):
    """A customer's memberships by programme id; a programme that is absent is unknown."""

    programs: dict[str, Membership] = field(default_factory=dict)

    def with_membership(self, program_id: str, membership: Membership) -> "TiersState":
        """Return a new state in which one programme's membership is replaced."""
        return TiersState({**self.programs, program_id: membership})
