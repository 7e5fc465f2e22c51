from decimal import Decimal

import pytest

from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.joining import join
from loyalty_stream.simulate.capillary.stage import Stage, VendorEvent
from loyalty_stream.simulate.capillary.transfers import transfer_points
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.vendor_account import VendorAccount

NAMES = {"pointsTransferredInitiated", "pointsTransferredReceived"}


@pytest.fixture
def stage() -> Stage:
    return Stage(SimulationOptions(seed=3, customers=20, orgs=1, opening_share=0, drift_share=0))


def sender(stage: Stage) -> Customer:
    customer = stage.population.choose()
    for program in customer.programs:
        customer.accounts[program.id] = VendorAccount(active=Decimal(500))
    return customer


def first(stage: Stage) -> VendorEvent:
    while True:
        stage.advance()
        event = transfer_points(stage, sender(stage))
        if event is not None:
            return event


def rest(stage: Stage) -> list[VendorEvent]:
    """Return what is still to come."""
    stage.number += 1_000
    events: list[VendorEvent] = []
    while (event := stage.agenda.next(stage.number)) is not None:
        events.append(event)
    return events


def test_both_legs_share_what_joins_them_and_have_event_ids_of_their_own(stage: Stage) -> None:
    one = first(stage)
    [other] = rest(stage)
    assert {one.name, other.name} == NAMES
    assert (one.loyalty_event_id, one.api_request_id) == (other.loyalty_event_id, other.api_request_id)
    assert one.event_id != other.event_id
    assert one.data["totalPointsTransferred"] == other.data["totalPointsTransferred"]
    assert one.customer.org is other.customer.org
    assert one.customer is not other.customer


def test_either_leg_may_come_first(stage: Stage) -> None:
    assert {first(stage).name for _ in range(40)} == NAMES


def test_each_leg_is_booked_when_it_is_made_and_both_net_to_zero(stage: Stage) -> None:
    event = first(stage)
    amount = event.data["totalPointsTransferred"]
    [moved] = stage.answer.accounts.values()
    assert moved.active in {-amount, amount, event.customer.accounts[event.data["loyaltyProgramId"]].active}
    moved.active_baselined = False
    moved.active = -amount if event.name == "pointsTransferredInitiated" else amount
    rest(stage)
    theirs = sum(account.active for each in stage.population._known.values() for account in each.accounts.values())
    assert theirs % 500 == 0
    assert stage.answer.transfers == {"begun": 1, "settled": 1}
    assert stage.history.transfers == {}


def test_the_leg_of_a_merged_customer_is_the_survivors_and_that_of_an_erased_one_is_dropped(stage: Stage) -> None:
    event = first(stage)
    [transfer] = stage.history.transfers.values()
    other = transfer.receiver if transfer.sender is event.customer else transfer.sender
    survivor = next(
        peer for _ in range(99) if (peer := stage.population.choose_beside(other)) not in {other, event.customer}
    )
    join(survivor, other)
    [leg] = rest(stage)
    assert leg.customer is survivor
    assert leg.data["customerIdentifiers"] == survivor.identifiers
    first(stage)
    [transfer] = stage.history.transfers.values()
    transfer.receiver.present.erased = True
    assert rest(stage) == []
    assert stage.answer.transfers["dropped"] == 1
