"""Join the two legs of each transfer of points, whichever comes first. No balance lies here: the customers have it."""

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
    causes={TransferLegBooked: ()},
    leads_to={TransferLegBooked: (TransferSettled, TransferUnmatched)},
    topic="points",
)
