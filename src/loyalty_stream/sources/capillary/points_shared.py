"""What all of Capillary's points events share; sources: DOMAIN 3.2, and DESIGN, "Points, to the letter"."""

from decimal import Decimal
from typing import Final

from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.sources.wire import (
    Amount,
    given_amount,
)

POINTS: Final = "points"  # the currency of every account that is not an alternate one
Repairs = list[RepairKind]


def spelled(repairs: Repairs, *spellings: Amount) -> Decimal:
    """Return the first of an amount's spellings that is there; none is zero and a counted warning."""
    for raw in spellings:
        given = given_amount(raw)
        if given is not None:
            return given
    repairs.append(RepairKind.UNKNOWN_SPELLING)
    return ZERO
