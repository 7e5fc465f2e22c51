"""The facts about campaigns, whichever vendor states them."""

from loyalty_stream.domains.campaigns.document import CampaignDocument, StateWord
from loyalty_stream.domains.campaigns.priorities import CampaignPosition, ProgramTiers
from loyalty_stream.model.events import EventBody


class CampaignCreated(EventBody, frozen=True, gc=False, tag=True):
    """A campaign was created; `state` is None where only its document says in which one it is."""

    campaign_id: str
    state: StateWord | None
    vendor_state: str | None
    ruleset_id: str | None = None
    priority_set: str | None = None
    priority_position: int | None = None
    document: CampaignDocument | None = None


class CampaignStateMoved(EventBody, frozen=True, gc=False, tag=True):
    """The vendor put a campaign into a state; `previous_state` is None where it names none that is known."""

    campaign_id: str
    previous_state: StateWord | None
    state: StateWord
    vendor_state: str
    document: CampaignDocument


class CampaignRulesReplaced(EventBody, frozen=True, gc=False, tag=True):
    """A campaign has other rules from now on."""

    campaign_id: str
    ruleset_id: str | None
    document: CampaignDocument


class CampaignEdited(EventBody, frozen=True, gc=False, tag=True):
    """A campaign was edited; `changed` names the vendor's fields that differ, in the vendor's words."""

    campaign_id: str
    changed: tuple[str, ...]
    document: CampaignDocument


class CampaignVersionStated(EventBody, frozen=True, gc=False, tag=True):
    """This is what a campaign is now; what changed since the last version is for us to see."""

    campaign_id: str
    document: CampaignDocument


class CampaignRemoved(EventBody, frozen=True, gc=False, tag=True):
    """A campaign was deleted."""

    campaign_id: str


class CampaignPrioritiesSet(EventBody, frozen=True, gc=False, tag=True):
    """An application's campaigns are taken in this order; `previous` is None where the vendor does not name it."""

    application_id: str
    positions: tuple[CampaignPosition, ...]
    previous: tuple[CampaignPosition, ...] | None = None
    programs: tuple[ProgramTiers, ...] = ()
