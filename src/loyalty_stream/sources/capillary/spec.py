"""What the dialect knows of one Capillary event: its name, its data, its canonical events."""

import re
from collections.abc import Callable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

import msgspec

from loyalty_stream.model.events import EventBody
from loyalty_stream.model.problem import Repairs
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.shape import keys_once
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Identifier,
    Ignored,
    NotCleanError,
    Wire,
    required_identifier,
)

VENDOR: Final = "capillary"

D = TypeVar("D", bound=Wire)


class Part(NamedTuple):
    """One canonical fact of a record: whose it is, what it is, and what tells it from its siblings.

    `entity_id` is the customer's id, or names another entity with its kind before it (`reward/55881`) and `customer`
    false.
    """

    entity_id: str
    body: EventBody
    suffix: str = ""
    customer: bool = True


class Spec(Generic[D]):
    """One event of the vendor: `parts` makes its canonical facts, `business_id` names it where no eventId does.

    `beside` names fields of the data that the vendor may write beside `data` instead; such a record goes the slow path.
    `makes` lists the types of the facts for readers; tests hold it true.
    """

    __slots__ = ("_decode", "_keys", "beside", "business_id", "makes", "name", "parts", "wire")

    def __init__(
        self,
        name: str,
        wire: type[D],
        parts: Callable[[D, Header, Repairs], Sequence[Part]],
        business_id: Callable[[D], str] = lambda _: "",
        beside: tuple[str, ...] = (),
        *,
        makes: tuple[type[EventBody], ...],
    ) -> None:
        """Compile the decoder of the event's data."""
        self.name = name
        self.wire = wire
        self.parts = parts
        self.business_id = business_id
        self.beside = beside
        self.makes = makes
        self._decode = msgspec.json.Decoder(wire).decode
        self._keys = tuple(f'"{key}"'.encode() for key in keys_once(wire))

    def decode(self, data: msgspec.Raw) -> D:
        """Return the event's data, read from clean bytes.

        Raises NotCleanError where a key may stand twice: the decoder would quietly take the last one.
        """
        text = bytes(data)
        for key in self._keys:
            if text.count(key) > 1 and len(re.findall(key + rb"\s*:", text)) > 1:  # else it is some value too
                raise NotCleanError
        return self._decode(text)


class CustomerIdentifiers(Wire):
    """Whose event it is; the channels' identifiers are PII and are not read."""

    customerId: Identifier
    instore: Ignored = NOT_GIVEN
    Instore: Ignored = NOT_GIVEN
    wechat: Ignored = NOT_GIVEN
    martjack: Ignored = NOT_GIVEN
    mobileApp: Ignored = NOT_GIVEN
    facebook: Ignored = NOT_GIVEN
    line: Ignored = NOT_GIVEN
    webEngage: Ignored = NOT_GIVEN
    web_engage: Ignored = NOT_GIVEN
    loyaltyType: Ignored = NOT_GIVEN


class CustomerData(Wire, kw_only=True):
    """The base of the data of every event about one customer."""

    customerIdentifiers: CustomerIdentifiers
    entityInformation: Ignored = NOT_GIVEN
    loyaltyProgramDetails: Ignored = NOT_GIVEN


def customer_of(data: CustomerData) -> str:
    """Return the customer's id."""
    return required_identifier(data.customerIdentifiers.customerId)
