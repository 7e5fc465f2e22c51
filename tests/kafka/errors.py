"""Name what can go wrong on the way to a broker."""


class NoBrokerError(Exception):
    """No broker can be had this way; the message says why and what to install."""
