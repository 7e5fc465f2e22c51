"""Join the two legs of each transfer of points, whichever comes first. No balance lies here: the customers have it."""

from loyalty_stream.domains.clearing.due import DUE
from loyalty_stream.domains.clearing.events import TransferWaitEnded
from loyalty_stream.domains.clearing.reduce import REDUCERS
from loyalty_stream.domains.clearing.state import ClearingState
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.transfer import TransferLegBooked, TransferSettled, TransferUnmatched

DOMAIN = Domain(
    name="clearing",
    state_type=ClearingState,
    initial=ClearingState(),
    reducers=REDUCERS,
    derived=(),
    causes={TransferLegBooked: (), TransferWaitEnded: ()},
    leads_to={
        TransferLegBooked: (TransferSettled, TransferUnmatched),
        TransferWaitEnded: (TransferUnmatched,),
    },
    topic="points",
    due=DUE,
)
