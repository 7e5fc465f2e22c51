"""Read what a record's headers say."""

from typing import Any

import pytest

from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.headers import header_text, org_of, time_zone_of
from tests.helpers.flow import Record


def record(*headers: tuple[str, bytes | None]) -> Record:
    return Record(headers=headers)


@pytest.mark.parametrize("headers", [(), None, (("loyalty_event", b"x"),)])
def test_a_record_without_an_organisation_is_that_of_0(headers: Any) -> None:  # noqa: ANN401 - as a client gives them
    assert org_of(Record(headers=headers)) == "0"


def test_the_last_header_of_a_name_counts_without_whitespace_at_its_edges() -> None:
    assert org_of(record(("loyalty_org_id", b"1"), ("x", b"2"), ("loyalty_org_id", b" 58001 "))) == "58001"


@pytest.mark.parametrize("value", [b"\xff", b"a\nb", b"x" * 201])
def test_a_header_that_is_no_line_of_text_is_named_in_the_problem(value: bytes) -> None:
    with pytest.raises(Problem, match="the header loyalty_event") as caught:
        header_text(record(("loyalty_event", value)), "loyalty_event")
    assert caught.value.reason is DeadLetterReason.WRONG_TYPE


@pytest.mark.parametrize("value", [b"1:2", b"1|2", b"1 2", b"  ", None])
def test_an_organisation_that_is_blank_or_would_not_end_in_a_key_is_refused(value: bytes | None) -> None:
    with pytest.raises(Problem, match="loyalty_org_id is no id"):
        org_of(record(("loyalty_org_id", value)))


def test_the_time_zone_is_utc_unless_a_header_names_another() -> None:
    assert time_zone_of(record()) == "UTC"
    assert time_zone_of(record(("loyalty_time_zone", b"Europe/Warsaw"))) == "Europe/Warsaw"


@pytest.mark.parametrize("name", [b"Mars/Olympus", b"../UTC", b"GMT+25h"])
def test_a_time_zone_that_is_none_is_a_wrong_type_that_names_the_header(name: bytes) -> None:
    with pytest.raises(Problem, match="the header loyalty_time_zone") as caught:
        time_zone_of(record(("loyalty_time_zone", name)))
    assert caught.value.reason is DeadLetterReason.WRONG_TYPE
