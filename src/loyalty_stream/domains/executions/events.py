"""The facts about executions of campaigns, whichever vendor states them."""

from loyalty_stream.model.events import EventBody


class CampaignExecuted(EventBody, frozen=True, gc=False, tag=True):
    """A campaign was executed, as the vendor's record of it stands at `updated_at`.

    `status` is success, skipped or failed; `executed_at` and `updated_at` are milliseconds since the epoch.
    `customer_id` and `transaction_id` are None where nobody, or no transaction, set the campaign off.
    """

    execution_id: str
    campaign_id: str
    status: str
    customer_id: str | None
    transaction_id: str | None
    executed_at: int | None
    updated_at: int
    has_message: bool = False
    has_warning: bool = False
