"""What the view keeps of a row of totals is enough to make the row again, and names nobody."""

import json
from decimal import Decimal

import pytest
from msgspec import Struct

from loyalty_stream.domains.customers.derived import KeptTotal
from loyalty_stream.pipeline.internal import (
    EXPIRING,
    KEPT,
    MEMBERS,
    TOTALS,
    ExpiringState,
    KeptState,
    MembersState,
    TotalsState,
    internal_row,
)
from loyalty_stream.pipeline.table import RowVersionError, decode_row, encode_row
from loyalty_stream.serving.view.totals import field_name, field_text, offset_and_data, row_of_field, totals_fields

TINY = Decimal("0.000000001")
STATES: list[tuple[str, str, Struct]] = [
    (TOTALS, "capillary:71:9|points", TotalsState("9", "points", TINY, moved={"issued": TINY})),
    (TOTALS, "capillary:71:a|b:c|points", TotalsState("a|b:c", "points", ratio=Decimal("0.25"), ratio_at=7)),
    (EXPIRING, "capillary:71:9|points|2027-03", ExpiringState("9", "points", "2027-03", {7: Decimal("1.5")})),
    (MEMBERS, "capillary:71:9", MembersState("9", {"Gold": 2})),
    (KEPT, "capillary:71", KeptState({"9|points": KeptTotal("9", "points", TINY, Decimal(0), Decimal(5))})),
]


@pytest.mark.parametrize(("kind", "key", "state"), STATES, ids=[f"{kind} {key}" for kind, key, _ in STATES])
def test_a_row_is_the_same_after_it_was_a_field(kind: str, key: str, state: Struct) -> None:
    row = f"{kind}|{key}".encode(), encode_row(internal_row(kind, state))
    fields = totals_fields(*row, partition=3, offset=17, recorded_at=1_000)
    text = field_text(fields)
    assert offset_and_data(text) == (17, fields["data"])
    assert row_of_field(kind, field_name(3, key), text) == row


def test_amounts_are_plain_text_by_the_names_of_their_fields() -> None:
    kind, key, state = STATES[0]
    text = field_text(totals_fields(f"{kind}|{key}".encode(), encode_row(internal_row(kind, state)), 3, 17, 1_000))
    told = json.loads(text)
    assert (told["data"]["active"], told["data"]["moved"]) == ("0.000000001", {"issued": "0.000000001"})
    assert (told["partition"], told["offset"], told["recorded_at"]) == (3, 17, 1_000)


def test_what_erased_customers_held_on_cards_is_told_together_and_names_no_card() -> None:
    cards = {
        f"{card}|points": KeptTotal(card, "points", Decimal(active), Decimal(0), Decimal(active))
        for card, active in (("v_A1", 3), ("v_B2", 4))
    }
    fields = totals_fields(b"kept|voucherify:0", encode_row(internal_row(KEPT, KeptState(cards))), 0, 17, 1_000)
    assert "v_" not in str(fields["data"])
    [total] = decode_row(*row_of_field(KEPT, "0|voucherify:0", field_text(fields))).state.totals.values()
    assert (total.program_id, total.active, total.lifetime) == ("other", Decimal(7), Decimal(7))


def test_a_field_of_another_version_is_not_taken_for_one_of_this() -> None:
    text = field_text({"version": 99, "partition": 0, "offset": 1, "recorded_at": 0, "data": "{}"})
    with pytest.raises(RowVersionError, match="version 99"):
        row_of_field(TOTALS, "0|capillary:71:9|points", text)
