"""Points that go and come back: redeemed, redemptions reversed, issues taken back."""

from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.account import ZERO, Move
from loyalty_stream.simulate.capillary.customers import Customer, Issuance, Redemption
from loyalty_stream.simulate.capillary.points import NONE
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity, entity, totals_fields
from loyalty_stream.simulate.capillary.world import Json, Program

_REDEMPTIONS_KEPT: Final = 10
_BEYOND_SHARE: Final = 0.03
_SEVERAL_SHARE: Final = 0.4
_SHAPES: Final = ((0.65, "full"), (0.25, "participating"), (0.10, "plain"))


def redeem_points(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Spend points of one or several earning programmes, now and then more than there are."""
    draw = stage.draw
    payers = [program for program in customer.programs if customer.accounts[program.id].active >= 1]
    if not payers:
        return None
    if len(payers) > 1 and not draw.chance(_SEVERAL_SHARE):
        payers = [draw.pick(payers)]
    parts = [(program, _spend(stage, customer, program)) for program in payers]
    shape = draw.weighed(_SHAPES)
    if shape == "plain" and len(parts) == 1:
        return _plain(stage, customer, parts[0])
    rows: list[Json] = []
    for program, amount in parts:
        totals = stage.book(customer, program.id, Move(active=-amount), carries="current")
        row: Json = {"programId": program.id, "pointsRedeemed": amount}
        rows.append(row | totals_fields(totals))
    total = sum((amount for _, amount in parts), ZERO)
    if shape == "participating":
        return _participating(stage, customer, rows, total)
    redemption = Redemption(draw.hex(10), 9_000_000 + draw.serial(), parts)
    customer.redemptions.append(redemption)
    if len(customer.redemptions) > _REDEMPTIONS_KEPT:
        del customer.redemptions[0]
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(stage, "PointsRedemption", ("billId", "-1"), ("redemptionId", redemption.id)),
        "loyaltyProgramDetails": parts[0][0].details,
        "loyaltyProgramId": parts[0][0].id,
        "totalPointsRedeemed": total,
        "redemptionSummaryId": redemption.summary_id,
        "redeemedPointsCurrencyValue": total,
        "redemptionNotes": "",
        "redemptionBillNumber": f"R-{redemption.summary_id}",
        "isGroupRedemption": draw.chance(0.1),
        "redemptionFromEarningPrograms": rows,
    }
    return stage.event(customer, "pointsRedeemed", data, "wrapped")


def _spend(stage: Stage, customer: Customer, program: Program) -> Decimal:
    active = customer.accounts[program.id].active
    if stage.draw.chance(_BEYOND_SHARE):
        return active + stage.draw.amount(1, 50)
    return stage.draw.part_of(active)


def _participating(stage: Stage, customer: Customer, rows: list[Json], total: Decimal) -> VendorEvent:
    """Return the flat shape: another spelling of `instore`, no entity, no redemption id."""
    identifiers = {"customerId": customer.id, "Instore": customer.identifiers["instore"]}
    store = stage.draw.between(1, 40)
    data: Json = {
        "customerIdentifiers": identifiers,
        "triggeringActivity": {
            "name": "pointsRedemption",
            "identifiers": [{"key": "billId", "value": str(3_000_000 + stage.draw.serial())}],
            "enteredAt": {
                "id": store,
                "store": {"code": f"store.{store}", "name": f"Store {store}", "externalId": f"S{store:04d}"},
                "till": {"code": f"till.{store}.1", "name": f"till.{store}.1"},
            },
        },
        "loyaltyProgramId": rows[0]["programId"],
        "totalPointsRedeemed": total,
        "redeemedPointsCurrencyValue": total,
        "redemptionFromEarningPrograms": rows,
    }
    return stage.event(customer, "pointsRedeemed", data, "flat")


def _plain(stage: Stage, customer: Customer, part: tuple[Program, Decimal]) -> VendorEvent:
    """Return the shape without earning programmes: the event's own programme and total count."""
    program, amount = part
    stage.book(customer, program.id, Move(active=-amount), carries="none")
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(stage, "PointsRedemption", ("billId", "-1")),
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        "totalPointsRedeemed": amount,
        "redeemedPointsCurrencyValue": amount,
    }
    return stage.event(customer, "pointsRedeemed", data, "wrapped")


