"""What is kept of transfers of which one leg is still missing."""

from decimal import Decimal
from typing import Final

from msgspec import Struct, field

from loyalty_stream.model.events import Cause
from loyalty_stream.model.transfer import Direction

OPEN_MAX: Final = 1_000  # of one shard; the longest open transfer is forgotten first, and reported at the latest then
UNMATCHED_AFTER_MS: Final = 86_400_000  # a day: vendors deliver within it, or retry for more


class Leg(Struct, frozen=True, array_like=True, gc=False):
    """One leg of a transfer whose other leg is missing: its event, as far as telling its customer needs it."""

    direction: Direction
    customer_id: str
    amount: Decimal
    occurred_at: int
    vendor_timed: bool
    observed_at: int
    source_key: str
    cause: Cause
    reported: bool = False


class ClearingState(Struct, frozen=True, array_like=True, gc=False):
    """Open transfers by id, the longest open one first; a transfer that is settled is gone."""

    open: dict[str, Leg] = field(default_factory=dict)
