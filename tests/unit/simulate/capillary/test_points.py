from decimal import Decimal

import pytest

from loyalty_stream.simulate.capillary import points, redemptions
from loyalty_stream.simulate.capillary.customers import Customer, Issuance, Redemption
from loyalty_stream.simulate.capillary.stage import Stage
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.vendor_account import VendorAccount


@pytest.fixture
def stage() -> Stage:
    return Stage(SimulationOptions(seed=9, customers=10, opening_share=0, drift_share=0, fractional_share=0))


@pytest.fixture
def customer(stage: Stage) -> Customer:
    return stage.population.choose()


def open_with(customer: Customer, active: int, lifetime: int = 0, pending: int = 0) -> int:
    """Give the customer a history that began before our stream; return the programme."""
    program_id = customer.programs[0].id
    customer.programs = customer.programs[:1]
    customer.accounts = {program_id: VendorAccount(Decimal(active), Decimal(pending), Decimal(lifetime))}
    return program_id


def test_what_the_vendor_had_before_is_known_from_its_first_total_on(stage: Stage, customer: Customer) -> None:
    program_id = open_with(customer, active=1_000, lifetime=5_000)
    event = points.expire_points(stage, customer)
    assert event is not None
    ours = stage.answer.account(customer.key, program_id)
    assert ours.active == -event.data["pointsExpired"]
    while not (ours.active_baselined and ours.lifetime_baselined):
        points.issue_points(stage, customer)
    theirs = customer.accounts[program_id]
    assert (ours.active, ours.lifetime) == (theirs.active, theirs.lifetime)


def test_a_drifting_total_is_wrong_in_the_event_and_not_in_the_answer(stage: Stage, customer: Customer) -> None:
    program_id = open_with(customer, active=0)
    customer.accounts[program_id].drift = Decimal(13)
    differences = []
    for _ in range(20):
        event = points.issue_points(stage, customer)
        ours = stage.answer.account(customer.key, program_id)
        if "programCurrentPoints" in event.data:
            differences.append(event.data["programCurrentPoints"] - ours.active)
    assert set(differences) == {Decimal(0), Decimal(13)}
    assert differences[0] == differences[-1] == 0


def test_a_negative_balance_is_not_told_by_the_vendor(stage: Stage, customer: Customer) -> None:
    open_with(customer, active=-500)
    for _ in range(20):
        event = points.issue_points(stage, customer)
        assert event.data.get("programCurrentPoints", Decimal(0)) >= 0


def test_points_promised_before_our_time_do_not_make_pending_negative(stage: Stage, customer: Customer) -> None:
    program_id = open_with(customer, active=0, pending=80)
    event = points.convert_points(stage, customer)
    assert event is not None
    ours = stage.answer.account(customer.key, program_id)
    assert ours.pending == 0
    assert ours.active == ours.lifetime == event.data["pointsConverted"]


def test_a_full_reversal_gives_back_what_has_not_lapsed(stage: Stage, customer: Customer) -> None:
    program_id = open_with(customer, active=0)
    program = customer.programs[0]
    customer.redemptions.append(Redemption("abc", 7, [(program, Decimal("300.0"))]))
    event = None
    while customer.redemptions:
        event = redemptions.reverse_redemption(stage, customer)
        assert event is not None
        assert {"key": "redemptionId", "value": "abc"} in event.data["triggeringActivity"]["identifiers"]
    assert event is not None
    theirs = customer.accounts[program_id]
    assert 0 <= theirs.active <= 300


def test_a_returned_bill_takes_back_regular_promotional_and_promised_points(stage: Stage, customer: Customer) -> None:
    program_id = open_with(customer, active=100, lifetime=100, pending=50)
    ours = stage.answer.account(customer.key, program_id)
    ours.active, ours.lifetime, ours.pending = Decimal(100), Decimal(100), Decimal(10)
    ours.active_baselined = ours.lifetime_baselined = True
    customer.issuances.append(
        Issuance(customer.programs[0], 1, Decimal("40.0"), [("promo-1", Decimal("5.0"))], Decimal("20.0"))
    )
    while customer.issuances:
        redemptions.reverse_issue(stage, customer)
    assert (ours.active, ours.lifetime, ours.pending) == (Decimal(55), Decimal(55), Decimal(0))


def test_a_reminder_or_a_moved_expiry_opens_no_account(stage: Stage, customer: Customer) -> None:
    open_with(customer, active=1_000)
    assert points.remind_of_expiry(stage, customer) is None
    assert points.move_expiry(stage, customer) is None
    assert stage.answer.accounts == {}


def test_nothing_is_redeemed_where_there_is_nothing(stage: Stage, customer: Customer) -> None:
    open_with(customer, active=0)
    assert redemptions.redeem_points(stage, customer) is None
