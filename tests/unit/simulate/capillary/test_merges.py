from collections.abc import Iterator
from decimal import Decimal

import pytest

from loyalty_stream.simulate import Account, Answer, SimulationOptions, make_simulation
from loyalty_stream.simulate.answer import Target
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.joining import can_join
from loyalty_stream.simulate.capillary.makers import make_event
from loyalty_stream.simulate.capillary.merges import merge_customers
from loyalty_stream.simulate.capillary.stage import Stage, VendorEvent

OPTIONS = SimulationOptions(
    seed=5, customers=40, orgs=1, skew=1, transfer_share=0, merge_share=0, bad_merge_share=0, erasure_share=0
)


@pytest.fixture
def stage() -> Stage:
    """A stage on which much has happened."""
    stage = Stage(OPTIONS)
    for _ in range(1_500):
        stage.advance()
        make_event(stage)
    return stage


def merges(stage: Stage, count: int) -> Iterator[tuple[VendorEvent, Customer, dict[str, Decimal]]]:
    """Merge customers; yield the event, the victim, and what both had at the vendor before."""
    while count:
        stage.advance()
        survivor = stage.population.choose()
        before = {each.key: vendor_total(each) for each in stage.population._known.values() if each.living}
        event = merge_customers(stage, survivor)
        if event is not None and event.name == "loyaltyCustomerMerge":
            count -= 1
            yield event, stage.history.merged[-1][1], before


def vendor_total(customer: Customer) -> Decimal:
    return sum((account.active for account in customer.accounts.values()), Decimal(0))


def test_a_merge_conserves_what_both_had_and_its_summary_is_adopted(stage: Stage) -> None:
    plain = 0
    for event, victim, before in merges(stage, 12):
        survivor = event.customer
        rows = event.data["survivorCustomerLoyaltySummary"]
        assert {row["loyaltyProgramId"] for row in rows} == {program.id for program in survivor.programs}
        for row in rows:
            account = stage.answer.accounts[survivor.key, str(row["loyaltyProgramId"]), "points"]
            now = (row["currentPoints"], row["promisedPoints"], row["lifetimePoints"])
            assert (account.active, account.pending, account.lifetime) == now
            assert account.active_baselined
            assert account.lifetime_baselined
        plain += sum(row["currentPoints"] for row in rows) == before[survivor.key] + before[victim.key]
    assert plain > 4  # the others had an event on its way, which the summary includes


def test_afterwards_nothing_is_the_victims(stage: Stage) -> None:
    answer = stage.answer
    for event, victim, _ in merges(stage, 12):
        assert victim.key not in answer.owned
        for table in (answer.accounts, answer.coupons, answer.tiers, answer.badges, answer.transactions):
            assert all(key[0] != victim.key for key in table)
        assert victim.present is event.customer
        assert event.created_at == event.customer.clock.last_ms >= stage.now_ms - 1


def test_the_higher_tier_is_that_of_the_summary(stage: Stage) -> None:
    for event, _, _ in merges(stage, 12):
        for row in event.data["survivorCustomerLoyaltySummary"]:
            place = (event.customer.key, str(row["loyaltyProgramId"]))
            assert stage.answer.tiers.get(place) == row.get("tierNumber")


def test_only_such_as_can_be_are_merged(stage: Stage) -> None:
    customer = next(each for each in iter(stage.population.choose, None) if not each.silent)
    assert not can_join(customer, customer)
    silent = stage.population.choose_silent(customer.org)
    assert silent is not None
    assert not can_join(customer, silent)
    event, victim, _ = next(merges(stage, 1))
    assert not can_join(event.customer, victim)


def test_accounts_and_counts_add_up_and_what_cannot_is_refused() -> None:
    answer = Answer()
    answer.account("a", 1, "stars").join(Account(Decimal(5), Decimal(1), Decimal(6), active_baselined=True))
    answer.state(answer.accounts, ("b", "1", "stars"), Account(Decimal(2), active_baselined=True))
    answer.state(answer.accounts, ("b", "2", "stars"), Account(Decimal(9), active_baselined=True))
    for key, earns, tier in (("a", 2, 1), ("b", 3, 4)):
        answer.state(answer.badges, (key, "x"), earns)
        answer.state(answer.tiers, (key, "1"), tier)
    answer.move("b", "a")
    assert answer.accounts["a", "1", "stars"].active == 7
    assert not answer.accounts["a", "1", "stars"].active_baselined
    assert answer.accounts["a", "2", "stars"].active_baselined
    assert (answer.badges, answer.tiers) == ({("a", "x"): 5}, {("a", "1"): 4})
    for key in ("a", "b"):
        answer.state(answer.targets, (key, "p", "t"), Target())
    with pytest.raises(ValueError, match="which of the two holds"):
        answer.move("b", "a")


def test_two_thousand_transfers_and_five_hundred_merges_fit_into_a_hundred_thousand_events() -> None:
    options = SimulationOptions(events=20_000, customers=1_000, transfer_share=0.03, merge_share=0.008)
    simulation = make_simulation(options)
    list(simulation.records())
    answer = simulation.answer
    assert answer.transfers["settled"] > 400
    assert answer.merges.total() > 100
    assert answer.merges[3] > 10
    assert answer.late_events > 15
