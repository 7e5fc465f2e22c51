"""Reduce card events to each card's status.

Source: cardUpdated in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from typing import Final, Never

from loyalty_stream.domains.cards.derived import CardStateChanged
from loyalty_stream.domains.cards.events import CardUpdated
from loyalty_stream.domains.cards.state import CardState
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Outcome


def updated(state: CardState, event: CanonicalEvent, body: CardUpdated) -> Outcome[CardState]:
    """Adopt the status, and tell what changed; an event that comes late, by the vendor's time, changes nothing."""
    if event.occurred_at < state.changed_at:
        return Applied(state)
    after = CardState(body.state, event.occurred_at)
    if state.status == body.state and not body.changed_fields:
        return Applied(after)
    from_state = body.previous_state if state.status is None else state.status
    change = CardStateChanged(body.card_number_hash, from_state, body.state, body.changed_fields)
    return Applied(after, (change,))


REDUCERS: Final[dict[type[EventBody], Callable[[CardState, CanonicalEvent, Never], Outcome[CardState]]]] = {
    CardUpdated: updated,
}
