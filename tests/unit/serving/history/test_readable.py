"""An explanation is readable on a terminal, and what is wrong stands out."""

from typing import Any

from loyalty_stream.serving.history.readable import explanation_lines

CAUSE = {"event_name": "pointsIssued", "event_id": "i-1", "topic": "raw", "partition": 2, "offset": 17}
LOT = {"lot_id": "a.0", "change": "expiry_moved", "amount": "5", "remaining": "60", "expires_on": "2026-12-31"}


def step(seq: int, delta: str | None, active: str | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "seq": seq,
        "occurred_at": 1_767_225_600_000,
        "type": "BalanceChanged",
        "what": "did something",
        "delta": None if delta is None else {"active": delta},
        "balance": None if active is None else {"active": active},
        "lots": [],
        "cause": CAUSE,
        "notes": [],
        **more,
    }


def told(*steps: dict[str, Any], agrees: bool = True, **more: Any) -> list[str]:  # noqa: ANN401
    now = {"active": "60", "pending": "0", "lifetime": "60"}
    account = {"program_id": "41", "currency": "points", "steps": steps, "now": now, "agrees": agrees}
    usual = {"key": "v:o:c", "merged_into": None, "complete": True, "others": [], "merged": [], "accounts": [account]}
    return explanation_lines(usual | more)


def test_amounts_stand_below_each_other_and_each_step_names_its_cause_and_lots() -> None:
    assert told(step(9, "60", "60", lots=[LOT]), step(10, "-1000.5", "-940.5", notes=["the customer owes points"])) == [
        "v:o:c",
        "",
        "programme 41, points",
        "   9  2026-01-01T00:00:00Z      +60      60  did something",
        "      pointsIssued i-1 at raw 2:17",
        "      lot a.0: expiry moved 5, holds 60 until 2026-12-31",
        "  10  2026-01-01T00:00:00Z  -1000.5  -940.5  did something",
        "      pointsIssued i-1 at raw 2:17",
        "      the customer owes points",
        "  now: active 60, pending 0, lifetime 60, as the steps say",
    ]


def test_a_drift_is_marked_and_changes_nothing() -> None:
    line = told(step(1, None, None, type="BalanceDriftDetected"))[3]
    assert line.endswith("! did something")


def test_what_the_steps_do_not_lead_to_stands_out() -> None:
    assert "WHICH IS NOT WHAT THE STEPS LEAD TO" in told(agrees=False)[-1]


def test_a_merge_is_told_on_both_sides_and_what_is_missing_is_said() -> None:
    merged: dict[str, Any] = {"key": "v:o:d", "at": None, "complete": False, "accounts": []}
    lines = told(merged_into="v:o:e", complete=False, merged=[merged], others=[step(3, None, None)])
    assert lines[1:3] == ["merged into v:o:e, who has all of it now", "the first steps could not be read any more"]
    assert "merged in: v:o:d; the first steps could not be read any more" in lines
    assert "of no single account" in lines
