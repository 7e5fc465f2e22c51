"""Keep the newest version of each execution of a campaign: when it ran, for whom, and how it ended."""

from loyalty_stream.domains.executions.derived import CampaignExecutionRecorded
from loyalty_stream.domains.executions.events import (
    CampaignExecuted,
)
from loyalty_stream.domains.executions.reduce import REDUCERS
from loyalty_stream.domains.executions.state import ExecutionState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="executions",
    state_type=ExecutionState,
    initial=ExecutionState(),
    reducers=REDUCERS,
    derived=(CampaignExecutionRecorded,),
    topic="campaigns",
    causes={
        CampaignExecuted: (CampaignExecutionRecorded,),
    },
)
