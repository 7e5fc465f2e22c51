"""Merges: everything of one customer becomes another's, and the vendor says what the survivor has by then."""

from functools import partial
from typing import Final

from loyalty_stream.simulate.account import ZERO
from loyalty_stream.simulate.capillary import points, redemptions
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.joining import can_join, join
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity
from loyalty_stream.simulate.capillary.world import Json

_TRIES: Final = 8
_CHAIN_SHARE: Final = 0.3
_LATE_SHARE: Final = 0.3
_RECORDS_BETWEEN_MAX: Final = 60
_LATE: Final[tuple[Maker, ...]] = (points.issue_points, redemptions.redeem_points, points.expire_points)


def merge_customers(stage: Stage, survivor: Customer) -> VendorEvent | None:
    """Merge another customer of the organisation into this one; perhaps one who is a survivor already.

    Now and then an event of the victim's comes only some records later; the vendor's summary includes it.
    """
    victim = _victim(stage, survivor)
    if victim is None:
        return None
    if stage.draw.chance(_LATE_SHARE):
        late = stage.draw.pick(_LATE)(stage, victim)
        if late is not None and not can_join(survivor, victim):  # they have spent more than they had
            return late
        if late is not None:
            late.keeps_time = True
            stage.agenda.add(stage.number + stage.draw.between(1, _RECORDS_BETWEEN_MAX), partial(_late, stage, late))
    length = victim.chain + 1
    join(survivor, victim)
    stage.answer.move(victim.key, survivor.key)
    for program in survivor.programs:
        theirs = survivor.accounts[program.id]
        stage.answer.account(survivor.key, program.id).adopt(theirs.active, theirs.pending, theirs.lifetime)
    stage.answer.merges[length] += 1
    stage.history.merged.append((stage.number, victim))
    stage.history.survivors[survivor.org.id].append(survivor)
    return merge_event(stage, survivor, victim)


def _victim(stage: Stage, survivor: Customer) -> Customer | None:
    survivors = stage.history.survivors[survivor.org.id]
    for _ in range(_TRIES):
        if survivors and stage.draw.chance(_CHAIN_SHARE):
            victim = stage.draw.pick(survivors).present
        else:
            victim = stage.population.choose_beside(survivor)
        if can_join(survivor, victim) and not stage.history.between(survivor, victim):
            return victim
    return None


def _late(stage: Stage, event: VendorEvent) -> VendorEvent | None:
    if event.customer.present.erased:
        return None
    stage.answer.late_events += 1
    return event


def merge_event(stage: Stage, survivor: Customer, victim: Customer) -> VendorEvent:
    """Return the event of a merge, later than all else that happened to either; its summary is the survivor's."""
    data: Json = {
        "survivorCustomerIdentifiers": {"customerId": survivor.id},
        "victimCustomerIdentifiers": {"customerId": victim.id},
        "triggeringActivity": activity(stage, "customerMerge") | {"enteredBy": {"id": -1}},
        "enteredBy": {"id": -1},
        "survivorCustomerLoyaltySummary": [_summary(survivor, program.id) for program in survivor.programs],
    }
    event = stage.event(survivor, "loyaltyCustomerMerge", data, "flat", event_id=None, clocks=(victim.clock,))
    event.put_off(stage.now_ms - 1)
    event.loyalty_event_id = None
    event.api_request_id = str(13_000_000 + stage.draw.serial())
    event.ref_id = f"{survivor.org.id}_{event.api_request_id}"
    event.keeps_time = True
    event.repeats = "exact"
    return event


def _summary(survivor: Customer, program_id: int) -> Json:
    theirs = survivor.accounts[program_id]
    row: Json = {
        "loyaltyProgramId": program_id,
        "lifetimePoints": max(ZERO, theirs.lifetime),  # negative in no merge that counts
        "currentPoints": max(ZERO, theirs.active),
        "promisedPoints": theirs.pending,
    }
    tier = survivor.tiers.get(program_id)
    return row if tier is None else row | {"tierNumber": tier}
