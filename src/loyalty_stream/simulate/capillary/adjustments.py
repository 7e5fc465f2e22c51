"""Points that are taken by hand, or contributed to a group."""

from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.account import ZERO, Move
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity
from loyalty_stream.simulate.capillary.world import Json

_FIRST_GROUP_ID: Final = 2_000


def adjust_points(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Take points by hand from one or several programmes; what was ever earned stays as it is."""
    draw = stage.draw
    payers = [program for program in customer.programs if customer.accounts[program.id].active >= 1]
    if not payers:
        return None
    parts = [(program, draw.part_of(customer.accounts[program.id].active)) for program in payers]
    if draw.chance(0.6):
        parts = parts[:1]
    for program, points in parts:
        stage.book(customer, program.id, Move(active=-points), carries="none")
    total = written(sum((points for _, points in parts), ZERO))
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "triggeringActivity": activity(stage, "ManualPointsAdjustment", ("requestId", str(draw.serial()))),
        draw.pick(("totalPoinstDeducted", "totalPointsDeducted")): total,
        "reason": "Goods were kept",
    }
    if len(parts) == 1 and draw.chance(0.4):
        data["loyaltyProgramId"] = parts[0][0].id
    else:
        data["programPointsSplit"] = [
            {
                "pointsAwardedId": 5_000_000 + draw.serial(),
                "programId": program.id,
                "points": written(points),
                "pointsType": draw.pick(("REGULAR", "PROMOTION")),
            }
            for program, points in parts
        ]
    return stage.event(customer, "manualPointsAdjustment", data, "flat")


def contribute_points(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Give points to the primary member of a group; the primary member's own stay where they are.

    What the primary member gets comes from another customer's record, at any time among their own: their events carry
    no totals, so that the sum is the same in any order.
    """
    draw = stage.draw
    program = customer.programs[0]
    active = customer.accounts[program.id].active
    primary = stage.population.choose_silent(customer.org)
    if active < 1 or primary is None:
        return None
    points = draw.part_of(active)
    if primary is not customer:
        stage.book(customer, program.id, Move(active=-points), carries="none")
        stage.book(primary, program.id, Move(active=points), carries="none")
    data: Json = {
        "groupId": _FIRST_GROUP_ID + primary.index,
        "groupName": "Household",
        "primaryMember": _member(primary, "PRIMARY"),
        "contributingMember": _member(customer, "SECONDARY"),
        "triggeringActivity": activity(stage, "TransactionAdd", ("TransactionId", str(3_000_000 + draw.serial()))),
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        "pointsContributedToGroup": points,
    }
    event = stage.event(customer, "pointsContributionToGroup", data, "flat", clocks=(primary.clock,))
    event.concerns_others = primary is not customer
    return event


def _member(customer: Customer, role: str) -> Json:
    return {
        "firstName": "Rowan",
        "lastName": "Quill",
        "role": role,
        "customerIdentifiers": customer.identifiers,
    }


def written(amount: Decimal) -> str:
    """Return an amount as the text that the vendor writes in some events: `12.500`."""
    return f"{amount:.3f}"


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (20, adjust_points),
    (20, contribute_points),
)
