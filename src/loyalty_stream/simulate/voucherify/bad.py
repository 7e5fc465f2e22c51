"""Records that nobody can use: each has exactly one flaw, and the reason that it must be dead-lettered for."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.account import Totals
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.voucherify.customers import Customer
from loyalty_stream.simulate.voucherify.envelopes import choose_envelope, wrap
from loyalty_stream.simulate.voucherify.objects import (
    campaign_object,
    customer_object,
    points_balance,
    transaction_object,
)
from loyalty_stream.simulate.voucherify.reports import CARD, card_data
from loyalty_stream.simulate.voucherify.stage import Activity, Stage
from loyalty_stream.simulate.voucherify.world import Json

NESTING_LEVELS: Final = 20_000
_MARK: Final = "@mark@"  # stands for what no encoder would write

Maker = Callable[[Stage, Customer], bytes]


def _added(stage: Stage, customer: Customer, points: Any = 40) -> Activity:  # noqa: ANN401 - any JSON value
    """Return an activity that would be good but for its points; nothing of it is booked."""
    card, at_ms = customer.cards[0], stage.time(customer)
    balance = points_balance(card.voucher, 40, Totals()) | {"points": points}
    data = card_data(customer, card) | {
        "balance": balance,
        "transaction": transaction_object(stage, card.voucher, "POINTS_ADDITION", balance, at_ms),
    }
    return stage.activity(customer, f"{CARD}.points_added", data, at_ms)


def _bytes(stage: Stage, activity: Activity, change: Callable[[Json], None] | None = None) -> bytes:
    """Return the record of an activity, changed beforehand."""
    record = wrap(stage, activity, choose_envelope(stage.draw, activity))
    if change is not None:
        change(record)
    return encode(record)


def _marked(stage: Stage, activity: Activity, text: bytes) -> bytes:
    return _bytes(stage, activity).replace(f'"{_MARK}"'.encode(), text)


def _truncated(stage: Stage, customer: Customer) -> bytes:
    value = _bytes(stage, _added(stage, customer))
    return value[: stage.draw.between(1, len(value) - 1)]


def _wrong_encoding(stage: Stage, customer: Customer) -> bytes:
    activity = _added(stage, customer)
    activity.data["customer"]["name"] = "Zoë"
    text = _bytes(stage, activity).decode()
    return text.encode("utf-16" if stage.draw.chance(0.3) else "latin-1")


def _not_an_object(stage: Stage, customer: Customer) -> bytes:
    value = _bytes(stage, _added(stage, customer))
    return stage.draw.pick((b"[" + value + b"]", b"42", b"[]", b'"customer.created"', b"null"))


def _not_finite(stage: Stage, customer: Customer) -> bytes:
    text = stage.draw.pick((b"NaN", b"Infinity", b'"NaN"', b'"Infinity"'))
    return _marked(stage, _added(stage, customer, _MARK), text)


def _no_customer(stage: Stage, customer: Customer) -> bytes:
    activity = _added(stage, customer)
    if stage.draw.chance(0.5):
        activity.data["customer"] = None
    else:
        del activity.data["customer"]["id"]
    return _bytes(stage, activity)


def _no_type(stage: Stage, customer: Customer) -> bytes:
    def without(record: Json) -> None:
        record["type"] = None
        if stage.draw.chance(0.7):
            del record["type"]

    return _bytes(stage, _added(stage, customer), without)


def _negative(stage: Stage, customer: Customer) -> bytes:
    """Return a gift card that is published with less than nothing on it."""
    gift = {"amount": 5000, "balance": -stage.draw.between(1, 5000)}
    voucher = {"id": f"v_{stage.draw.hex(16)}", "code": "GIFT-NONE", "type": "GIFT_VOUCHER", "gift": gift}
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(customer.project.gifts[0]),
        "publication": {"id": f"pub_{stage.draw.hex(16)}", "voucher": voucher},
    }
    return _bytes(stage, stage.activity(customer, "customer.publication.succeeded", data, stage.time(customer)))


def _out_of_range(stage: Stage, customer: Customer) -> bytes:
    text = stage.draw.pick((b"9" * 40, b"1000000000000000", b"0.1234567891", b"1e400", b'"' + b"8" * 40 + b'"'))
    return _marked(stage, _added(stage, customer, _MARK), text)


def _keys_collide(stage: Stage, customer: Customer) -> bytes:
    activity = _added(stage, customer)
    if stage.draw.chance(0.5):
        activity.data["balance"]["po ints"] = 40
    else:
        activity.data["custo mer"] = customer_object(customer)
    return _bytes(stage, activity)


def _nested(stage: Stage, customer: Customer) -> bytes:
    nest = b"[" * NESTING_LEVELS + b"]" * NESTING_LEVELS
    activity = _added(stage, customer)
    activity.data["customer"]["metadata"] = _MARK
    return _marked(stage, activity, nest)


def _missing_field(stage: Stage, customer: Customer) -> bytes:
    person: Json = {"customer": customer_object(customer)}
    name, data = stage.draw.pick((
        ("customer.rewarded", person | {"reward": {"name": "Espresso"}}),
        ("customer.segment.entered", person | {"segment": {"name": "Regulars"}}),
        ("customer.redemption.succeeded", person | {"voucher": {"code": "SAVE-NONE"}}),
        ("customer.loyalty.updated", person),
        (f"{CARD}.points_expired", card_data(customer, customer.cards[0])),
        (f"{CARD}.points_added", person | {"balance": {"points": 40}}),
    ))  # fmt: skip
    return _bytes(stage, stage.activity(customer, name, data, stage.time(customer)))


def _invalid_date(stage: Stage, customer: Customer) -> bytes:
    wrong = stage.draw.pick(("2026-02-30T10:00:00Z", "2026-13-01", "2026-03-02T10:15:30", "1969-12-31T23:59:59Z"))

    def at(record: Json) -> None:
        record["created_at"] = wrong

    return _bytes(stage, _added(stage, customer), at)


def _wrong_type(stage: Stage, customer: Customer) -> bytes:
    wrong = stage.draw.pick(({"value": Decimal(40)}, [Decimal(40)], True, "forty"))
    return _bytes(stage, _added(stage, customer, wrong))


BAD: Final[tuple[tuple[DeadLetterReason, Maker], ...]] = (
    (DeadLetterReason.MALFORMED_JSON, _truncated),
    (DeadLetterReason.WRONG_ENCODING, _wrong_encoding),
    (DeadLetterReason.EMPTY_VALUE, lambda _stage, _customer: b""),
    (DeadLetterReason.NOT_AN_OBJECT, _not_an_object),
    (DeadLetterReason.NUMBER_NOT_FINITE, _not_finite),
    (DeadLetterReason.MISSING_CUSTOMER, _no_customer),
    (DeadLetterReason.MISSING_EVENT_NAME, _no_type),
    (DeadLetterReason.NEGATIVE_AMOUNT, _negative),
    (DeadLetterReason.AMOUNT_OUT_OF_RANGE, _out_of_range),
    (DeadLetterReason.DUPLICATE_KEYS, _keys_collide),
    (DeadLetterReason.NESTED_TOO_DEEPLY, _nested),
    (DeadLetterReason.MISSING_FIELD, _missing_field),
    (DeadLetterReason.INVALID_DATE, _invalid_date),
    (DeadLetterReason.WRONG_TYPE, _wrong_type),
)
