"""Points that come, mature and lapse: issued, converted, expired, reminded of, their expiry moved."""

from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.account import ZERO, Move
from loyalty_stream.simulate.capillary.customers import Customer, Issuance
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity, entity, totals_fields
from loyalty_stream.simulate.capillary.world import Json, Program

NONE: Final = Decimal("0.0")
_ISSUANCES_KEPT: Final = 12
_SHAPES: Final = (
    (0.65, "equal"),  # the breakup is the regular points
    (0.10, "split"),
    (0.08, "partial"),  # what the breakup lacks has no expiry
    (0.06, "no breakup"),
    (0.05, "breakup only"),  # the breakup counts, being larger
    (0.03, "total only"),
    (0.03, "not regular"),  # promotional or promised points alone
)
_PROMOTION_TYPES: Final = ("BILL_PROMOTION", "CUSTOMER_PROMOTION", "LINEITEM_PROMOTION")


def issue_points(stage: Stage, customer: Customer) -> VendorEvent:
    """Issue points for a bill: regular, promotional and promised ones."""
    draw = stage.draw
    program = draw.pick(customer.programs)
    issuance = Issuance(program, 3_000_000 + draw.serial(), NONE, [], NONE)
    fields = _issued_fields(stage, issuance)
    got = sum((amount for _, amount in issuance.promotions), issuance.regular)
    move = Move(active=got, pending=issuance.promised, lifetime=got)
    totals = stage.book(customer, program.id, move, carries="both")
    customer.issuances.append(issuance)
    if len(customer.issuances) > _ISSUANCES_KEPT:
        del customer.issuances[0]
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(
            stage,
            "TransactionAdd",
            ("BillId", str(issuance.bill_id)),
            ("billNumber", f"B-{issuance.bill_id}"),
        ),
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        **totals_fields(totals),
        "totalPointsIssued": got,
        **fields,
    }
    return stage.event(customer, "pointsIssued", data, "wrapped")


def _issued_fields(stage: Stage, issuance: Issuance) -> Json:
    """Draw what is issued, note it, and return its fields in one of the shapes that the vendor writes."""
    draw = stage.draw
    shape = draw.weighed(_SHAPES)
    amount = draw.amount(1, 400)
    if shape == "total only":
        issuance.regular = amount
        return {}
    if draw.chance(0.2):
        for _ in range(draw.between(1, 2)):
            issuance.promotions.append((f"promo-{draw.hex(8)}", draw.amount(1, 150)))
    if draw.chance(0.2):
        issuance.promised = draw.amount(1, 200)
    stated, breakup = NONE, list[Decimal]()
    if shape != "not regular" or not (issuance.promotions or issuance.promised):
        issuance.regular = amount
        stated, breakup = _regular_shape(stage, shape, amount)
    return {
        "regularPointsIssued": stated,
        "regularPointsBreakup": [
            {"points": points, "expiryAt": None if draw.chance(0.05) else stage.day(draw.between(20, 400))}
            for points in breakup
        ],
        "promotionalPointsIssued": [
            {
                "promotionIdentifier": identifier,
                "promotionType": draw.pick(_PROMOTION_TYPES),
                "promotionPoints": points,
                "promotionPointsExpiryDate": stage.day(draw.between(10, 200)),
            }
            for identifier, points in issuance.promotions
        ],
        "promisedPointsIssued": _promised(stage, issuance.promised),
    }


def _regular_shape(stage: Stage, shape: str, amount: Decimal) -> tuple[Decimal, list[Decimal]]:
    """Return the stated regular points and their breakup."""
    if shape == "no breakup":
        return amount, []
    if shape == "breakup only":
        return NONE, [amount]
    part = stage.draw.part_of(amount)
    if shape == "partial":
        return amount, [part]
    if shape == "split" and part < amount:
        return amount, [part, amount - part]
    return amount, [amount]


def _promised(stage: Stage, promised: Decimal) -> list[Json]:
    if not promised:
        return []
    return [
        {
            "promisedPoints": promised,
            "isExternalTriggerBased": stage.draw.chance(0.5),
            "promisedPointsConversionDate": stage.day(stage.draw.between(5, 40)),
        },
    ]


def convert_points(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Turn promised points into current ones, sometimes ones promised before our stream began."""
    draw = stage.draw
    program = draw.pick(customer.programs)
    pending = customer.accounts[program.id].pending
    if pending <= ZERO:
        return None
    converted = pending if draw.chance(0.5) else draw.part_of(pending)
    move = Move(active=converted, pending=-converted, lifetime=converted)
    totals = stage.book(customer, program.id, move, carries="both")
    reference: Json = {
        "name": "TransactionAdd",
        "enteredAt": stage.now_ms - 86_400_000,
        "pointsConverted": NONE if draw.chance(0.5) else converted,  # the event's own number is the one to trust
        "identifiers": [
            {"key": "billNumber", "value": f"B-{3_000_000 + draw.serial()}"},
            {"key": "EventLogId", "value": str(draw.between(10_000_000, 99_999_999))},
        ],
    }
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "earningActivityReference": [reference],
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        "pointsConverted": converted,
        **totals_fields(totals),
        "pointsConversionSource": "systemTrigger",
        "pointsConvertedBreakup": [],
    }
    return stage.event(customer, "promisedToCurrentPointsConversion", data, "wrapped")


def expire_points(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Let some of the vendor's active points lapse; the event carries no totals."""
    program = stage.draw.pick(customer.programs)
    active = customer.accounts[program.id].active
    if active < 1:
        return None
    expired = stage.draw.part_of(active)
    stage.book(customer, program.id, Move(active=-expired), carries="none")
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": {},
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        "pointsExpired": expired,
    }
    return stage.event(customer, "pointsExpired", data, "flat")


def remind_of_expiry(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Announce that points will lapse; nothing changes."""
    program = _known_program(stage, customer)
    if program is None or customer.accounts[program.id].active < 1:
        return None
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        "pointsScheduledForExpiry": stage.draw.part_of(customer.accounts[program.id].active),
        "scheduledExpiryDate": stage.day(stage.draw.between(1, 30)),
    }
    return stage.event(customer, "pointsExpiryReminder", data, "flat")


def move_expiry(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Move the expiry of points; balances stay as they are."""
    draw = stage.draw
    rows: list[Json] = []
    for _ in range(draw.between(1, 3)):
        program = _known_program(stage, customer)
        if program is None:
            return None
        old = stage.day(draw.between(20, 200))
        row: Json = {
            "programId": program.id,
            "points": draw.amount(1, 60),
            "pointsType": draw.pick(("billRegular", "billPromotions")),
            "oldExpiryDate": old,
            "newExpiryDate": old if draw.chance(0.2) else stage.day(draw.between(201, 400)),
        }
        rows.append(row)
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(stage, "PointsExpiryUpdate", ("requestedBy", "service desk")),
        "updatedPointsExpiry": rows,
    }
    return stage.event(customer, "singlePointsExpiryUpdated", data, "wrapped")


def _known_program(stage: Stage, customer: Customer) -> Program | None:
    """Return a programme in which the answer has an account, so that a mere reminder opens none."""
    program = stage.draw.pick(customer.programs)
    return program if (customer.key, str(program.id), "points") in stage.answer.accounts else None


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (300, issue_points),
    (45, convert_points),
    (35, expire_points),
    (20, remind_of_expiry),
    (15, move_expiry),
)
