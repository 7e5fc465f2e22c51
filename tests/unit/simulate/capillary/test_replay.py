"""Read the clean records back as the vendor's documentation says, and compare with the answer."""

import json
from decimal import Decimal

import pytest

from loyalty_stream.simulate import SimulationOptions, make_simulation
from loyalty_stream.simulate.capillary.envelopes import body_of
from tests.helpers.vendor import Reading


@pytest.mark.parametrize("bulk", ["own", "others"])
def test_the_records_say_what_the_answer_says(bulk: str) -> None:
    options = SimulationOptions(
        events=12_000,
        customers=300,
        seed=21,
        dirt_share=0,
        bulk=bulk,  # type: ignore[arg-type]
        transfer_share=0.03,
        merge_share=0.01,
        bad_merge_share=0.005,
        erasure_share=0.003,
    )
    simulation, reading = make_simulation(options), Reading()
    for record in simulation.records():
        if record.note in {"good", "erased"} and record.envelope is not None:
            reading.read(body_of(json.loads(record.value, parse_float=Decimal), record.envelope))
    answer = simulation.answer
    assert answer.merges[3] > 3
    assert answer.late_events > 5
    assert len(answer.erased) > 5
    for table in ("accounts", "tiers", "coupons", "streaks", "promotions", "badges", "partners", "grants", "targets"):
        assert getattr(reading, table) == getattr(answer, table), table
    assert reading.transactions == answer.transactions
    assert reading.requests == answer.requests


def test_histories_are_believable() -> None:
    simulation = make_simulation(SimulationOptions(events=12_000, customers=300, seed=22))
    list(simulation.records())
    answer = simulation.answer
    accounts = list(answer.accounts.values())
    assert 0 < sum(account.active < 0 for account in accounts) < len(accounts) / 10
    assert any(account.active % 1 for account in accounts)
    assert {coupon.state for coupon in answer.coupons.values()} == {"issued", "redeemed"}
    assert max(coupon.uses for coupon in answer.coupons.values()) > 1
    assert set(answer.streaks.values()) == {"enrolled", "running", "ended", "unenrolled"}
    assert set(answer.promotions.values()) == {"issued", "earned", "revoked"}
    assert set(answer.tiers.values()) >= {1, 2, 3, 4}
