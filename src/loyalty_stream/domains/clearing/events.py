"""Canonical events of clearing beside those that it shares with the customers (model/transfer.py)."""

from datetime import date

from loyalty_stream.model.events import EventBody


class TransferWaitEnded(EventBody, frozen=True, gc=False, tag=True):
    """By our own clock a leg, or several, may have waited too long for the other."""

    day: date
