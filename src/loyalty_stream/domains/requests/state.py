"""What is kept of a request. Whose it is, each of its events says anew: a row that outlives a customer names none."""

from msgspec import Struct


class RequestState(Struct, frozen=True, array_like=True, gc=False):
    """A request's type and state in the vendor's words, None while unknown, and the vendor's time of that state."""

    request_type: str | None = None
    base_type: str | None = None
    state: str | None = None
    changed_at: int = 0
