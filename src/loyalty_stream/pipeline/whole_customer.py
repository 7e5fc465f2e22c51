"""Events of a whole customer: what they do, they do in every domain at once, so that no single reducer has them."""

from typing import Final, NamedTuple

from loyalty_stream.model.events import DerivedBody, EventBody


class WholeCustomerEvent(NamedTuple):
    """One such event for readers: what it does, in one sentence, and the derived events that it may cause."""

    body: type[EventBody]
    effect: str
    derived: tuple[type[DerivedBody], ...]


# Beside the domains' own tables (`Domain.causes`) this is what docs/events.md is written from.
WHOLE_CUSTOMER: Final[tuple[WholeCustomerEvent, ...]] = ()
