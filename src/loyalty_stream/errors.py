"""Errors that explain themselves to who runs a command: what happened, with which value, and what to do."""

from typing import ClassVar


class ExplainedError(Exception):
    """A problem outside the program; its text is all that a user is shown of it, where any other error is a bug."""

    exit_code: ClassVar[int] = 1


class UsageError(ExplainedError):
    """A problem of what the user has given: a setting or an option."""

    exit_code = 2
