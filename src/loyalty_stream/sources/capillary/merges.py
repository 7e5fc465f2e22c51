"""Capillary's merge of two customers. Source: DOMAIN 3.6."""

from collections.abc import Sequence
from typing import Final

from loyalty_stream.domains.customers.events import CustomersMerged
from loyalty_stream.model.merge import CustomerMerge, ProgramSummary
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerIdentifiers, Part, Spec
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Identifier,
    Ignored,
    Number,
    Wire,
    given_number,
    identifier,
    required_identifier,
)


class Summary(Wire):
    """What the survivor has in one programme after the merge."""

    loyaltyProgramId: Identifier
    currentPoints: Number = NULL
    promisedPoints: Number = NULL
    lifetimePoints: Number = NULL
    tierNumber: Identifier | None = None


class MergeData(Wire):
    """The data of `loyaltyCustomerMerge`."""

    survivorCustomerIdentifiers: CustomerIdentifiers
    victimCustomerIdentifiers: CustomerIdentifiers
    survivorCustomerLoyaltySummary: list[Summary] | None = None
    triggeringActivity: Ignored = NOT_GIVEN
    enteredBy: Ignored = NOT_GIVEN


def merged(data: MergeData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make CustomersMerged, a fact about the survivor."""
    survivor_id = required_identifier(data.survivorCustomerIdentifiers.customerId)
    victim_id = required_identifier(data.victimCustomerIdentifiers.customerId)
    if survivor_id == victim_id:
        raise Problem(DeadLetterReason.MERGE_WITH_ITSELF, "survivor and victim are the same customer")
    summaries = tuple(
        ProgramSummary(
            required_identifier(summary.loyaltyProgramId),
            given_number(summary.currentPoints),
            given_number(summary.promisedPoints),
            given_number(summary.lifetimePoints),
            identifier(summary.tierNumber),
        )
        for summary in data.survivorCustomerLoyaltySummary or ()
    )
    return (Part(survivor_id, CustomersMerged(CustomerMerge(survivor_id, victim_id, summaries))),)


def _business_id(data: MergeData) -> str:
    return required_identifier(data.victimCustomerIdentifiers.customerId)


SPECS: Final = (Spec("loyaltyCustomerMerge", MergeData, merged, _business_id, makes=(CustomersMerged,)),)
