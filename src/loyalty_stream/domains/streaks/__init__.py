"""Keep how far a customer is in each streak and target, and the badges earned."""

from loyalty_stream.domains.streaks.derived import (
    BadgeEarned,
    StreakBroken,
    StreakProgressed,
    StreakStateChanged,
    TargetAchieved,
    TargetEnrolled,
    TargetPeriodClosed,
    TargetPeriodOpened,
    TargetProgressed,
    TargetUnachieved,
)
from loyalty_stream.domains.streaks.merge import MERGE_RULES
from loyalty_stream.domains.streaks.reduce import REDUCERS
from loyalty_stream.domains.streaks.state import StreaksState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="streaks",
    state_type=StreaksState,
    initial=StreaksState(),
    reducers=REDUCERS,
    derived=(
        StreakStateChanged,
        StreakProgressed,
        StreakBroken,
        TargetProgressed,
        TargetAchieved,
        TargetUnachieved,
        TargetPeriodClosed,
        BadgeEarned,
        TargetPeriodOpened,
        TargetEnrolled,
    ),
    merge=MERGE_RULES,
)
