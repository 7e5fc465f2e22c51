"""The tables of what concerns the whole of a customer: no single reducer has it, as it is done in every domain."""

from collections.abc import Callable
from typing import Final, NamedTuple

from loyalty_stream.domains.customers.derived import CustomerErased, CustomerMerged
from loyalty_stream.domains.customers.events import CustomerErasureApproved, CustomersMerged
from loyalty_stream.domains.points.derived import BalanceChanged, BalanceDriftDetected, BalanceDriftResolved
from loyalty_stream.domains.tiers.derived import TierChanged, TierDriftDetected, TierRenewed
from loyalty_stream.model.events import DerivedBody, EventBody
from loyalty_stream.pipeline import erasing, merging, whole
from loyalty_stream.pipeline.reduced import Reduced

Step = Callable[..., Reduced]
"""A step takes the event, its body, the rows of its partition and the size of a dedup window."""

STEPS: Final[dict[type[EventBody], Step]] = {
    CustomersMerged: merging.stated,
    whole.MergeProposed: merging.decided,
    whole.MergeRefused: merging.refused,
    whole.StateRequested: merging.requested,
    whole.StateMoved: merging.moved,
    CustomerErasureApproved: erasing.approved,
    whole.AliasErased: erasing.alias_erased,
    whole.MergesForgotten: erasing.merges_forgotten,
}


class WholeCustomerEvent(NamedTuple):
    """A fact that dialects state, for readers: what it does, and the derived events that it or its steps may cause."""

    body: type[EventBody]
    effect: str
    derived: tuple[type[DerivedBody], ...]


# Beside the domains' own tables (`Domain.causes`) this is what docs/events.md is written from.
WHOLE_CUSTOMER: Final[tuple[WholeCustomerEvent, ...]] = (
    WholeCustomerEvent(
        CustomersMerged,
        "Give the survivor everything of the victim in every domain, and the victim's later events.",
        (
            BalanceChanged,
            BalanceDriftDetected,
            BalanceDriftResolved,
            TierChanged,
            TierRenewed,
            TierDriftDetected,
            CustomerMerged,
        ),
    ),
    WholeCustomerEvent(
        CustomerErasureApproved,
        "Delete every row of the customer, and ignore every later event of theirs.",
        (CustomerErased,),
    ),
)
