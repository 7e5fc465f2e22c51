"""Merges that cannot be: of a customer with themselves, in a circle, or of one who is merged already."""

from collections.abc import Callable
from typing import Final

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.merges import merge_event
from loyalty_stream.simulate.capillary.stage import Stage, VendorEvent

_RECORDS_SINCE: Final = 50  # so many lie between a merge and one that contradicts it
_RECORDS_UNTIL_SETTLED: Final = 200
_TRIES: Final = 6


def _with_itself(stage: Stage) -> VendorEvent:
    customer = stage.population.choose()
    return merge_event(stage, customer, customer)


def _cycle(stage: Stage) -> VendorEvent | None:
    """Let one who was merged absorb whom they were merged into."""
    victim = _merged(stage)
    return None if victim is None else merge_event(stage, victim, victim.present)


def _already(stage: Stage) -> VendorEvent | None:
    """Let a third customer absorb one who was merged."""
    victim = _merged(stage)
    if victim is None:
        return None
    for _ in range(_TRIES):
        third = stage.population.choose_beside(victim)
        if third is not victim.present:
            return merge_event(stage, third, victim)
    return None


def _merged(stage: Stage) -> Customer | None:
    """Return some victim of a merge that is no news any more, whose survivor is still there."""
    old = stage.history.merges_until(stage.number - _RECORDS_SINCE)
    return stage.history.merged[stage.draw.between(0, old - 1)][1] if old else None


_KINDS: Final[tuple[tuple[DeadLetterReason, Callable[[Stage], VendorEvent | None]], ...]] = (
    (DeadLetterReason.MERGE_WITH_ITSELF, _with_itself),
    (DeadLetterReason.MERGE_CYCLE, _cycle),
    (DeadLetterReason.MERGED_ALREADY, _already),
)


def bad_merge(stage: Stage) -> tuple[DeadLetterReason, VendorEvent] | None:
    """Return a merge that cannot be and the reason that it must be dead-lettered for; it is keyed by who is to survive.

    Return None where no customer was merged long enough ago.
    """
    reason, make = stage.draw.pick(_KINDS)
    event = make(stage)
    if event is None:
        return None
    event.customer.settled_number = stage.number + _RECORDS_UNTIL_SETTLED
    return reason, event
