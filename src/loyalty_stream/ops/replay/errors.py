"""Why a replay cannot be."""


class ReplayError(Exception):
    """A replay or its comparison cannot go on; the message says why and what helps."""
