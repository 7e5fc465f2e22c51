"""Skip the tests of a server that cannot be had here and say so at the end; with CI=true they fail."""

import os
from collections import Counter
from typing import Final, NoReturn

import pytest

_MARK: Final = "cannot be had here: "


def lack(server: str, failure: Exception) -> NoReturn:
    """Skip a test, or fail it in CI, since a server cannot be had; the failure says why and what to install."""
    reason = f"{server} {_MARK}{failure}"
    if in_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def report_lacking(terminal: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped for the lack of each server, and what would let them run."""
    reasons = Counter(_reason(report) for report in terminal.stats.get("skipped", ()))
    for reason, count in reasons.items():
        server, marked, why = reason.partition(f" {_MARK}")
        if marked:
            terminal.section(f"no {server}", yellow=True)
            terminal.line(f"{count} tests were skipped. Any one of these lets them run:\n{why}")


def in_ci() -> bool:
    """Tell whether this run must test everything."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def _reason(report: pytest.TestReport) -> str:
    where = report.longrepr
    return str(where[2]).removeprefix("Skipped: ") if isinstance(where, tuple) else ""
