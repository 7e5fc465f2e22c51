"""Why an import cannot go on."""

from loyalty_stream.errors import ExplainedError


class ImportFailedError(ExplainedError):
    """A file cannot be imported, or not now; the message says why, and what to do."""
