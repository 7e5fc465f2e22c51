"""What is published about executions of campaigns."""

from loyalty_stream.model.events import DerivedBody


class CampaignExecutionRecorded(DerivedBody, frozen=True, gc=False):
    """A campaign was executed, or the record of that has changed; the vendor's messages may name members: only flags.

    `from_status` is None for an execution that was not known. The texts are in the raw record that the cause names.
    """

    execution_id: str
    campaign_id: str
    status: str
    from_status: str | None
    customer_id: str | None
    transaction_id: str | None
    executed_at: int | None
    has_message: bool
    has_warning: bool
