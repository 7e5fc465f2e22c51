"""Keep whether a customer's profile is known and how their latest transactions stand; no personal data."""

from loyalty_stream.domains.customers import events
from loyalty_stream.domains.customers.derived import (
    ConsentChanged,
    CustomerErased,
    CustomerMerged,
    CustomerProfileChanged,
    CustomerReferred,
    CustomerSegmentChanged,
    MessageDelivery,
    TransactionRecorded,
    TransactionStatusChanged,
)
from loyalty_stream.domains.customers.events import (
    CustomerAdded,
    CustomerUpdated,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.domains.customers.merge import MERGE_RULES
from loyalty_stream.domains.customers.reduce import REDUCERS
from loyalty_stream.domains.customers.state import CustomersState
from loyalty_stream.model.domain import Domain

DOMAIN = Domain(
    name="customers",
    state_type=CustomersState,
    initial=CustomersState(),
    reducers=REDUCERS,
    derived=(
        CustomerProfileChanged,
        TransactionRecorded,
        TransactionStatusChanged,
        CustomerMerged,
        CustomerErased,
        CustomerReferred,
        CustomerSegmentChanged,
        ConsentChanged,
        MessageDelivery,
    ),
    merge=MERGE_RULES,
    causes={
        CustomerAdded: (CustomerProfileChanged,),
        CustomerUpdated: (CustomerProfileChanged,),
        TransactionAdded: (TransactionRecorded,),
        TransactionUpdated: (TransactionStatusChanged,),
        events.CustomerReferred: (CustomerReferred,),
        events.CustomerSegmentChanged: (CustomerSegmentChanged,),
        events.ConsentChanged: (ConsentChanged,),
        events.MessageDelivery: (MessageDelivery,),
    },
)
