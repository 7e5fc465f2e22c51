"""Keep the status of each loyalty card, under the hash of its number: no event says whose card it is."""

from loyalty_stream.domains.cards.derived import CardStateChanged
from loyalty_stream.domains.cards.events import (
    CardUpdated,
)
from loyalty_stream.domains.cards.reduce import REDUCERS
from loyalty_stream.domains.cards.state import CardState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="cards",
    state_type=CardState,
    initial=CardState(),
    reducers=REDUCERS,
    derived=(CardStateChanged,),
    topic="customers",
    causes={
        CardUpdated: (CardStateChanged,),
    },
)
