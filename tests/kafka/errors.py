"""Name what can go wrong on the way to a server."""


class NoServerError(Exception):
    """No such server can be had this way; the message says why and what to install."""
