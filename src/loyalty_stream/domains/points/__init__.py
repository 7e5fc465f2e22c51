"""Keep every customer's points: accounts, lots, baseline and drift."""

from typing import Final

from loyalty_stream.domains.points.derived import (
    BalanceChanged,
    BalanceDriftDetected,
    BalanceDriftResolved,
    PointsExpiringSoon,
    PointsTransferSettled,
    PointsTransferUnmatched,
)
from loyalty_stream.domains.points.due import DUE
from loyalty_stream.domains.points.events import (
    BalanceStated,
    IssueReversed,
    PointsAdjusted,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsExpiryMoved,
    PointsExpiryNeared,
    PointsIssued,
    PointsRedeemed,
    PointsTransferredIn,
    PointsTransferredOut,
    PromisedPointsConverted,
    RedemptionReversed,
)
from loyalty_stream.domains.points.merge import MERGE_RULES
from loyalty_stream.domains.points.reduce import REDUCERS
from loyalty_stream.domains.points.state import PointsState
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.transfer import TransferLegBooked, TransferSettled, TransferUnmatched

_BOOKED: Final = (BalanceChanged, BalanceDriftDetected, BalanceDriftResolved)  # what booking on an account may cause

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
    causes={
        PointsIssued: _BOOKED,
        PointsRedeemed: _BOOKED,
        PromisedPointsConverted: _BOOKED,
        PointsExpired: (BalanceChanged,),
        PointsExpiryAnnounced: (PointsExpiringSoon,),
        PointsExpiryNeared: (PointsExpiringSoon,),
        RedemptionReversed: _BOOKED,
        IssueReversed: _BOOKED,
        PointsExpiryMoved: (BalanceChanged,),
        PointsAdjusted: _BOOKED,
        BalanceStated: _BOOKED,
        PointsTransferredOut: _BOOKED,
        PointsTransferredIn: (BalanceChanged,),
        TransferSettled: (PointsTransferSettled,),
        TransferUnmatched: (PointsTransferUnmatched,),
    },
    leads_to={PointsTransferredOut: (TransferLegBooked,), PointsTransferredIn: (TransferLegBooked,)},
    due=DUE,
)
