"""What the dialect knows of one Voucherify activity: its type, its data, its canonical facts."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

import msgspec

from loyalty_stream.model.events import EventBody
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.wire import Wire

VENDOR: Final = "voucherify"

D = TypeVar("D", bound=Wire)


class Fact(NamedTuple):
    """One canonical fact of an activity: whose it is, what it is, and what names it.

    It is a customer's, or, where `customer_id` is None, that of the entity with `entity_id`.

    `name` is that of what the vendor booked, as `transaction|vtx_1|`: two activities that report one booking then state
    one fact, so that the second is a duplicate. Without a name the activity's own id names it, with `suffix` to tell it
    from its siblings. `at` is the vendor's time of what was booked, in milliseconds, where it is not the activity's.
    """

    customer_id: str | None
    body: EventBody
    name: str = ""
    at: int | None = None
    suffix: str = ""
    entity_id: str = ""


class Spec(Generic[D]):
    """One type of activity: `facts` makes its canonical facts, none where this version keeps nothing of the record.

    `makes` lists the types of the facts for readers; tests hold it true.
    """

    __slots__ = ("decode", "facts", "makes", "name", "wire")

    def __init__(
        self,
        name: str,
        wire: type[D],
        facts: Callable[[D, Header], Sequence[Fact]],
        *,
        makes: tuple[type[EventBody], ...],
    ) -> None:
        """Compile the decoder of the activity's data.

        A key that stands twice as written is not looked for, as Capillary's are: what we ignore repeats our keys, and
        the vendor's writer cannot repeat one.
        """
        self.name = name
        self.wire = wire
        self.facts = facts
        self.makes = makes
        self.decode: Callable[[msgspec.Raw], D] = msgspec.json.Decoder(wire).decode
