"""Keep every customer's points: accounts, lots, baseline and drift."""

from loyalty_stream.domains.points.derived import (
    BalanceChanged,
    BalanceDriftDetected,
    BalanceDriftResolved,
    PointsExpiringSoon,
    PointsTransferSettled,
    PointsTransferUnmatched,
)
from loyalty_stream.domains.points.merge import MERGE_RULES
from loyalty_stream.domains.points.reduce import REDUCERS
from loyalty_stream.domains.points.state import PointsState
from loyalty_stream.model.domain import Domain

DOMAIN: Domain[PointsState] = Domain(
    name="points",
    state_type=PointsState,
    initial=PointsState({}),
    reducers=REDUCERS,
    derived=(
        BalanceChanged,
        BalanceDriftDetected,
        BalanceDriftResolved,
        PointsExpiringSoon,
        PointsTransferSettled,
        PointsTransferUnmatched,
    ),
    merge=MERGE_RULES,
)
