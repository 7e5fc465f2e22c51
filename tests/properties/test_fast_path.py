"""Clean traffic stays on the fast path: what is not dirty is never repaired, nor read twice."""

from dataclasses import replace

import pytest

from loyalty_stream.model.outcome import Rejected
from loyalty_stream.pipeline import decode as decoding
from loyalty_stream.simulate import SIMULATIONS, SimulationOptions, make_simulation
from loyalty_stream.simulate.options import Dialect
from loyalty_stream.sources import DIALECTS
from tests.helpers.flow import Record

NO_DIRT = SimulationOptions(
    events=4_000,
    customers=400,
    dirt_share=0,
    duplicate_share=0,
    conflict_share=0,
    unknown_share=0,
    bad_bytes_share=0,
    transfer_share=0,
    merge_share=0,
    bad_merge_share=0,
    erasure_share=0,  # the vendor writes fields of an erasure where they are not looked for first
)


@pytest.mark.parametrize("dialect", SIMULATIONS)
def test_clean_traffic_of_every_kind_stays_on_the_fast_path(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    slow: list[bytes] = []

    def note(_dialect: object, value: bytes, *_: object) -> Rejected:
        slow.append(value)
        raise AssertionError(value[:200])

    monkeypatch.setattr(decoding, "_decode_slowly", note)
    # One of the spellings of Talon.One's names has spaces in it, which are mended.
    casing_share = 0 if dialect == "talon_one" else NO_DIRT.casing_share
    for made in make_simulation(replace(NO_DIRT, dialect=dialect, casing_share=casing_share)).records():
        record = Record(value=made.value, timestamp=made.timestamp_ms, headers=made.headers)
        reading = decoding.decode(DIALECTS[dialect], record, [])
        assert not isinstance(reading, Rejected)
    assert slow == []
