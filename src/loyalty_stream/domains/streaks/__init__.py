"""Keep how far a customer is in each streak: its state, its value and the levels held."""

from loyalty_stream.domains.streaks.derived import StreakBroken, StreakProgressed, StreakStateChanged
from loyalty_stream.domains.streaks.reduce import REDUCERS
from loyalty_stream.domains.streaks.state import StreaksState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="streaks",
    state_type=StreaksState,
    initial=StreaksState(),
    reducers=REDUCERS,
    derived=(StreakStateChanged, StreakProgressed, StreakBroken),
)
