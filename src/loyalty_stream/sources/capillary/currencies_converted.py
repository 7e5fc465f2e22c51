"""Capillary's event of promised alternate currencies that become spendable.

Source: the vendor's newer page of its loyalty events (DOMAIN 3.8); of all its newer events, one with a printed sample.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.points.events import PromisedPointsConverted, VendorTotals
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.currencies import currency_of, parts_of
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Identifier,
    Ignored,
    TextIdentifier,
    Wire,
    WrittenAmount,
    identifier,
    written_amount,
)

NO_PROGRAM: Final = "0"  # what the vendor writes in a conversion that is of several programmes


class ConvertedCurrency(Wire):
    """How much of one currency is converted in all."""

    alternateCurrencyIdentifier: TextIdentifier
    alternateCurrencyValue: WrittenAmount = NULL
    alternateCurrencyName: Ignored = NOT_GIVEN


class ConvertedPart(Wire):
    """How much of one currency is converted in one programme."""

    alternateCurrencyIdentifier: TextIdentifier | None = None
    alternateCurrencyValue: WrittenAmount = NULL
    programId: Identifier | None = None
    alternateCurrencyName: Ignored = NOT_GIVEN
    promotionId: Ignored = NOT_GIVEN
    promotionName: Ignored = NOT_GIVEN
    promotionDetails: Ignored = NOT_GIVEN


class ConvertedBreakup(Wire):
    """What one bill or line promised."""

    promotionalAlternateCurrencyBreakup: list[ConvertedPart] | None = None
    nonPromotionalAlternateCurrencyBreakup: list[ConvertedPart] | None = None
    entityName: Ignored = NOT_GIVEN
    alternateCurrencyEntityDetails: Ignored = NOT_GIVEN


class ConvertedData(CustomerData):
    """The data of `promisedToCurrentAlternateCurrencyConversion`."""

    loyaltyProgramId: Identifier | None = None
    alternateCurrencyConverted: list[ConvertedCurrency] | None = None
    alternateCurrencyConvertedBreakup: list[ConvertedBreakup] | None = None
    alternateCurrencyConversionSource: Ignored = NOT_GIVEN
    earningAlternateCurrencyReference: Ignored = NOT_GIVEN
    billId: Ignored = NOT_GIVEN
    eventLogId: Ignored = NOT_GIVEN
    eventDateTime: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


def converted(data: ConvertedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PromisedPointsConverted for each currency, and for each programme of it where the breakup adds up.

    The vendor writes programme 0 where the conversion runs over programmes; their ids then stand in the breakup.
    """
    own = identifier(data.loyaltyProgramId)
    bodies: list[tuple[str, PromisedPointsConverted]] = []
    for each in data.alternateCurrencyConverted or ():
        currency, total = currency_of(each.alternateCurrencyIdentifier), written_amount(each.alternateCurrencyValue)
        if total is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "alternateCurrencyValue is missing")
        by_program = _by_program(data, currency)
        if sum(by_program.values(), ZERO) != total:  # the total wins, and goes to the programme that is sure
            program_id = next(iter(by_program), None) if own in {None, NO_PROGRAM} else own
            if program_id is None:
                raise Problem(DeadLetterReason.MISSING_FIELD, "the programme of a conversion is missing")
            by_program = {program_id: total}
        bodies += [
            (f"{currency}|{program_id}", PromisedPointsConverted(program_id, currency, part, VendorTotals()))
            for program_id, part in by_program.items()
        ]
    return parts_of(data, bodies)


def _by_program(data: ConvertedData, currency: str) -> dict[str, Decimal]:
    """Return what the breakup says is converted of a currency, by programme."""
    found: dict[str, Decimal] = {}
    for line in data.alternateCurrencyConvertedBreakup or ():
        for part in (
            *(line.promotionalAlternateCurrencyBreakup or ()),
            *(line.nonPromotionalAlternateCurrencyBreakup or ()),
        ):
            program_id, value = identifier(part.programId), written_amount(part.alternateCurrencyValue)
            named = part.alternateCurrencyIdentifier
            if program_id is None or value is None or named is None or currency_of(named) != currency:
                continue
            found[program_id] = found.get(program_id, ZERO) + value
    return found


SPECS: Final = (
    Spec("promisedToCurrentAlternateCurrencyConversion", ConvertedData, converted, makes=(PromisedPointsConverted,)),
)
