import json
from decimal import Decimal

import pytest

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.capillary.bad import BAD, NESTING_LEVELS, TIMESTAMP_MS_MAX
from loyalty_stream.simulate.capillary.stage import Stage
from loyalty_stream.simulate.options import SimulationOptions

FLAWS = dict(BAD)
PARSEABLE = [
    DeadLetterReason.MISSING_CUSTOMER,
    DeadLetterReason.MISSING_EVENT_NAME,
    DeadLetterReason.NEGATIVE_AMOUNT,
    DeadLetterReason.TIMESTAMP_OUT_OF_RANGE,
    DeadLetterReason.MISSING_FIELD,
    DeadLetterReason.INVALID_DATE,
    DeadLetterReason.WRONG_TYPE,
]


def make(reason: DeadLetterReason, count: int = 60) -> list[bytes]:
    stage = Stage(SimulationOptions(seed=3))
    return [FLAWS[reason](stage, stage.population.choose()) for _ in range(count)]


def texts(values: list[bytes]) -> str:
    return "\n".join(value.decode() for value in values)


@pytest.mark.parametrize("reason", PARSEABLE)
def test_flaws_of_the_facts_are_still_json(reason: DeadLetterReason) -> None:
    assert all(isinstance(json.loads(value), dict) for value in make(reason))


def test_nothing_broken_is_ever_booked() -> None:
    stage = Stage(SimulationOptions(seed=3))
    for _, flaw in BAD:
        flaw(stage, stage.population.choose())
    assert stage.answer.accounts == {}


def test_truncated_json_does_not_parse() -> None:
    for value in make(DeadLetterReason.MALFORMED_JSON):
        assert value
        with pytest.raises(json.JSONDecodeError):
            json.loads(value)


def test_wrong_encoding_is_not_utf_8() -> None:
    for value in make(DeadLetterReason.WRONG_ENCODING):
        with pytest.raises(UnicodeDecodeError):
            value.decode()


def test_an_empty_value_is_empty() -> None:
    assert set(make(DeadLetterReason.EMPTY_VALUE)) == {b""}


def test_what_is_not_an_object_is_json_all_the_same() -> None:
    assert not any(isinstance(json.loads(value), dict) for value in make(DeadLetterReason.NOT_AN_OBJECT))


def test_numbers_that_are_not_finite_are_literals_or_text() -> None:
    text = texts(make(DeadLetterReason.NUMBER_NOT_FINITE))
    for spelling in (":NaN,", ":Infinity,", ':"NaN",', ':"Infinity",'):
        assert '"regularPointsIssued"' + spelling in text


def test_amounts_out_of_range_have_too_many_digits() -> None:
    text = texts(make(DeadLetterReason.AMOUNT_OUT_OF_RANGE))
    assert "9" * 40 in text
    assert ":0.1234567891," in text


def test_timestamps_lie_before_1970_or_after_9999() -> None:
    for value in make(DeadLetterReason.TIMESTAMP_OUT_OF_RANGE):
        record = json.loads(value)
        body = record.get("attributes") or (record["event"]["body"] if "event" in record else record)
        assert body["createdAt"] < 0 or body["createdAt"] > TIMESTAMP_MS_MAX


def test_a_missing_customer_is_nowhere_else_in_the_record() -> None:
    text = texts(make(DeadLetterReason.MISSING_CUSTOMER))
    assert '"entityId"' not in text
    assert '"customerId":4' not in text


def test_a_missing_name_is_not_in_the_envelope_either() -> None:
    text = texts(make(DeadLetterReason.MISSING_EVENT_NAME))
    assert "eventType" not in text
    assert '"eventName":null' in text


def test_keys_collide_as_written_or_once_repaired() -> None:
    for value in make(DeadLetterReason.DUPLICATE_KEYS):
        collisions: list[int] = []

        def note(pairs: list[tuple[str, object]], found: list[int] = collisions) -> None:
            found.append(len(pairs) - len({"".join(key.split()) for key, _ in pairs}))

        json.loads(value, object_pairs_hook=note)
        assert sum(collisions) == 1


def test_nesting_goes_deeper_than_any_parser_should() -> None:
    assert b"[" * NESTING_LEVELS in make(DeadLetterReason.NESTED_TOO_DEEPLY, 1)[0]


def test_negative_amounts_are_negative() -> None:
    for value in make(DeadLetterReason.NEGATIVE_AMOUNT):
        numbers: list[Decimal] = []

        def note(text: str, found: list[Decimal] = numbers) -> Decimal:
            found.append(Decimal(text))
            return found[-1]

        json.loads(value, parse_float=note)
        assert min(numbers) < 0
