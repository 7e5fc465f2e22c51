"""What is kept of a campaign, and of an application whose campaigns have an order."""

from msgspec import Struct, field

from loyalty_stream.domains.campaigns.document import CampaignDocument, StateWord
from loyalty_stream.domains.campaigns.priorities import CampaignPosition, TierStep


class Campaign(Struct, frozen=True, array_like=True, gc=False):
    """A campaign as the newest word on it has it.

    `state` is the effective one, None while unknown, and `vendor_state` the vendor's own word. `version_at` is the
    newest usable time of the vendor, and `deleted_at` the time of the deletion, after which nothing changes; both are
    milliseconds since the epoch. `near` names the limits of which CampaignBudgetNear was told.
    """

    state: StateWord | None = None
    vendor_state: str | None = None
    version_at: int = 0
    document: CampaignDocument | None = None
    ruleset_id: str | None = None
    priority_set: str | None = None
    priority_position: int | None = None
    near: tuple[str, ...] = ()
    deleted_at: int | None = None


class Application(Struct, frozen=True, array_like=True, gc=False):
    """The order of an application's campaigns, and the tiers of its loyalty programmes by programme id."""

    positions: tuple[CampaignPosition, ...]
    programs: dict[str, tuple[TierStep, ...]] = field(default_factory=dict)
    version_at: int = 0


class CampaignsState(Struct, frozen=True, array_like=True, gc=False):
    """A campaign where the key is a campaign's, an application where it is an application's."""

    campaign: Campaign = Campaign()
    application: Application | None = None
