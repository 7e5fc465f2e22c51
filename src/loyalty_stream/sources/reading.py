"""What a dialect makes of one raw record, and what a dialect is."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from loyalty_stream.model.events import CanonicalEvent, EventBody, RawRecord
from loyalty_stream.model.problem import Repairs
from loyalty_stream.model.reasons import IgnoredReason
from loyalty_stream.sources.tree import Pairs


class Reading(Struct, frozen=True, gc=False):
    """A record that was understood: its event's name, and its canonical events or why it has none."""

    event_name: str
    events: tuple[CanonicalEvent, ...] = ()
    ignored: IgnoredReason | None = None


class Dialect(Struct, frozen=True):
    """One vendor's way of writing events.

    `read(value, record, repairs)` is the fast path: it takes clean bytes only and raises NotCleanError or a msgspec
    error for whatever needs mending, or Problem for what no mending helps. `mend(tree, repairs)` is the slow path: it
    returns clean bytes for `read`, or raises Problem. For readers, and held true by
    tests, `makes` names each event that is read, with the types of fact that it may make, and `ignores` each that is
    known and has no effect, with the reason.
    """

    name: str
    read: Callable[[bytes, RawRecord, Repairs], Reading]
    mend: Callable[[Pairs, Repairs], bytes]
    makes: Mapping[str, tuple[type[EventBody], ...]] = field(default_factory=dict)
    ignores: Mapping[str, IgnoredReason] = field(default_factory=dict)
