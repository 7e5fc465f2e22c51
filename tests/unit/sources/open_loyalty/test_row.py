"""Read Open Loyalty's rows."""

import json
from typing import Any

import pytest

from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.pipeline import decode as decoding
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.sources.open_loyalty import DIALECT
from loyalty_stream.sources.open_loyalty.row import COLUMNS
from loyalty_stream.sources.reading import Reading
from tests.helpers.flow import Record
from tests.helpers.strategies import readable_of

ROW = dict.fromkeys(COLUMNS, "") | {
    "campaignExecutionId": "x-1",
    "tenantId": "t-1",
    "campaignId": "c-1",
    "executionStatus": "success",
    "updatedAt": "2024-03-05 09:15:02",
}
UPDATED_AT = 1_709_630_102_000


def read(repairs: list[RepairKind] | None = None, **given: object) -> Reading | Rejected:
    return decode(DIALECT, Record(value=json.dumps(ROW | given).encode()), [] if repairs is None else repairs)


def body(repairs: list[RepairKind] | None = None, **given: object) -> Any:  # noqa: ANN401 - the fact
    reading = read(repairs, **given)
    assert isinstance(reading, Reading), reading
    return reading.events[0].body


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05 09:15:02",
        "2024-03-05T09:15:02Z",
        "2024-03-05T09:15:02+00:00",
        "2024-03-05T11:15:02+0200",
        "2024-03-05T11:15:02+02",
        "2024-03-05T09:15:02.000999Z",
        "2024-03-05T09:15:02.000000001",
    ],
)
def test_a_date_and_time_is_read_however_iso_8601_writes_it(text: str) -> None:
    assert body(updatedAt=text).updated_at == UPDATED_AT


@pytest.mark.parametrize("text", ["20240305T091502", "2024-W10-2", "2024-03-05 25:00:00", "yesterday", "٢٠٢٤-03-05"])
def test_what_may_be_a_date_or_not_is_none(text: str) -> None:
    rejected = read(updatedAt=text)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "invalid_date"


def test_a_day_alone_is_its_beginning_in_utc() -> None:
    assert body(updatedAt="2024-03-05").updated_at == 1_709_596_800_000


@pytest.mark.parametrize("status", ["success", "Skipped", "FAILED"])
def test_a_status_is_known_in_any_casing(status: str) -> None:
    assert body(executionStatus=status).status == status.lower()


def test_ids_may_be_numbers_or_text() -> None:
    assert body(customerId=17) == body(customerId="17")


@pytest.mark.parametrize("given", [{"customerId": "null"}, {"message": "null"}, {"executedAt": "null"}])
def test_null_as_text_is_none_and_counted(given: dict[str, str]) -> None:
    repairs: list[RepairKind] = []
    assert body(repairs, **given) == body()
    assert repairs == [RepairKind.NULL_AS_TEXT]


@pytest.mark.parametrize("context", ["", "{}", '{"customerId": "other"}', "no JSON", {"message": "x"}, [1], None, 7])
def test_context_data_is_passed_over_whatever_it_holds(context: object) -> None:
    repairs: list[RepairKind] = []
    assert body(repairs, contextData=context) == body()
    assert repairs == []


def test_a_column_that_stands_twice_is_not_guessed_at_though_context_data_may_repeat_names() -> None:
    twice = json.dumps(ROW | {"contextData": {"campaignId": "c-1"}})[:-1] + ', "campaignId" : "c-2"}'
    rejected = decode(DIALECT, Record(value=twice.encode()), [])
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "duplicate_keys"


def test_each_version_of_an_execution_has_a_source_key_of_its_own() -> None:
    versions = [read(), read(updatedAt="2024-03-05 09:15:03"), read(executedAt="2024-03-05 09:15:02")]
    keys = [version.events[0].source_key for version in versions if isinstance(version, Reading)]
    assert keys[0] == keys[2] == f"open_loyalty|t-1|campaignExecution|x-1|{UPDATED_AT}"
    assert len(set(keys)) == 2


def test_clean_rows_stay_on_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    slow: list[bytes] = []
    monkeypatch.setattr(decoding, "_decode_slowly", lambda *given: slow.append(given[1]))
    for case in readable_of("open_loyalty"):
        decode(DIALECT, Record(value=case.value), [])
    assert [json.loads(value)["executionStatus"] for value in slow] == ["Suc cess"]  # of the case that is about dirt