def reverse_redemption(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Give back a redemption in full or in part, else redeem; what has lapsed meanwhile stays lapsed."""
    if not customer.redemptions:
        return redeem_points(stage, customer)
    draw = stage.draw
    redemption = draw.take(customer.redemptions)
    in_full = draw.chance(0.6)
    rows: list[Json] = []
    left: list[tuple[Program, Decimal]] = []
    total = total_expired = NONE
    for program, amount in redemption.parts:
        back = amount if in_full else draw.part_of(amount)
        expired = draw.part_of(back) if draw.chance(0.15) else NONE
        totals = stage.book(customer, program.id, Move(active=back - expired), carries="current")
        row: Json = {
            "programId": program.id,
            "redeemedPointsReversed": back,
            "redeemedPointsReversedDetails": {"available": back - expired, "expired": expired},
        }
        rows.append(row | totals_fields(totals))
        total, total_expired = total + back, total_expired + expired
        if back < amount:
            left.append((program, amount - back))
    if left:
        redemption.parts = left
        customer.redemptions.append(redemption)
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(stage, "PointsRedemptionReversal", ("redemptionId", redemption.id)),
        "loyaltyProgramDetails": customer.programs[0].details,
        "loyaltyProgramId": customer.programs[0].id,
        "redeemedPointsReversed": total,
        "redeemedPointsReversedDetails": {"available": total - total_expired, "expired": total_expired},
        "redemptionSummaryId": redemption.summary_id,
        "redemptionReversalToEarningPrograms": rows,
    }
    return stage.event(customer, "redeemedPointsReversed", data, "wrapped")


def reverse_issue(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Take back points of a returned bill, in one or several steps; totals are cumulative, the step's own count."""
    if not customer.issuances:
        return None
    draw = stage.draw
    issuance = draw.take(customer.issuances)
    in_full = draw.chance(0.5)
    regular = _returned(stage, issuance.regular, in_full=in_full)
    promised = _returned(stage, issuance.promised, in_full=in_full)
    promotions, issuance.promotions = issuance.promotions, []
    issuance.regular -= regular
    issuance.promised -= promised
    is_first = not issuance.reversed_regular and not issuance.reversed_promised
    issuance.reversed_regular += regular
    issuance.reversed_promised += promised
    if issuance.regular or issuance.promised:
        customer.issuances.append(issuance)
    taken = sum((points for _, points in promotions), regular)
    move = Move(active=-taken, pending=-promised, lifetime=-taken)
    totals = stage.book(customer, issuance.program.id, move, carries="both")
    returned = [
        {"promotionIdentifier": identifier, "promotionType": "BILL", "promotionPoints": points}
        for identifier, points in promotions
    ]
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(
            stage, "ReturnBill", ("billId", str(issuance.bill_id)), ("billNumber", f"B-{issuance.bill_id}")
        ),
        "loyaltyProgramDetails": issuance.program.details,
        "loyaltyProgramId": issuance.program.id,
        **totals_fields(totals),
        **_reversed_totals(issuance, returned, taken - regular),
    }
    if not (is_first and not promotions and draw.chance(0.2)):  # else the totals are all that there is
        data |= {
            "currentEventPromisedPointsReturned": promised,
            "currentEventRegularPointsReturned": regular,
            "currentEventTotalPointsReturned": taken + promised,
            "currentEventPromotionPointsReturnedDetails": returned,
        }
    return stage.event(customer, "issuedPointsReversed", data, "flat", event_id=None)


def _returned(stage: Stage, amount: Decimal, *, in_full: bool) -> Decimal:
    return amount if in_full or not amount else stage.draw.part_of(amount)


def _reversed_totals(issuance: Issuance, returned: list[Json], promotional: Decimal) -> Json:
    return {
        "totalIssuedPointsReversed": issuance.reversed_regular + issuance.reversed_promised + promotional,
        "regularPointsReversed": issuance.reversed_regular,
        "promisedPointsReversed": issuance.reversed_promised,
        "promotionalPointsReversed": returned,
    }


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (130, redeem_points),
    (40, reverse_redemption),
    (35, reverse_issue),
)
