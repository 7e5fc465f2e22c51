"""Names that have no effect here: some that the vendor documents and we do not reduce yet, some that nobody knows."""

from typing import TYPE_CHECKING, Final

from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Stage, VendorEvent, activity, entity

if TYPE_CHECKING:
    from loyalty_stream.simulate.capillary.world import Json

IGNORED_NAMES: Final = (
    "promotionCreated",
    "promotionUpdated",
    "cartPromotionIssued",
    "cartPromotionEarned",
    "cartPromotionRedeemed",
    "cartPromotionRevoked",
    "customerSubscription",
    "groupCreated",
    "groupUpdated",
    "groupMemberAdded",
    "groupMemberRemoved",
    "updateRewardTransaction",
    "PP_EXPIRY_JOB",
)
UNKNOWN_NAMES: Final = ("pointsTeleported", "walletFrozen", "pointsIssuedV2", "tierSkipped", "couponShredded")


def not_yet_supported(stage: Stage, customer: Customer) -> VendorEvent:
    """Return an event of a documented name that this version ignores; what its data holds is of no matter."""
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(stage, "TransactionAdd", ("billId", str(stage.draw.serial()))),
        "loyaltyProgramId": customer.programs[0].id,
    }
    return stage.event(customer, stage.draw.pick(IGNORED_NAMES), data, "wrapped")


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
