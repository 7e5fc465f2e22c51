"""Why an import cannot go on."""


class ImportFailedError(Exception):
    """A file cannot be imported, or not now; the message says why, and what to do."""
