"""A table row: what one domain keeps for one key."""

from typing import Final, Generic, TypeVar

from msgspec import Struct

S = TypeVar("S")

ROW_VERSION: Final = 1
"""The version of a row whose kind of state is still as it was first released."""


class Row(Struct, Generic[S], frozen=True, array_like=True, gc=False):
    """One domain's state of one key, with its dedup window and the number of derived events so far.

    `seq` counts the derived events of (key, domain) without gaps. `window` is the dedup window, packed
    (pipeline/dedup.py). `version` is the layout of the state, counted by its kind from 1. `moved_to` is the id of the
    customer whose all of this is since a merge; `waits` is true while the state of a merged customer is on its way
    here.
    """

    version: int
    seq: int
    window: bytes
    state: S
    moved_to: str | None = None
    waits: bool = False


def row_key(domain: str, key: str) -> bytes:
    """Return the key of a row in the one physical table: `<domain>|<entity key>`."""
    return f"{domain}|{key}".encode()
