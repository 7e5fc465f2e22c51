"""What programmes owe: each kind of row, and what moves it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.pipeline.effects import Effects
from loyalty_stream.pipeline.internal import OF_PROGRAMS
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.totals import Program, book_totals, program_of
from tests.helpers.flow import Flow, readable
from tests.unit.pipeline.people import (
    NEIGHBOUR,
    ORG,
    SURVIVOR,
    VICTIM,
    deletion,
    drained,
    expired,
    home,
    issued,
    merge,
    received,
    send,
    sent,
    stepped,
)
from tests.unit.sources.capillary.vendor import flat

PURSE = f"capillary:{ORG}:41|points"
Row = dict[str, Any]


def of_programs(flow: Flow, partition: int) -> dict[str, Row]:
    """Return the rows of a partition that tell of programmes."""
    return {
        name: readable(Processor.decode_row(key, row).state)
        for key, row in flow.tables[partition].items()
        if (name := key.decode()).partition("|")[0] in OF_PROGRAMS
    }


def totals(flow: Flow, customer: int) -> Row:
    """Return the totals of the partition on which a customer lives."""
    found: Row = of_programs(flow, home(customer))[f"totals|{PURSE}"]
    return found


def lot(amount: float, day: str) -> dict[str, Any]:
    return {"regularPointsBreakup": [{"points": amount, "expiryAt": day}]}


def test_customers_of_a_partition_are_added_up() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-1"))
    send(flow, NEIGHBOUR, issued(NEIGHBOUR, 20, "n-1"))
    send(flow, SURVIVOR, expired(SURVIVOR, 30, "s-2"))
    own = totals(flow, SURVIVOR)
    assert (own["active"], own["lifetime"], own["accounts"]) == ("90", "120", 2)
    assert own["moved"] == {"expired": "-30", "issued": "120"}


def test_an_account_that_holds_nothing_any_more_is_not_counted() -> None:
    flow = drained()
    send(flow, SURVIVOR, received(SURVIVOR, 10, "t-1"))
    assert totals(flow, SURVIVOR)["accounts"] == 1
    send(flow, SURVIVOR, sent(SURVIVOR, 10, "t-2"))
    own = totals(flow, SURVIVOR)
    assert (own["accounts"], own["active"]) == (0, "0")
    assert own["moved"] == {"transferred_in": "10", "transferred_out": "-10"}


def test_an_account_drifts_until_the_vendor_agrees() -> None:
    flow = drained()
    for number, (amount, stated) in enumerate([(10, 10), (5, 18), (5, 20)]):
        send(flow, SURVIVOR, issued(SURVIVOR, amount, f"s-{number}", programCurrentPoints=stated))
        assert totals(flow, SURVIVOR)["drifting"] == (1 if number == 1 else 0)


def test_what_expires_is_kept_by_month_and_day_and_goes_with_its_lot() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 5, "s-1", **lot(5, "2027-01-31")))
    send(flow, SURVIVOR, issued(SURVIVOR, 7, "s-2", **lot(7, "2027-02-28")))
    send(flow, NEIGHBOUR, issued(NEIGHBOUR, 1, "n-1", **lot(1, "2027-01-02")))
    rows = of_programs(flow, home(SURVIVOR))
    assert rows[f"expiring|{PURSE}|2027-01"]["amounts"] == {2: "1", 31: "5"}
    assert rows[f"expiring|{PURSE}|2027-02"]["amounts"] == {28: "7"}
    send(flow, SURVIVOR, expired(SURVIVOR, 6, "s-3"))
    rows = of_programs(flow, home(SURVIVOR))
    assert rows[f"expiring|{PURSE}|2027-01"]["amounts"] == {2: "1"}
    assert rows[f"expiring|{PURSE}|2027-02"]["amounts"] == {28: "6"}
    send(flow, NEIGHBOUR, expired(NEIGHBOUR, 1, "n-2"))
    assert f"expiring|{PURSE}|2027-01" not in of_programs(flow, home(SURVIVOR)), "a row that comes to nothing is gone"


def test_a_merge_between_partitions_is_in_no_total_until_it_arrives() -> None:
    flow = stepped()
    send(flow, VICTIM, issued(VICTIM, 100, "v-1"))
    send(flow, SURVIVOR, merge(SURVIVOR, VICTIM))
    seen = []
    while lanes := flow.ready():
        flow.step(*lanes[0])
        held = [of_programs(flow, home(each)).get(f"totals|{PURSE}") for each in (VICTIM, SURVIVOR)]
        seen.append([None if row is None else row["active"] for row in held])
    assert [amounts for place, amounts in enumerate(seen) if amounts not in seen[:place]] == [
        ["100", None],
        ["0", None],
        ["0", "100"],
    ]
    assert totals(flow, VICTIM)["moved"] == {"issued": "100", "merged_out": "-100"}
    assert totals(flow, SURVIVOR)["moved"] == {"merged_in": "100"}


def test_an_erased_customer_is_in_no_total_and_what_was_issued_stays() -> None:
    flow = drained()
    send(flow, SURVIVOR, issued(SURVIVOR, 100, "s-1", **lot(100, "2027-01-31")))
    send(flow, SURVIVOR, deletion(SURVIVOR))
    own = totals(flow, SURVIVOR)
    assert (own["active"], own["lifetime"], own["accounts"]) == ("0", "0", 0)
    assert own["moved"] == {"issued": "100"}
    assert not [name for name in of_programs(flow, home(SURVIVOR)) if name.startswith("expiring")]


@pytest.mark.parametrize("first", [0, 1])
def test_the_ratio_is_the_one_that_the_vendor_stated_last_in_whichever_order_it_comes(first: int) -> None:
    flow = drained()
    stated = [(1_700_000_000_000, "0.5"), (1_700_000_001_000, "2")]
    for at, ratio in (stated[first], stated[1 - first]):
        details = {"id": 41, "pointsToCurrencyRatio": float(ratio)}
        send(flow, SURVIVOR, issued(SURVIVOR, 1, f"s-{at}", at=at, loyaltyProgramDetails=details))
    own = totals(flow, SURVIVOR)
    assert (own["ratio"], own["ratio_at"]) == ("2", 1_700_000_001_000)


def test_a_ratio_below_zero_or_none_is_no_ratio() -> None:
    flow = drained()
    for number, ratio in enumerate([-1, None, "much"]):
        details = {"pointsToCurrencyRatio": ratio}
        send(flow, SURVIVOR, issued(SURVIVOR, 1, f"s-{number}", loyaltyProgramDetails=details))
    assert totals(flow, SURVIVOR)["ratio"] is None


def test_a_batch_in_which_nothing_is_written_writes_no_totals() -> None:
    rows = RowCache[Any](lambda _: None, Processor.decode_row, Processor.encode_row)
    book_totals(Effects(), rows)
    assert rows.take_written() == {}


def test_cards_without_a_campaign_are_one_programme_together() -> None:
    assert program_of("voucherify", "p", "camp_1") == Program("voucherify", "p", "camp_1")
    assert program_of("voucherify", "p", "v_1") == program_of("voucherify", "p", "v_2")
    assert program_of("capillary", "71", "v_1").program_id == "v_1"


def test_a_customer_who_changes_tier_leaves_the_old_one() -> None:
    flow = drained()
    data = {"customerIdentifiers": {"customerId": SURVIVOR}, "loyaltyProgramId": 41}
    for way, tier in [("upgraded", 1), ("upgraded", 2), ("downgraded", 1)]:
        event = flat(f"tier{way.title()}", {**data, f"{way}TierNumber": tier}, eventId=f"{way}-{tier}", orgId=ORG)
        send(flow, SURVIVOR, event)
        rows = of_programs(flow, home(SURVIVOR))
        assert rows[f"members|capillary:{ORG}:41"]["tiers"] == {str(tier): 1}


def test_totals_of_more_than_any_balance_holds_are_exact() -> None:
    flow = drained()
    largest = Decimal("999999999999999.999999999")
    for customer in range(9_000, 9_400):
        event = json.dumps(issued(customer, 0, f"s-{customer}")).replace(
            '"regularPointsIssued": 0', f'"regularPointsIssued": {largest}'
        )
        flow.raw(event.encode(), partition=home(customer))
    held = [of_programs(flow, partition)[f"totals|{PURSE}"]["active"] for partition in range(4)]
    assert sum(Decimal(amount) for amount in held) == largest * 400
