"""What is kept of a customer's tiers."""

from datetime import date

from msgspec import Struct, field


class Membership(Struct, frozen=True, array_like=True, gc=False):
    """A customer's place in one programme.

    `tier` is None once the customer is known to hold none. `reported_tier` is the vendor's differing tier that the
    last reminder showed and that was reported, so that each further reminder does not report it again. `changed_at`
    is the vendor's time of the last word on the tier held. `merged_at` is that of the last merge that decided on the
    tier: an older event that arrives later has nothing to say of it any more. Both are milliseconds since the epoch.
    `computed_expires_on` is the tier's last day by the rules of the programme's campaign, None where it has none.
    """

    tier: str | None
    expires_on: date | None = None
    reported_tier: str | None = None
    changed_at: int = 0
    merged_at: int = 0
    computed_expires_on: date | None = None


class TiersState(Struct, frozen=True, array_like=True, gc=False):
    """A customer's memberships by programme id; a programme that is absent is unknown."""

    programs: dict[str, Membership] = field(default_factory=dict)

    def with_membership(self, program_id: str, membership: Membership) -> "TiersState":
        """Return a new state in which one programme's membership is replaced."""
        return TiersState({**self.programs, program_id: membership})
