"""What is kept of an execution. Whose it is, each version says anew: a row that outlives a customer names none."""

from msgspec import Struct


class ExecutionState(Struct, frozen=True, array_like=True, gc=False):
    """The newest version of an execution: its status, None while unknown, the vendor's time of it, and its content.

    `content` is 16 hex digits that stand for all that the version says, its own time aside.
    """

    status: str | None = None
    updated_at: int = 0
    content: str = ""
