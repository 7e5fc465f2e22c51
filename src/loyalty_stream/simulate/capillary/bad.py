"""Records that nobody can use: each has exactly one flaw, and the reason that it must be dead-lettered for."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.envelopes import body_of, choose_envelope, wrap
from loyalty_stream.simulate.capillary.stage import Stage, VendorEvent, activity, entity
from loyalty_stream.simulate.capillary.world import Json
from loyalty_stream.simulate.encoding import encode

NESTING_LEVELS: Final = 20_000
TIMESTAMP_MS_MAX: Final = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z
_MARK: Final = "@mark@"  # stands for what no encoder would write
_WITHOUT_NUMBERS: Final[tuple[tuple[str, Json], ...]] = (
    ("pointsExpired", {}),
    ("promisedToCurrentPointsConversion", {}),
    ("pointsRedeemed", {"redemptionNotes": ""}),
    ("tierUpgraded", {"previousTierNumber": 1}),
    ("CouponRedeem", {"coupon": {"code": "LSNOID"}}),
    ("promotionIssued", {"promotionName": "Spring booster"}),
)

Maker = Callable[[Stage, Customer], bytes]


def _issue(stage: Stage, customer: Customer, **fields: Any) -> VendorEvent:  # noqa: ANN401 - any JSON value
    """Return an event that would be good but for the given fields; nothing of it is booked."""
    program = customer.programs[0]
    points = stage.draw.amount(1, 400)
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "triggeringActivity": activity(stage, "TransactionAdd", ("BillId", str(3_000_000 + stage.draw.serial()))),
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        "totalPointsIssued": points,
        "regularPointsIssued": points,
        "regularPointsBreakup": [{"points": points, "expiryAt": stage.day(200)}],
        "promotionalPointsIssued": [],
        "promisedPointsIssued": [],
    }
    return stage.event(customer, "pointsIssued", data | fields, "wrapped")


def _other(stage: Stage, customer: Customer, name: str, **fields: Any) -> VendorEvent:  # noqa: ANN401 - any JSON value
    program = customer.programs[0]
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "loyaltyProgramDetails": program.details,
        "loyaltyProgramId": program.id,
        **fields,
    }
    return stage.event(customer, name, data, "flat")


def _bytes(stage: Stage, event: VendorEvent, change: Callable[[Json], None] | None = None) -> bytes:
    """Return the record of an event, its body changed beforehand."""
    envelope = choose_envelope(stage.draw, event.natural)
    record = wrap(stage, event, envelope)
    if change is not None:
        change(body_of(record, envelope))
    return encode(record)


def _marked(stage: Stage, event: VendorEvent, text: bytes) -> bytes:
    return _bytes(stage, event).replace(f'"{_MARK}"'.encode(), text)


def _truncated(stage: Stage, customer: Customer) -> bytes:
    value = _bytes(stage, _issue(stage, customer))
    return value[: stage.draw.between(1, len(value) - 1)]


def _wrong_encoding(stage: Stage, customer: Customer) -> bytes:
    details = customer.programs[0].details | {"name": "Café"}
    value = _bytes(stage, _issue(stage, customer, loyaltyProgramDetails=details))
    if stage.draw.chance(0.3):
        return value.decode().encode("utf-16")
    return value.decode().encode("latin-1")


def _not_an_object(stage: Stage, customer: Customer) -> bytes:
    value = _bytes(stage, _issue(stage, customer))
    return stage.draw.pick((b"[" + value + b"]", b"42", b"[]", b'"pointsIssued"', b"null"))


def _not_finite(stage: Stage, customer: Customer) -> bytes:
    text = stage.draw.pick((b"NaN", b"Infinity", b'"NaN"', b'"Infinity"'))
    return _marked(stage, _issue(stage, customer, regularPointsIssued=_MARK), text)


def _no_customer(stage: Stage, customer: Customer) -> bytes:
    identifiers: Json = {"instore": customer.identifiers["instore"]}
    if stage.draw.chance(0.5):
        identifiers["customerId"] = None
    event = _issue(stage, customer, customerIdentifiers=identifiers)
    del event.data["entityInformation"]
    return _bytes(stage, event)


def _no_name(stage: Stage, customer: Customer) -> bytes:
    event = _issue(stage, customer)
    event.natural = "flat"
    record = wrap(stage, event, "flat")
    if stage.draw.chance(0.7):
        del record["eventName"]
    else:
        record["eventName"] = None
    return encode(record)


def _negative(stage: Stage, customer: Customer) -> bytes:
    points = -stage.draw.amount(1, 400)
    match stage.draw.between(0, 2):
        case 0:
            breakup = [{"points": points, "expiryAt": stage.day(100)}]
            event = _issue(stage, customer, regularPointsIssued=points, regularPointsBreakup=breakup)
        case 1:
            event = _other(stage, customer, "pointsExpired", pointsExpired=points)
        case _:
            rows = [{"programId": customer.programs[0].id, "pointsRedeemed": points}]
            event = _other(
                stage, customer, "pointsRedeemed", totalPointsRedeemed=points, redemptionFromEarningPrograms=rows
            )
    return _bytes(stage, event)


def _out_of_range(stage: Stage, customer: Customer) -> bytes:
    text = stage.draw.pick((b"9" * 40, b"1000000000000000", b"0.1234567891", b"1e400", b'"' + b"8" * 40 + b'"'))
    return _marked(stage, _issue(stage, customer, regularPointsIssued=_MARK), text)


def _time_out_of_range(stage: Stage, customer: Customer) -> bytes:
    event = _issue(stage, customer)
    event.created_at = stage.draw.pick((-event.created_at, TIMESTAMP_MS_MAX + 1, event.created_at * 1_000_000))
    return _bytes(stage, event)


def _keys_collide(stage: Stage, customer: Customer) -> bytes:
    if stage.draw.chance(0.3):  # as written
        value = _bytes(stage, _issue(stage, customer))
        return value.replace(b'"regularPointsIssued":', b'"regularPointsIssued":1.0,"regularPointsIssued":', 1)
    points = stage.draw.amount(1, 400)
    if stage.draw.chance(0.5):
        return _bytes(stage, _issue(stage, customer, **{"regularPoints Issued": points}))
    return _bytes(stage, _issue(stage, customer, regularPointsBreakup=[{"points": points, "po ints": points}]))


def _nested(stage: Stage, customer: Customer) -> bytes:
    nest = b"[" * NESTING_LEVELS + b"]" * NESTING_LEVELS
    return _marked(stage, _issue(stage, customer, customFields=_MARK), nest)


def _missing_field(stage: Stage, customer: Customer) -> bytes:
    name, fields = stage.draw.pick(_WITHOUT_NUMBERS)
    return _bytes(stage, _other(stage, customer, name, **fields))


def _invalid_date(stage: Stage, customer: Customer) -> bytes:
    points = stage.draw.amount(1, 400)
    expiry = stage.draw.pick(("2024-13-45", "2025-02-30", "2026-00-10"))
    breakup = [{"points": points, "expiryAt": expiry}]
    return _bytes(stage, _issue(stage, customer, regularPointsIssued=points, regularPointsBreakup=breakup))


def _wrong_type(stage: Stage, customer: Customer) -> bytes:
    wrong = stage.draw.pick(({"value": Decimal("60.0")}, [Decimal("60.0")], True, "sixty"))
    return _bytes(stage, _issue(stage, customer, regularPointsIssued=wrong))


BAD: Final[tuple[tuple[DeadLetterReason, Maker], ...]] = (
    (DeadLetterReason.MALFORMED_JSON, _truncated),
    (DeadLetterReason.WRONG_ENCODING, _wrong_encoding),
    (DeadLetterReason.EMPTY_VALUE, lambda _stage, _customer: b""),
    (DeadLetterReason.NOT_AN_OBJECT, _not_an_object),
    (DeadLetterReason.NUMBER_NOT_FINITE, _not_finite),
    (DeadLetterReason.MISSING_CUSTOMER, _no_customer),
    (DeadLetterReason.MISSING_EVENT_NAME, _no_name),
    (DeadLetterReason.NEGATIVE_AMOUNT, _negative),
    (DeadLetterReason.AMOUNT_OUT_OF_RANGE, _out_of_range),
    (DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, _time_out_of_range),
    (DeadLetterReason.DUPLICATE_KEYS, _keys_collide),
    (DeadLetterReason.NESTED_TOO_DEEPLY, _nested),
    (DeadLetterReason.MISSING_FIELD, _missing_field),
    (DeadLetterReason.INVALID_DATE, _invalid_date),
    (DeadLetterReason.WRONG_TYPE, _wrong_type),
)
