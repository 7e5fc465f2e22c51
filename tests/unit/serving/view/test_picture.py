"""What the view says of a row is what a worker says of it."""

import json
from typing import Any

import pytest

from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.pipeline.table import decode_row, encode_row
from loyalty_stream.serving.customer import render_row
from loyalty_stream.serving.history.entries import entry_of
from loyalty_stream.serving.view.picture import VIEWED, entry_fields, entry_of_fields, row_fields

KEY = b"tiers|capillary:9300:77"
TIERS = TiersState(programs={"41": Membership(tier="Gold")})


def test_a_row_has_the_picture_that_a_worker_shows_and_where_it_lies() -> None:
    value = encode_row(Row(ROW_VERSION, 3, b"", TIERS))
    fields = row_fields(KEY, value, 2, 17, 1_000)
    assert json.loads(str(fields.pop("data"))) == render_row("tiers", decode_row(KEY, value))
    assert fields == {"seq": 3, "version": ROW_VERSION, "partition": 2, "offset": 17, "recorded_at": 1_000}


def test_a_merged_customer_names_the_survivor() -> None:
    value = encode_row(Row(ROW_VERSION, 3, b"", TiersState(), moved_to="78"))
    assert row_fields(KEY, value, 2, 17, 1_000)["merged_into"] == "capillary:9300:78"


def test_what_is_nobodys_state_is_not_viewed() -> None:
    assert "clearing" not in VIEWED
    assert {"points", "tiers", "coupons", "campaigns", "customers"} <= VIEWED
    assert not VIEWED & {"aliases", "held", "waiting", "erased", "kept", "totals", "expiring", "members"}


@pytest.mark.parametrize("program_id", [None, "41"])
def test_an_entry_is_read_as_the_event_was_amounts_as_text(program_id: str | None) -> None:
    cause = {"event_name": "pointsIssued", "event_id": None, "topic": "raw", "partition": 0, "offset": 9}
    times = {"occurred_at": 5, "observed_at": 6}
    event: dict[str, Any] = {
        "id": "a",
        "type": "BalanceChanged",
        "seq": 1,
        "program_id": program_id,
        "cause": cause,
        **times,
    }
    event["data"] = {"active": "60.10"}
    fields = entry_fields("points", event)
    assert json.loads(str(fields["data"])) == {"active": "60.10"}
    assert (fields["domain"], fields["seq"]) == ("points", 1)
    assert entry_of_fields({name: str(value) for name, value in fields.items()}) == entry_of("points", event)


def test_an_entry_of_an_older_view_is_not_taken_for_a_whole_one() -> None:
    older = {"domain": "points", "type": "BalanceChanged", "seq": "1", "occurred_at": "5", "cause": "{}", "data": "{}"}
    assert entry_of_fields(older) is None
