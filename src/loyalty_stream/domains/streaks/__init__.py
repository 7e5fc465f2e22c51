"""Keep how far a customer is in each streak and target, and the badges earned."""

from loyalty_stream.domains.streaks import events
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
    causes={
        events.StreakCustomerEnrolled: (StreakStateChanged,),
        events.StreakCustomerUnenrolled: (StreakStateChanged,),
        events.StreakStarted: (StreakStateChanged,),
        events.StreakEnded: (StreakStateChanged, StreakBroken),
        events.StreakLevelAchieved: (StreakProgressed,),
        events.StreakLevelLost: (StreakBroken,),
        events.TargetCustomerEnrolled: (TargetEnrolled,),
        events.TargetPeriodStarted: (TargetPeriodOpened,),
        events.TargetValueUpdated: (TargetProgressed,),
        events.TargetValueAchieved: (TargetAchieved,),
        events.TargetGroupAchieved: (TargetAchieved,),
        events.TargetGroupUnachieved: (TargetUnachieved,),
        events.TargetPeriodCompleted: (TargetPeriodClosed,),
        events.BadgeEarned: (BadgeEarned,),
    },
)
