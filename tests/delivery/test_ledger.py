"""The whole ledger on two workers: transfers and merges between customers of different partitions, through kills."""

from collections.abc import Mapping, Sequence

import pytest

from loyalty_stream.domains.clearing.state import ClearingState
from loyalty_stream.pipeline.table import decode_row
from tests.delivery.oracle import assert_answer, output_of
from tests.delivery.stream import Stream, simulate

pytestmark = [pytest.mark.slow, pytest.mark.long]

EVENTS = 100_000
TRANSFERS, MERGES = 2_000, 500


def clearing_of(rows: Sequence[Mapping[bytes, bytes]]) -> list[ClearingState]:
    """Return where the legs of transfers are joined."""
    found = [(key, row) for table in rows for key, row in table.items() if key.startswith(b"clearing|")]
    return [decode_row(key, row).state for key, row in found]


@pytest.mark.timeout(600)
def test_accounts_are_right_to_the_last_decimal_after_transfers_merges_and_kills(stream: Stream) -> None:
    records, simulation = simulate(
        events=EVENTS, customers=5_000, seed=11, transfer_share=0.03, merge_share=0.009, erasure_share=0.001
    )
    answer = simulation.answer
    assert answer.transfers["settled"] >= TRANSFERS
    assert answer.merges.total() >= MERGES
    assert answer.merges[3] > 10
    stream.publish(records)
    first, second = (stream.worker(name, transaction_records_max=1_000) for name in "ab")
    stream.wait_consumed(EVENTS // 4, 120)
    first.kill()
    stream.wait_consumed(EVENTS // 2, 120)
    assert stream.consumed() < EVENTS
    second.kill()
    for name in "ab":
        stream.worker(name)
    stream.wait_done(EVENTS, 180)
    output = output_of(stream)
    assert_answer(stream, answer, output)
    open_legs = [leg for row in clearing_of(output.rows) for leg in row.open.values()]
    assert len(open_legs) == answer.transfers["begun"] - answer.transfers["settled"]
