"""What a check has found."""

from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """How well it is."""

    OK = "ok"
    WARNING = "warning"  # a worker runs; somebody should look
    PROBLEM = "problem"  # a worker does not run, or not rightly
    SKIPPED = "skipped"  # could not be looked at


class Finding(NamedTuple):
    """One thing that was looked at: what was found and, where it is not well, what to do."""

    check: str
    verdict: Verdict
    found: str
    fix: str = ""

    @classmethod
    def ok(cls, check: str, found: str) -> "Finding":
        """Return what is well."""
        return cls(check, Verdict.OK, found)

    @classmethod
    def warning(cls, check: str, found: str, fix: str) -> "Finding":
        """Return what somebody should look at."""
        return cls(check, Verdict.WARNING, found, fix)

    @classmethod
    def problem(cls, check: str, found: str, fix: str) -> "Finding":
        """Return what keeps a worker from its work."""
        return cls(check, Verdict.PROBLEM, found, fix)

    @classmethod
    def skipped(cls, check: str, found: str) -> "Finding":
        """Return what could not be looked at, and why."""
        return cls(check, Verdict.SKIPPED, found)
