"""What is published about campaigns."""

from decimal import Decimal

from loyalty_stream.domains.campaigns.document import StateWord
from loyalty_stream.domains.campaigns.priorities import CampaignPosition
from loyalty_stream.model.events import DerivedBody


class CampaignStateChanged(DerivedBody, frozen=True, gc=False):
    """A campaign went from one effective state to another; `vendor_state` is the vendor's own word, if it has one."""

    campaign_id: str
    from_state: StateWord | None
    to_state: StateWord
    vendor_state: str | None


class CampaignDefinitionChanged(DerivedBody, frozen=True, gc=False):
    """A campaign is another than before; `changed` names the vendor's fields, never their values."""

    campaign_id: str
    changed: tuple[str, ...]


class CampaignPriorityChanged(DerivedBody, frozen=True, gc=False):
    """The campaigns of an application are taken in another order; `previous` is empty where it is not known."""

    application_id: str
    positions: tuple[CampaignPosition, ...]
    previous: tuple[CampaignPosition, ...]


class CampaignDeleted(DerivedBody, frozen=True, gc=False):
    """A campaign is no more; its last effective state is None where it was not known."""

    campaign_id: str
    last_state: StateWord | None
    deleted_at: int


class CampaignBudgetNear(DerivedBody, frozen=True, gc=False):
    """At least nine tenths of a limit are used, by the campaign's own total; told once until it is less again."""

    campaign_id: str
    action: str
    period: str | None
    used: Decimal
    amount: Decimal
