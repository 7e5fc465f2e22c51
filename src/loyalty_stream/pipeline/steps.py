"""The table of what concerns the whole of a customer: which step takes which event."""

from collections.abc import Callable
from typing import Final

from loyalty_stream.domains.customers.events import CustomerErasureApproved, CustomersMerged
from loyalty_stream.model.events import EventBody
from loyalty_stream.pipeline import erasing, merging, whole
from loyalty_stream.pipeline.reduced import Reduced

Step = Callable[..., Reduced]
"""A step takes the event, its body, the rows of its partition and the size of a dedup window."""

STATED: Final[tuple[type[EventBody], ...]] = (CustomersMerged, CustomerErasureApproved)
"""The facts that dialects state; the others follow from them."""

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
