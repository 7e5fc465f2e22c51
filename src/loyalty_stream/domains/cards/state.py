"""What is kept of a loyalty card."""

from msgspec import Struct


class CardState(Struct, frozen=True, array_like=True, gc=False):
    """A card's status in the vendor's words, None while it is unknown, and the vendor's time of it."""

    status: str | None = None
    changed_at: int = 0
