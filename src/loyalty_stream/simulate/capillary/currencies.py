"""Alternate currencies: points by another name, several of them in one event."""

from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.account import ZERO, Move, Totals
from loyalty_stream.simulate.capillary.adjustments import written
from loyalty_stream.simulate.capillary.customers import CurrencyIssue, Customer
from loyalty_stream.simulate.capillary.points import NONE
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity, entity
from loyalty_stream.simulate.capillary.world import Json, Program

_ISSUES_KEPT: Final = 8
_REVERSED_NAMES: Final = (
    "issuedalternateCurrenciesReversed",  # as the page prints it
    "IssuedAlternateCurrenciesReversed",
    "issuedAlternateCurrenciesReversed",
)


def issue_currencies(stage: Stage, customer: Customer) -> VendorEvent:
    """Issue units of one or both currencies for a bill: regular, promotional and promised ones."""
    draw = stage.draw
    program = draw.pick(customer.programs)
    bill_id = 3_000_000 + draw.serial()
    chosen = customer.org.currencies if draw.chance(0.3) else (draw.pick(customer.org.currencies),)
    rows = [_issued(stage, customer, program, (currency, bill_id)) for currency in chosen]
    field = "alternateCurrencies" if draw.chance(0.7) else "alternateCurrenciesIssuedData"
    data = _data(stage, customer, program, ("TransactionAdd", bill_id)) | {field: rows}
    return stage.event(customer, "alternateCurrenciesIssued", data, "flat")


def _issued(stage: Stage, customer: Customer, program: Program, what: tuple[tuple[str, str], int]) -> Json:
    """Draw what is issued of one currency and note it; the breakup counts where it is larger than what is stated."""
    draw = stage.draw
    currency, bill_id = what
    issue = CurrencyIssue(program, currency[0], bill_id, draw.amount(1, 200), [], NONE)
    if draw.chance(0.3):
        issue.promotions = [(f"promo-{draw.hex(8)}", draw.amount(1, 80)) for _ in range(draw.between(1, 2))]
    if draw.chance(0.4):
        issue.promised = draw.amount(1, 100)
    got = sum((units for _, units in issue.promotions), issue.regular)
    move = Move(active=got, pending=issue.promised, lifetime=got)
    totals = stage.book(customer, program.id, move, carries="both", currency=currency[0])
    customer.currency_issues.append(issue)
    if len(customer.currency_issues) > _ISSUES_KEPT:
        del customer.currency_issues[0]
    in_parts = draw.chance(0.7)
    row: Json = {
        "regularAlternateCurrenciesIssued": 0 if in_parts and draw.chance(0.3) else issue.regular,
        "regularAlternateCurrenciesBreakup": [
            {"alternateCurrencies": issue.regular, "expiryAt": stage.day(draw.between(20, 400))}
        ]
        if in_parts
        else [],
        "promotionalAlternateCurrenciesIssued": [
            {
                "promotionName": "Spring booster",
                "promotionIdentifier": identifier,
                "promotionAlternateCurrencies": units,
                "promotionAlternateCurrenciesExpiryDate": stage.day(draw.between(10, 200)),
                "promotionType": "CUSTOMER_PROMOTION",
            }
            for identifier, units in issue.promotions
        ],
        "promisedAlternateCurrenciesIssued": _promised(stage, issue.promised),
        "totalAlternateCurrenciesIssued": got + issue.promised,
    }
    return _named(currency) | _totals(totals) | row


def _promised(stage: Stage, promised: Decimal) -> list[Json]:
    if not promised:
        return []
    return [
        {
            "promisedAlternateCurrencies": promised,
            "isExternalTriggerBased": True,
            "promisedAlternateCurrenciesConversionDate": stage.day(stage.draw.between(5, 40)),
            "promotionIdentifier": f"promo-{stage.draw.hex(8)}",
        }
    ]


