import json

import pytest

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.voucherify.bad import BAD, NESTING_LEVELS
from loyalty_stream.simulate.voucherify.stage import Stage

FLAWS = dict(BAD)
BYTES = {
    DeadLetterReason.MALFORMED_JSON,
    DeadLetterReason.WRONG_ENCODING,
    DeadLetterReason.EMPTY_VALUE,
    DeadLetterReason.NESTED_TOO_DEEPLY,
}


def make(reason: DeadLetterReason, count: int = 40) -> list[bytes]:
    stage = Stage(SimulationOptions(dialect="voucherify", seed=3))
    return [FLAWS[reason](stage, stage.population.choose()) for _ in range(count)]


def test_nothing_broken_is_ever_booked() -> None:
    stage = Stage(SimulationOptions(dialect="voucherify", seed=3))
    for _, flaw in BAD:
        flaw(stage, stage.population.choose())
    assert stage.answer.accounts == {}
    assert stage.answer.coupons == {}


@pytest.mark.parametrize("reason", [reason for reason in FLAWS if reason not in BYTES])
def test_flaws_of_the_facts_are_still_json(reason: DeadLetterReason) -> None:
    for value in make(reason):
        assert isinstance(json.loads(value), dict) is (reason is not DeadLetterReason.NOT_AN_OBJECT)


def test_truncated_json_does_not_parse() -> None:
    for value in make(DeadLetterReason.MALFORMED_JSON):
        with pytest.raises(json.JSONDecodeError):
            json.loads(value)


def test_wrong_encoding_is_not_utf_8() -> None:
    for value in make(DeadLetterReason.WRONG_ENCODING):
        with pytest.raises(UnicodeDecodeError):
            value.decode()


def test_nesting_goes_deeper_than_any_parser_should() -> None:
    assert b"[" * NESTING_LEVELS in make(DeadLetterReason.NESTED_TOO_DEEPLY, 1)[0]
