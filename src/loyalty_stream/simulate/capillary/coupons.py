"""Coupons: issued one by one or in bulk, redeemed once or often, sometimes before the issue is heard of."""

from typing import Final

from loyalty_stream.simulate.answer import Coupon
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent
from loyalty_stream.simulate.capillary.world import Json
from loyalty_stream.simulate.draw import DAY_MS

_FIRST_COUPON_ID: Final = 880_000_000
_FIRST_REDEMPTION_ID: Final = 15_000_000
_COUPONS_KEPT: Final = 40
_EARLY_SHARE: Final = 0.06


def issue_coupon(stage: Stage, customer: Customer) -> VendorEvent:
    """Issue one coupon; it may be one whose redemption came before."""
    draw = stage.draw
    if customer.early_coupons and draw.chance(0.5):
        coupon_id = draw.take(customer.early_coupons)
    else:
        coupon_id = _FIRST_COUPON_ID + draw.serial()
        _keep(customer, coupon_id)
    _issued(stage, customer, coupon_id)
    return _issue_event(stage, customer, [(customer, coupon_id)])


def issue_coupons_in_bulk(stage: Stage, customer: Customer) -> VendorEvent:
    """Issue three to ten coupons in one event: all of one customer, or of several of one organisation."""
    draw = stage.draw
    owners = [customer]
    for _ in range(draw.between(2, 9)):
        is_own = stage.options.bulk == "own" or draw.chance(0.2)
        owners.append(customer if is_own else stage.population.choose_beside(customer))
    issued: list[tuple[Customer, int]] = []
    for owner in owners:
        coupon_id = _FIRST_COUPON_ID + draw.serial()
        issued.append((owner, coupon_id))
        _keep(owner, coupon_id)
        _issued(stage, owner, coupon_id)
    event = _issue_event(stage, customer, issued)
    event.concerns_others = any(owner is not customer for owner in owners)
    return event


def _keep(customer: Customer, coupon_id: int) -> None:
    """Note a coupon that can be redeemed; of a very busy customer the oldest are forgotten."""
    customer.coupons.append(coupon_id)
    if len(customer.coupons) > _COUPONS_KEPT:
        del customer.coupons[0]


def _issued(stage: Stage, customer: Customer, coupon_id: int) -> None:
    """Note the coupon in the answer; one that was redeemed already stays redeemed."""
    _coupon(stage, customer, coupon_id)


def _coupon(stage: Stage, customer: Customer, coupon_id: int) -> Coupon:
    place = (customer.key, str(coupon_id))
    coupon = stage.answer.coupons.get(place)
    if coupon is None:
        coupon = Coupon()
        stage.answer.state(stage.answer.coupons, place, coupon)
    return coupon


def _issue_event(stage: Stage, customer: Customer, issued: list[tuple[Customer, int]]) -> VendorEvent:
    draw = stage.draw
    valid_till = stage.now_ms // DAY_MS * DAY_MS + draw.between(20, 200) * DAY_MS
    series = _series(stage, customer, valid_till - DAY_MS)
    data: Json = {
        "addedAt": stage.now_ms,
        "addedBy": {"id": 640_000 + draw.between(1, 40)},
        "coupons": [
            {
                "id": coupon_id,
                "code": f"LS{coupon_id:X}",
                "valid_till": valid_till,
                "issued_on": stage.now_ms // 1000 * 1000,
                "customerIdentifiers": {"customerId": owner.id},
            }
            for owner, coupon_id in issued
        ],
        "series_info": series,
        "issualType": "SINGLE",
    }
    others = tuple(owner.clock for owner, _ in issued if owner is not customer)
    event = stage.event(customer, "CouponIssue", data, "flat", clocks=others)
    event.ref_id = f"{customer.org.id}_{series['id']}_{issued[0][1]}:{issued[-1][1]}"
    return event


def _series(stage: Stage, customer: Customer, valid_till: int) -> Json:
    draw = stage.draw
    is_absolute = draw.chance(0.6)
    return {
        "id": draw.pick(customer.org.series_ids),
        "description": "Simulated series",
        "seriesType": "LOYALTY",
        "clientHandlingType": "DISC_CODE",
        "valid_till": valid_till,
        "discount_code": "NO_VALUE",
        "discount_type": "ABS" if is_absolute else "PERC",
        "discount_value": draw.between(5, 500) if is_absolute else draw.between(5, 40),
    }


def redeem_coupon(stage: Stage, customer: Customer) -> VendorEvent:
    """Redeem a coupon, else issue one; a tenth can be redeemed again, and some were never issued as far as we heard."""
    draw = stage.draw
    if draw.chance(_EARLY_SHARE):
        coupon_id = _FIRST_COUPON_ID + draw.serial()
        customer.early_coupons.append(coupon_id)
    elif customer.coupons:
        coupon_id = draw.take(customer.coupons)
        if draw.chance(0.1):
            customer.coupons.append(coupon_id)
    else:
        return issue_coupon(stage, customer)
    coupon = _coupon(stage, customer, coupon_id)
    coupon.state = "redeemed"
    coupon.uses += 1
    redemption_id = _FIRST_REDEMPTION_ID + draw.serial()
    series = _series(stage, customer, stage.now_ms // DAY_MS * DAY_MS + 90 * DAY_MS)
    bill_id = 0 if draw.chance(0.3) else 3_000_000 + draw.serial()
    data: Json = {
        "addedAt": stage.now_ms,
        "addedBy": {"id": 640_000 + draw.between(1, 40)},
        "coupon": {
            "id": coupon_id,
            "code": f"LS{coupon_id:X}",
            "redemptionId": redemption_id,
            "redemptionDate": stage.now_ms // 1000 * 1000,
            "series_info": series,
        },
        "customerIdentifiers": customer.identifiers,
        "transaction": {"bill_id": bill_id, "number": f"B-{bill_id}" if bill_id else ""},
    }
    event = stage.event(customer, "CouponRedeem", data, "flat")
    event.ref_id = f"{customer.org.id}_{series['id']}_{redemption_id}"
    return event


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (70, issue_coupon),
    (12, issue_coupons_in_bulk),
    (55, redeem_coupon),
)
