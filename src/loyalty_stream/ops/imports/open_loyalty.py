"""Turn rows of Open Loyalty's campaign executions into raw records.

Source: https://help.openloyalty.io/technical-guide/data-exports/data-structure-and-types/campaign-execution.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

from loyalty_stream.ops.imports.errors import ImportFailedError
from loyalty_stream.sources.open_loyalty import VENDOR, entity_of
from loyalty_stream.sources.open_loyalty.row import COLUMNS

DIALECT: Final = VENDOR
NEEDED: Final = ("campaignExecutionId", "tenantId", "campaignId", "executionStatus", "updatedAt")
"""The columns without which no row says anything."""
Convert = Callable[[Sequence[str]], tuple[bytes, bytes] | None]
"""From a row's cells to the key and the value of its raw record, None where they are not as many as the columns."""
_encode: Final = msgspec.json.Encoder().encode


class Head(NamedTuple):
    """What a file's first row says: the name of each column, None for one that is dropped, and the dropped ones."""

    names: tuple[str | None, ...]
    dropped: tuple[str, ...]


def read_head(cells: Sequence[str]) -> Head:
    """Return what a file's first row says; the columns may be in any order.

    Raises:
        ImportFailedError: A needed column is missing, or a column stands there twice.

    """
    names = [cell.strip() for cell in cells]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise ImportFailedError(
            f"the file has no column {', '.join(missing)}: its first line must name the columns of Open Loyalty's "
            f"campaign executions, separated by commas, at least {', '.join(NEEDED)}"
        )
    twice = sorted({name for name in names if names.count(name) > 1 and name in COLUMNS})
    if twice:
        raise ImportFailedError(f"the file has the column {', '.join(twice)} more than once: which one counts?")
    known = tuple(name if name in COLUMNS else None for name in names)
    return Head(known, tuple(name for name in names if name not in COLUMNS))


def to_record(head: Head, partition_by: str) -> Convert:
    """Return the function that makes rows under a head into raw records.

    The key is what chooses the partition of the execution's own rows (`partition_by`), so that its versions lie on one
    partition, where they are reduced in place.
    """
    names, width = head.names, len(head.names)
    execution_at, tenant_at = names.index("campaignExecutionId"), names.index("tenantId")
    kept = None if None not in names else [place for place, name in enumerate(names) if name is not None]

    def convert(cells: Sequence[str]) -> tuple[bytes, bytes] | None:
        if len(cells) != width:
            return None
        pairs = zip(names, cells, strict=True) if kept is None else ((names[place], cells[place]) for place in kept)
        tenant, execution = "".join(cells[tenant_at].split()), "".join(cells[execution_at].split())
        key = partition_by.format(vendor=VENDOR, org_id=tenant, customer_id=entity_of(execution))
        return key.encode(), _encode(dict(pairs))

    return convert
