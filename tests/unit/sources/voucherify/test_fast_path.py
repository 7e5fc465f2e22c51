"""Clean activities stay on the fast path: what is not dirty is never repaired, nor read twice."""

import pytest

from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.pipeline import decode as decoding
from loyalty_stream.sources.voucherify import DIALECT
from tests.golden.cases import Case
from tests.helpers.flow import Record
from tests.helpers.strategies import readable_of

CLEAN = [case for case in readable_of("voucherify") if not case.name.endswith(".dirty")]


@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case.name)
def test_a_clean_activity_is_read_without_repairs(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Rejected:
        raise AssertionError("the slow path")

    monkeypatch.setattr(decoding, "_decode_slowly", fail)
    for value in (*case.before, case.value):
        repairs: list[RepairKind] = []
        reading = decoding.decode(DIALECT, Record(value=value, headers=case.headers), repairs)
        assert not isinstance(reading, Rejected)
        assert set(repairs) <= {RepairKind.TIME_FALLBACK}
