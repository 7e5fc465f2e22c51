"""Partner programmes and badges: linked, updated, delinked, reminded of; earned."""

from typing import Final

from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity, entity
from loyalty_stream.simulate.capillary.world import Json

_PARTNERS_MAX: Final = 3
_NEVER: Final = "2123-05-12"


def link_partner(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Make a customer a member of a partner programme, for the first time or again."""
    draw = stage.draw
    apart = [partner_id for partner_id, is_linked in customer.partners.items() if not is_linked]
    if apart and draw.chance(0.4):
        partner_id = draw.pick(apart)
    elif len(customer.partners) < _PARTNERS_MAX:
        partner_id = draw.pick(customer.org.partner_ids)
    else:
        return None
    details = {"membershipExpiryDate": _NEVER if draw.chance(0.3) else stage.day(draw.between(30, 700))}
    fields: Json = {"partnerProgramType": "SUPPLEMENTARY", "customerPartnerProgramDetails": details}
    return _of_partner(stage, customer, "partnerProgramLinked", (partner_id, fields, True))


def update_partner(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Change a membership; one that is not linked is linked by it."""
    draw = stage.draw
    if not customer.partners:
        return link_partner(stage, customer)
    fields: Json = {
        "partnerProgramType": "EXTERNAL",
        "updateType": draw.pick(("UPGRADE", "DOWNGRADE", "RENEWAL")),
        "customerPartnerProgramDetails": {
            "partnerTierExpiryDate": stage.day(draw.between(30, 700)),
            "partnerTierNumber": draw.between(1, 4),
            "membershipNumber": f"M-{customer.index:06d}",
        },
    }
    partner_id = draw.pick(list(customer.partners))
    return _of_partner(stage, customer, "partnerProgramUpdated", (partner_id, fields, True))


def delink_partner(stage: Stage, customer: Customer) -> VendorEvent | None:
    """End a membership, linked or not."""
    if not customer.partners:
        return link_partner(stage, customer)
    partner_id = stage.draw.pick(list(customer.partners))
    fields: Json = {"partnerProgramType": "SUPPLEMENTARY"}
    return _of_partner(stage, customer, "partnerProgramDelinked", (partner_id, fields, False))


def remind_of_partner(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Announce that a membership ends; nothing changes."""
    linked = [partner_id for partner_id, is_linked in customer.partners.items() if is_linked]
    if not linked:
        return link_partner(stage, customer)
    fields: Json = {"scheduledExpiryDate": stage.day(stage.draw.between(1, 30))}
    what = (stage.draw.pick(linked), fields, True)
    return _of_partner(stage, customer, "supplementaryMembershipExpiryReminder", what)


def _of_partner(stage: Stage, customer: Customer, name: str, what: tuple[int, Json, bool]) -> VendorEvent:
    """Return the event and note whether the membership is linked after it."""
    partner_id, fields, is_linked = what
    customer.partners[partner_id] = is_linked
    state = stage.answer.state
    state(stage.answer.partners, (customer.key, str(partner_id)), "linked" if is_linked else "delinked")
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "loyaltyProgramId": customer.programs[0].id,
        "partnerProgramId": partner_id,
        "partnerProgramName": f"Partner {partner_id}",
        **fields,
    }
    return stage.event(customer, name, data, "wrapped" if name != "partnerProgramUpdated" else "flat")


def earn_badge(stage: Stage, customer: Customer) -> VendorEvent:
    """Let a customer earn a badge, once more perhaps; the limits' counts are the vendor's."""
    draw = stage.draw
    badge_id, earn_id = draw.pick(customer.org.badge_ids), draw.hex(24)
    place = (customer.key, badge_id)
    earns = stage.answer.badges.get(place, 0) + 1
    stage.answer.state(stage.answer.badges, place, earns)
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "badgeId": badge_id,
        "earnId": earn_id,
        "earnedOn": stage.now_ms - 500,
        "earnConstraints": [
            _constraint("BADGE", "OVERALL", 1_000, earns + draw.between(0, 40)),
            _constraint("CUSTOMER", "ROLLING_WINDOW", 50, earns) | {"rollType": "DAYS", "rollValue": 7},
            {"constraintLevel": "CUSTOMER", "constraintType": "NONE"},
        ],
        "triggeringActivity": activity(stage, "BadgeEarn"),
    }
    event = stage.event(customer, "badgeEarned", data, "flat")
    event.ref_id = f"{customer.org.id}_{earn_id}"
    return event


def _constraint(level: str, kind: str, limit: int, count: int) -> Json:
    return {"constraintLevel": level, "constraintType": kind, "maxEarnLimit": limit, "currentEarnCount": count}


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (14, link_partner),
    (10, update_partner),
    (6, delink_partner),
    (6, remind_of_partner),
    (25, earn_badge),
)
