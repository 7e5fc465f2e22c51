"""Why the view cannot be kept, or cannot go on as it is."""

from loyalty_stream.errors import ExplainedError


class ViewError(ExplainedError):
    """The view cannot be kept; the message says why, and what to do."""


class Retired(Exception):  # noqa: N818 - nothing is wrong
    """The generation is not the one to write to: look again."""


class Held(Exception):  # noqa: N818 - nothing is wrong
    """The generation takes nothing for a moment."""