def reverse_currencies(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Take back what a returned bill gave, all of it; what was converted meanwhile stays."""
    if not customer.currency_issues:
        return None
    draw = stage.draw
    issue = draw.take(customer.currency_issues)
    theirs = stage.population.currency_account(customer, issue.program.id, issue.currency)
    promised = min(issue.promised, theirs.pending)
    taken = sum((units for _, units in issue.promotions), issue.regular)
    move = Move(active=-taken, pending=-promised, lifetime=-taken)
    totals = stage.book(customer, issue.program.id, move, carries="both", currency=issue.currency)
    returned = [
        {"promotionIdentifier": identifier, "promotionAlternateCurrencies": units, "promotionType": "BILL"}
        for identifier, units in issue.promotions
    ]
    row: Json = {
        "promisedAlternateCurrenciesReversed": promised,
        "promotionalAlternateCurrenciesReversed": returned,
        "regularAlternateCurrenciesReversed": issue.regular,
        "totalAlternateCurrenciesReversed": taken + promised,
    }
    if draw.chance(0.8):  # else the totals are all that there is
        row |= {
            "currentEventPromisedAlternateCurrenciesReturned": promised,
            "currentEventRegularAlternateCurrenciesReturned": issue.regular,
            "currentEventTotalAlternateCurrenciesReturned": taken + promised,
            "currentEventPromotionAlternateCurrenciesReturnedDetails": returned,
        }
    name = dict(customer.org.currencies)[issue.currency]
    row = _named((issue.currency, name)) | _totals(totals) | row
    field = "alternateCurrencies" if draw.chance(0.7) else "alternateCurrenciesReversedData"
    data = _data(stage, customer, issue.program, ("ReturnBill", issue.bill_id)) | {field: [row]}
    event = stage.event(customer, "issuedAlternateCurrenciesReversed", data, "flat")
    event.spelled = draw.pick(_REVERSED_NAMES)
    return event


def convert_currencies(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Turn promised units into current ones; of several programmes the event states none, but each part does."""
    draw = stage.draw
    waiting = [place for place, theirs in customer.currencies.items() if theirs.pending > ZERO]
    if not waiting:
        return None
    _, currency = draw.pick(waiting)
    name = dict(customer.org.currencies)[currency]
    parts: list[tuple[int, Decimal]] = []
    for program_id in [program_id for program_id, other in waiting if other == currency]:
        pending = customer.currencies[program_id, currency].pending
        units = pending if draw.chance(0.5) else draw.part_of(pending)
        move = Move(active=units, pending=-units, lifetime=units)
        stage.book(customer, program_id, move, carries="none", currency=currency)
        parts.append((program_id, units))
    named = {"alternateCurrencyIdentifier": currency, "alternateCurrencyName": f"{name}_PROMISED"}
    total = written(sum((units for _, units in parts), ZERO))
    own = parts[0][0] if len(parts) == 1 and draw.chance(0.5) else 0
    breakup: list[Json] = [
        named | {"alternateCurrencyValue": written(units), "programId": program_id, "promotionId": 7}
        for program_id, units in parts
    ]
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "earningAlternateCurrencyReference": [],
        "loyaltyProgramDetails": {"id": own, "tiers": []},
        "loyaltyProgramId": own,
        "alternateCurrencyConverted": [named | {"alternateCurrencyValue": total}],
        "alternateCurrencyConversionSource": "externalTrigger",
        "alternateCurrencyConvertedBreakup": [
            {
                "alternateCurrencyEntityDetails": {
                    "alternateCurrencyIdentifier": currency,
                    "alternateCurrencyValue": total,
                    "billNumber": f"B-{3_000_000 + draw.serial()}",
                    "itemCode": "0",
                },
                "promotionalAlternateCurrencyBreakup": breakup[:1],
                "nonPromotionalAlternateCurrencyBreakup": breakup[1:],
            }
        ],
    }
    return stage.event(customer, "promisedToCurrentAlternateCurrencyConversion", data, "flat")


def _data(stage: Stage, customer: Customer, program: Program, cause: tuple[str, int]) -> Json:
    name, bill_id = cause
    return {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        "triggeringActivity": activity(stage, name, ("billId", str(bill_id)), ("billNumber", f"B-{bill_id}")),
    }


def _named(currency: tuple[str, str]) -> Json:
    return {"alternateCurrencyName": currency[1], "alternateCurrencyIdentifier": currency[0]}


def _totals(totals: Totals) -> Json:
    fields: Json = {}
    if totals.current is not None:
        fields["programCurrentAlternateCurrencies"] = totals.current
    if totals.lifetime is not None:
        fields["programLifetimeAlternateCurrencies"] = totals.lifetime
    return fields


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (35, issue_currencies),
    (10, reverse_currencies),
    (15, convert_currencies),
)
