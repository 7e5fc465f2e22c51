"""Profiles and transactions: customers added and updated, bills recorded and delivered."""

from typing import Final

from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent
from loyalty_stream.simulate.capillary.world import Json

TRANSACTIONS_MAX: Final = 60  # of one customer: fewer than a worker keeps, so that none is forgotten
_OPEN_MAX: Final = 6
_FIRST_TRANSACTION_ID: Final = 65_000_000
_STATUSES: Final = ("PLACED", "PROCESSED", "SHIPPED", "DELIVERED", "RETURNED")
_SOURCES: Final = ("instore", "INSTORE", "MOBILE_APP")
_FIELDS: Final = (
    ("gender", "ExtendedField", "Female", "Male"),
    ("email", "StandardField", "member@example.com", "other@example.com"),
    ("lastname", "StandardField", "Quill", "Quill-Marsh"),
    ("preferred_store", "CustomField", "12", "14"),
)


def add_customer(stage: Stage, customer: Customer) -> VendorEvent:
    """Make a profile of a customer; a customer who has one gets an update instead."""
    if customer.added:
        return update_customer(stage, customer)
    customer.added = True
    return _of_profile(stage, customer, "customerAdded", {})


def update_customer(stage: Stage, customer: Customer) -> VendorEvent:
    """Change fields of a profile, known or not; now and then none, or the status alone."""
    draw = stage.draw
    changed = {draw.pick(_FIELDS) for _ in range(draw.between(0, 3))}
    fields: Json = {
        "updatedFields": [
            {"fieldName": name, "previousValue": before, "currentValue": after, "fieldType": kind}
            for name, kind, before, after in sorted(changed)
        ]
    }
    if draw.chance(0.1):
        fields["customerStatus"] = {
            "previousStatus": "ACTIVE",
            "previousLabel": "Active",
            "currentStatus": "SUSPENDED",
            "currentLabel": "Suspended",
            "reason": "asked for at the desk",
        }
    return _of_profile(stage, customer, "customerUpdated", fields)


def _of_profile(stage: Stage, customer: Customer, name: str, fields: Json) -> VendorEvent:
    data: Json = {
        "loyaltyType": "LOYALTY",
        "source": stage.draw.pick(_SOURCES),
        "firstName": "Rowan",
        "lastName": "Quill",
        "enteredAt": stage.now_ms + 9_000_000,  # in the store's zone: not the time that counts
        "enteredBy": _till(stage),
        **fields,
        "customerIdentifiers": customer.identifiers,
    }
    event = stage.event(customer, name, data, "wrapped")
    event.ref_id = f"{customer.org.id}_{customer.id}"
    return event


def add_transaction(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Record a bill, or a return; its points come in an event of their own."""
    if customer.transactions_made >= TRANSACTIONS_MAX:
        return None
    draw = stage.draw
    transaction_id = _FIRST_TRANSACTION_ID + draw.serial()
    customer.transactions_made += 1
    customer.transactions.append(transaction_id)
    if len(customer.transactions) > _OPEN_MAX:
        del customer.transactions[0]
    is_return = draw.chance(0.08)
    amount = draw.amount(5, 900)
    fields: Json = {
        "amount": -amount if is_return and draw.chance(0.5) else amount,
        "billNumber": f"B-{transaction_id}",
        "lineItemCount": draw.between(1, 12),
        "currencyCode": "IDR",
        "billType": "RETURN" if is_return else draw.pick(("REGULAR", "regular")),
    }
    status = draw.pick(_STATUSES[:3]) if draw.chance(0.3) else None
    return _of_transaction(stage, customer, "transactionAdded", (transaction_id, status, fields))


def update_transaction(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Tell how far the delivery of a bill is, now and then of one that was never recorded as far as we heard."""
    draw = stage.draw
    if not customer.transactions or draw.chance(0.04):
        if customer.transactions_made >= TRANSACTIONS_MAX:
            return None
        customer.transactions_made += 1
        transaction_id = _FIRST_TRANSACTION_ID + draw.serial()
        status: str | None = draw.pick(_STATUSES)
    else:
        transaction_id = draw.pick(customer.transactions)
        status = None if draw.chance(0.05) else draw.pick(_STATUSES)
    fields: Json = {"amount": draw.amount(5, 900), "billType": "REGULAR", "grossAmount": 0}
    return _of_transaction(stage, customer, "transactionUpdated", (transaction_id, status, fields))


def _of_transaction(stage: Stage, customer: Customer, name: str, what: tuple[int, str | None, Json]) -> VendorEvent:
    """Return the event and note the status: what an event does not state stays as it was."""
    transaction_id, status, fields = what
    place = (customer.key, str(transaction_id))
    known = stage.answer.transactions.get(place)
    stage.answer.state(stage.answer.transactions, place, known if status is None else status.lower())
    data: Json = {
        **fields,
        "enteredAt": stage.now_ms + 9_000_000,
        "transactionId": transaction_id,
        "discount": stage.draw.amount(0, 5),
        "enteredBy": _till(stage),
        "customerIdentifiers": customer.identifiers,
    }
    if status is not None:
        data["deliveryStatus"] = status
    event = stage.event(customer, name, data, "wrapped")
    event.ref_id = f"{customer.org.id}_{transaction_id}"
    return event


def _till(stage: Stage) -> Json:
    number = stage.draw.between(1, 40)
    return {
        "id": 640_000 + number,
        "till": {"code": f"till.{number}.1", "name": f"till.{number}.1"},
        "store": {"code": f"store.{number}", "name": f"Store {number}", "externalId": f"S{number:04d}"},
    }


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (20, add_customer),
    (25, update_customer),
    (90, add_transaction),
    (35, update_transaction),
)
