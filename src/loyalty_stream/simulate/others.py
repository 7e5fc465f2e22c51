"""Names that have no effect here: some that the vendor documents and we do not reduce yet, some that nobody knows."""

from typing import TYPE_CHECKING, Final

from loyalty_stream.simulate.customers import Customer
from loyalty_stream.simulate.stage import Stage, VendorEvent, activity, entity

if TYPE_CHECKING:
    from loyalty_stream.simulate.world import Json

UNKNOWN_NAMES: Final = ("pointsTeleported", "walletFrozen", "pointsIssuedV2", "tierSkipped", "couponShredded")


def not_yet_supported(stage: Stage, customer: Customer) -> VendorEvent:
    """Return an event of a documented name that this version ignores."""
    return stage.draw.pick((_transaction, _profile, _reward, _target))(stage, customer)


def unknown(stage: Stage, customer: Customer) -> VendorEvent:
    """Return an event of a name that nobody knows; a known name deeper inside must not be mistaken for it."""
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "eventName": "pointsIssued",
        "triggeringActivity": activity(stage, "TransactionAdd", ("billId", str(stage.draw.serial()))),
        "loyaltyProgramId": customer.programs[0].id,
        "totalPointsIssued": stage.draw.amount(1, 400),
    }
    return stage.event(customer, stage.draw.pick(UNKNOWN_NAMES), data, "wrapped")


def _transaction(stage: Stage, customer: Customer) -> VendorEvent:
    draw = stage.draw
    transaction_id = 3_000_000 + draw.serial()
    data: Json = {
        "amount": draw.amount(10, 90_000),
        "billNumber": f"B-{transaction_id}",
        "enteredAt": stage.now_ms,
        "transactionId": transaction_id,
        "billType": "REGULAR",
        "lineItemCount": draw.between(1, 5),
        "discount": draw.amount(0, 5),
        "currencyCode": "EUR",
        "enteredBy": activity(stage, "")["enteredBy"],
        "customerIdentifiers": customer.identifiers | {"loyaltyType": "loyalty"},
    }
    return stage.event(customer, "transactionAdded", data, "wrapped")


def _profile(stage: Stage, customer: Customer) -> VendorEvent:
    data: Json = {
        "loyaltyType": "LOYALTY",
        "source": "instore",
        "firstName": "Member",
        "lastName": f"No {customer.index + 1}",
        "enteredAt": stage.now_ms,
        "enteredBy": activity(stage, "")["enteredBy"],
        "updatedFields": [],
        "customerIdentifiers": customer.identifiers,
    }
    return stage.event(customer, "customerUpdated", data, "wrapped")


def _reward(stage: Stage, customer: Customer) -> VendorEvent:
    code = f"RW{stage.draw.serial():X}"
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "rewardId": 56_000 + stage.draw.between(1, 30),
        "type": "POINTS",
        "redemptionType": "VENDOR_INTOUCH_REWARD",
        "startDate": stage.now_ms - 1000,
        "endDate": stage.now_ms + 86_400_000,
        "intouchPoints": stage.draw.between(1, 50),
        "intouchSeriesId": str(customer.org.series_ids[0]),
        "priority": 1,
        "tier": "SILVER",
        "intouchRewardDetails": {"intouchCouponCode": code, "codeExpiry": stage.now_ms + 172_800_000},
        "vendorRewardDetails": {"vendorVoucher": code},
    }
    return stage.event(customer, "rewardIssued", data, "wrapped")


def _target(stage: Stage, customer: Customer) -> VendorEvent:
    """Return the event with a name and an id of another kind inside its data."""
    streak = stage.draw.pick(customer.org.streaks)
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "eventName": "TransactionAdd",
        "eventId": 15,
        "currentEventTargetValue": "1",
        "achievedTargetValue": f"{stage.draw.between(1, 20)}.000",
        "definedTargetValue": "20.000",
        "targetId": streak.target_id,
        "targetName": streak.name,
        "targetGroupId": streak.target_group_id,
        "triggeringActivity": activity(stage, "TransactionAdd", ("eventLogId", str(stage.draw.serial()))),
    }
    return stage.event(customer, "targetAchievedValueUpdated", data, "wrapped")
