"""Two customers' points and their merge, as short as they can be written."""

from collections.abc import Sequence
from decimal import Decimal

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.derived import BalanceChanged, BalanceDriftDetected, BalanceDriftResolved
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.model.events import DerivedBody, EventBody
from loyalty_stream.model.merge import CustomerMerge, ProgramSummary
from loyalty_stream.model.outcome import Applied
from tests.unit.domains.helpers import absorbed, outcome_of
from tests.unit.domains.points.facts import Amount, Number

AT = 1_000
"""The time of the merge; what comes before it is at 0 and above."""


def having(*facts: EventBody, of: str = "s", at: int = 0) -> PointsState:
    """Return what a customer has after facts, each a millisecond after the other."""
    return then(DOMAIN.initial, *facts, of=of, at=at).state


def then(state: PointsState, *facts: EventBody, of: str = "later", at: int = AT + 1) -> Applied[PointsState]:
    """Return what a customer has after further facts, and what the last one causes."""
    outcome = Applied(state)
    for place, body in enumerate(facts):
        found = outcome_of(DOMAIN, outcome.state, body, source_key=f"{of}-{place}", occurred_at=at + place)
        assert isinstance(found, Applied)
        outcome = found
    return outcome


def summary(
    active: Amount | None = None, pending: Amount | None = None, lifetime: Amount | None = None, program: str = "41"
) -> ProgramSummary:
    return ProgramSummary(program, _decimal(active), _decimal(pending), _decimal(lifetime))


def _decimal(number: Amount | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def merged(
    survivor: PointsState, victim: PointsState, *summaries: ProgramSummary, at: int = AT
) -> Applied[PointsState]:
    return absorbed(DOMAIN, survivor, victim, CustomerMerge("cust-1", "cust-2", summaries), occurred_at=at)


def the_account(state: PointsState, program: str = "41", currency: str = "points") -> Account:
    return state.accounts[f"{program}|{currency}"]


def numbers(state: PointsState, program: str = "41") -> tuple[Number, Number, Number]:
    """Return active, pending and lifetime of a programme; the lots must add up."""
    held = the_account(state, program)
    assert sum((lot.remaining for lot in held.lots), Decimal(0)) == held.active
    return held.active, held.pending, held.lifetime


def said(derived: Sequence[DerivedBody]) -> list[tuple[str, Number, Number, Number]]:
    """Return each change of a balance: its reason and deltas."""
    return [
        (each.reason, each.delta_active, each.delta_pending, each.delta_lifetime)
        for each in derived
        if isinstance(each, BalanceChanged)
    ]


def drifts(derived: Sequence[DerivedBody]) -> list[tuple[str, Number]]:
    """Return each report of a difference: its field and the difference."""
    return [
        (each.field, each.difference)
        for each in derived
        if isinstance(each, (BalanceDriftDetected, BalanceDriftResolved))
    ]
