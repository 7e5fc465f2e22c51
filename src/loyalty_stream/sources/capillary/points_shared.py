"""What all of Capillary's points events share; sources: DOMAIN 3.2, and DESIGN, "Points, to the letter"."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from loyalty_stream.domains.points.events import IssuedLot
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.wire import (
    Amount,
    given_amount,
)

POINTS: Final = "points"  # the currency of every account that is not an alternate one


def spelled(repairs: Repairs, *spellings: Amount) -> Decimal:
    """Return the first of an amount's spellings that is there; none is zero and a counted warning."""
    for raw in spellings:
        given = given_amount(raw)
        if given is not None:
            return given
    repairs.append(RepairKind.UNKNOWN_SPELLING)
    return ZERO


class Issue(NamedTuple):
    """The amounts of one currency that an issue states."""

    regular: Decimal | None
    breakup: Sequence[IssuedLot]
    promotional: Sequence[IssuedLot]
    promised: Sequence[Decimal]
    total: Decimal | None


def issued_lots(issue: Issue) -> tuple[IssuedLot, ...]:
    """Return the lots of an issue; regular is what is stated or the breakup's sum, where that is larger.

    The total counts as regular where nothing else is there; raise Problem where that is missing too.
    """
    lots, regular = list(issue.breakup), issue.regular
    if regular is None and not lots and not issue.promotional and not issue.promised:
        if issue.total is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "none of the amounts of an issue is there")
        regular = issue.total
    broken_up = sum((lot.amount for lot in lots), ZERO)
    if regular is not None and regular > broken_up:
        lots.append(IssuedLot(regular - broken_up, None, "regular"))
    return (*lots, *issue.promotional)


class Returned(NamedTuple):
    """The amounts of one currency that a return states: of this event, or of all returns so far."""

    regular: Decimal | None
    promised: Decimal | None
    promotional: Sequence[Amount]

    @property
    def given(self) -> bool:
        """Whether any of the amounts is there."""
        return self.regular is not None or self.promised is not None or bool(self.promotional)


def returned(repairs: Repairs, own: Returned, cumulative: Returned, total: Decimal | None) -> tuple[Decimal, Decimal]:
    """Return what a return takes from active and from pending: this event's own amounts, else the cumulative ones.

    The total counts as regular where nothing else is there; raise Problem where that is missing too.
    """
    amounts = own if own.given else cumulative
    if not amounts.given:
        if total is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "none of the amounts of a reversed issue is there")
        amounts = Returned(total, None, ())
    active = sum((spelled(repairs, raw) for raw in amounts.promotional), amounts.regular or ZERO)
    return active, amounts.promised or ZERO
