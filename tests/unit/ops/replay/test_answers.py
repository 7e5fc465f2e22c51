"""An answer that only one side has is no difference where the other side merely asked too early."""

from typing import Any

import pytest

from loyalty_stream.ops.replay.answers import Answers
from loyalty_stream.ops.replay.compare import Entries
from loyalty_stream.ops.replay.report import Report
from loyalty_stream.ops.replay.spill import LIVE, SHADOW

KEY = "voucherify:0:cust_1"


def row(answer: str | None, tier: str = "gold", seq: int = 1) -> dict[str, Any]:
    """A row of tiers as it is compared: an answer is an event more that came to it."""
    programs = Entries({"camp_1": {"tier": tier, "computed_expires_on": answer}})
    window = ["asked"] if answer is None else ["answered", "asked"]
    state = {"programs": programs}
    return {"state": state, "moved_to": None, "seq": seq, "events_seen": len(window), "window": window}


def report_of(answers: Answers) -> Report:
    report = Report()
    answers.settle(report)
    return report


@pytest.mark.parametrize("lacks", [LIVE, SHADOW])
def test_a_side_that_has_other_answers_of_that_campaign_only_asked_too_early(lacks: int) -> None:
    answers = Answers()
    live, shadow = (row(None if side == lacks else "2027-07-07") for side in (LIVE, SHADOW))
    assert answers.is_lacking("tiers", KEY, live, shadow)
    answers.note("tiers", lacks, row("2027-08-01"))
    report = report_of(answers)
    assert (report.answers_early, dict(report.kinds)) == (1, {})
    assert report.as_json()["same"]


def test_a_side_without_any_answer_of_that_campaign_differs() -> None:
    answers = Answers()
    live, shadow = row("2027-07-07"), row(None)
    answers.note("tiers", LIVE, live)
    answers.note("tiers", SHADOW, shadow)
    assert answers.is_lacking("tiers", KEY, live, shadow)
    report = report_of(answers)
    assert report.answers_early == 0
    [told] = report.as_json()["differences"]
    assert told["path"] == "state.programs[…].computed_expires_on"
    assert (told["production"], told["shadow"]) == ("2027-07-07", None)


@pytest.mark.parametrize(
    ("live", "shadow"),
    [
        pytest.param(row("2027-07-07"), row("2027-07-08"), id="another answer"),
        pytest.param(row("2027-07-07"), row(None, tier="silver"), id="another tier too"),
        pytest.param(row("2027-07-07"), row(None, seq=2), id="an event more too"),
        pytest.param(row("2027-07-07"), None, id="no row"),
    ],
)
def test_any_other_difference_is_one(live: dict[str, Any], shadow: dict[str, Any] | None) -> None:
    assert not Answers().is_lacking("tiers", KEY, live, shadow)


def test_other_tables_have_no_answers() -> None:
    assert not Answers().is_lacking("points", KEY, row(None), row("2027-07-07"))
