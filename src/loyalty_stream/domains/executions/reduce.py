"""Reduce versions of executions to the newest one of each.

The vendor exports a record again whenever it changes, and whole histories on request, so that versions come repeatedly
and in any order; the time of its last update orders them.
Source: https://help.openloyalty.io/technical-guide/data-exports/data-structure-and-types/campaign-execution.
"""

from collections.abc import Callable
from typing import Final, Never

import msgspec

from loyalty_stream.domains.executions.derived import CampaignExecutionRecorded
from loyalty_stream.domains.executions.events import CampaignExecuted
from loyalty_stream.domains.executions.state import ExecutionState
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.ids import fingerprint
from loyalty_stream.model.outcome import DUPLICATE, Applied, Outcome


def executed(state: ExecutionState, _event: CanonicalEvent, body: CampaignExecuted) -> Outcome[ExecutionState]:
    """Adopt a newer version, and tell it; an older one changes nothing, and is a duplicate where it says the same."""
    content = _content(body)
    if state.status is not None and body.updated_at <= state.updated_at:
        return DUPLICATE if content == state.content else Applied(state)
    told = CampaignExecutionRecorded(
        body.execution_id,
        body.campaign_id,
        body.status,
        state.status,
        body.customer_id,
        body.transaction_id,
        body.executed_at,
        body.has_message,
        body.has_warning,
    )
    return Applied(ExecutionState(body.status, body.updated_at, content), (told,))


def _content(body: CampaignExecuted) -> str:
    """Return what stands for all that a version says, whenever it was updated."""
    return fingerprint(msgspec.json.encode(msgspec.structs.replace(body, updated_at=0)).decode())


REDUCERS: Final[dict[type[EventBody], Callable[[ExecutionState, CanonicalEvent, Never], Outcome[ExecutionState]]]] = {
    CampaignExecuted: executed,
}
