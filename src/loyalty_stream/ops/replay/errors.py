"""Why a replay cannot be."""

from loyalty_stream.errors import ExplainedError


class ReplayError(ExplainedError):
    """A replay or its comparison cannot go on; the message says why and what helps."""
