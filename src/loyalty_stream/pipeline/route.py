"""Route an event: which partition its key lives on, and which domain and reducer its type belongs to."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.keys import partition_of

KEYS_CACHED_MAX: Final = 65_536


class Route(NamedTuple):
    """Where an event of one type goes; the domain's state is of the domain's own type."""

    domain: Domain[Any]
    reduce: Callable[..., Any]


ROUTES: Final[dict[type[EventBody], Route]] = {
    body: Route(domain, reduce) for domain in DOMAINS for body, reduce in domain.reducers.items()
}


def partitioner(partition_by: str, partitions: int) -> Callable[[str, str, str], int]:
    """Return the function from (vendor, org_id, entity_id) to the partition that holds the entity's rows.

    An entity that is no customer takes the customer's place in the text.
    """

    @lru_cache(maxsize=KEYS_CACHED_MAX)
    def home(vendor: str, org_id: str, entity_id: str) -> int:
        text = partition_by.format(vendor=vendor, org_id=org_id, customer_id=entity_id)
        return partition_of(text.encode(), partitions)

    return home
