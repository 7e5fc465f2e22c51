"""Keep the state of each request that somebody must approve. Approval is not payment: no points move here."""

from loyalty_stream.domains.requests.derived import RequestStateChanged
from loyalty_stream.domains.requests.events import (
    RequestMoved,
)
from loyalty_stream.domains.requests.reduce import REDUCERS
from loyalty_stream.domains.requests.state import RequestState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="requests",
    state_type=RequestState,
    initial=RequestState(),
    reducers=REDUCERS,
    derived=(RequestStateChanged,),
    causes={
        RequestMoved: (RequestStateChanged,),
    },
)
