"""Whose activity it is: the vendor's own id of a customer; its `source_id` and all else of a profile is not read."""

from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.wire import NOT_GIVEN, Ignored, TextIdentifier, Wire, text_identifier


class Customer(Wire):
    """A customer, in short or with summaries; of a profile only the id is read."""

    id: TextIdentifier | None = None
    name: Ignored = NOT_GIVEN
    email: Ignored = NOT_GIVEN
    phone: Ignored = NOT_GIVEN
    description: Ignored = NOT_GIVEN
    birthday: Ignored = NOT_GIVEN
    birthdate: Ignored = NOT_GIVEN
    address: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    system_metadata: Ignored = NOT_GIVEN
    source_id: Ignored = NOT_GIVEN
    summary: Ignored = NOT_GIVEN
    loyalty: Ignored = NOT_GIVEN
    referrals: Ignored = NOT_GIVEN
    assets: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class CustomerData(Wire, kw_only=True):
    """The base of the data of every activity."""

    customer: Customer | None = None
    event_source: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN


def id_of(customer: Customer | None) -> str | None:
    """Return a customer's id, or None where there is none."""
    return None if customer is None else text_identifier(customer.id)


def first_customer(*ids: str | None) -> str:
    """Return the first id that is there; raise Problem where there is none."""
    for customer_id in ids:
        if customer_id is not None:
            return customer_id
    raise Problem(DeadLetterReason.MISSING_CUSTOMER, "no customer's id is where the activity has it")
