"""Voucherify's activities of messages to customers: one set for each channel. Nothing of a message is read."""

from collections.abc import Callable, Sequence
from typing import Final, get_args

from loyalty_stream.domains.customers.events import DeliveryOutcome, MessageDelivery
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import CustomerData, first_customer, id_of
from loyalty_stream.sources.voucherify.spec import Fact, Spec
from loyalty_stream.sources.wire import NOT_GIVEN, Ignored

CHANNELS: Final = (
    "sms",
    "email",
    "activecampaign",
    "braze",
    "mailchimp",
    "intercom",
    "shopify",
    "klaviyo",
    "batch",
)
OUTCOMES: Final[tuple[DeliveryOutcome, ...]] = get_args(DeliveryOutcome)


class MessageData(CustomerData):
    """The data of every activity of a message."""

    distribution: Ignored = NOT_GIVEN
    sent_at: Ignored = NOT_GIVEN
    failed_at: Ignored = NOT_GIVEN
    recovered_at: Ignored = NOT_GIVEN
    campaign: Ignored = NOT_GIVEN
    voucher: Ignored = NOT_GIVEN


def delivery(channel: str, outcome: DeliveryOutcome) -> Callable[[MessageData, Header], Sequence[Fact]]:
    """Return the function that makes MessageDelivery of one channel and outcome."""

    def made(data: MessageData, _header: Header) -> Sequence[Fact]:
        return (Fact(first_customer(id_of(data.customer)), MessageDelivery(channel, outcome)),)

    return made


SPECS: Final = tuple(
    Spec(f"customer.{channel}.{outcome}", MessageData, delivery(channel, outcome), makes=(MessageDelivery,))
    for channel in CHANNELS
    for outcome in OUTCOMES
)
