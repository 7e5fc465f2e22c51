"""Reduce request events to each request's state.

An approved request has moved nothing: the points, the badge or the deletion that it leads to is told by events of its
own (DESIGN rule 7).
Source: requestUpdated and requestWorkflowEvent in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from typing import Final, Never

from loyalty_stream.domains.requests.derived import RequestStateChanged
from loyalty_stream.domains.requests.events import RequestMoved
from loyalty_stream.domains.requests.state import RequestState
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Outcome


def moved(state: RequestState, event: CanonicalEvent, body: RequestMoved) -> Outcome[RequestState]:
    """Adopt the state, and tell where it is another one; an event that comes late changes nothing."""
    if event.occurred_at < state.changed_at:
        return Applied(state)
    base_type = state.base_type if body.base_type is None else body.base_type
    if state.state == body.state:
        return Applied(RequestState(body.request_type, base_type, body.state, state.changed_at))
    from_state = body.previous_state if state.state is None else state.state
    change = RequestStateChanged(
        body.request_id, body.request_type, from_state, body.state, body.customer_id, body.amount
    )
    return Applied(RequestState(body.request_type, base_type, body.state, event.occurred_at), (change,))


REDUCERS: Final[dict[type[EventBody], Callable[[RequestState, CanonicalEvent, Never], Outcome[RequestState]]]] = {
    RequestMoved: moved,
}
