"""Records that nobody can use: each has exactly one flaw, and the reason that it must be dead-lettered for."""

from collections.abc import Callable
from typing import Final, NamedTuple

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.talon_one.envelopes import GENERAL, Headers
from loyalty_stream.simulate.talon_one.world import Json

NESTING_LEVELS: Final = 20_000
_MARK: Final = "@mark@"  # stands for what no encoder would write


class Flawed(NamedTuple):
    """A record's bytes, and what its headers say beside the usual."""

    value: bytes
    headers: Headers = ()


Maker = Callable[[Draw, Json], Flawed]
"""Spoils a good notification of a campaign's new state."""


def _marked(record: Json, text: bytes) -> Flawed:
    return Flawed(encode(record).replace(f'"{_MARK}"'.encode(), text))


def _changed(record: Json, **fields: object) -> Flawed:
    return Flawed(encode(record | fields))


def _campaign(record: Json, **fields: object) -> Json:
    return record | {"campaign": record["campaign"] | fields}


def _limited(record: Json, amount: object) -> Json:
    return _campaign(record, limits=[{"action": "createCoupon", "limit": amount, "entities": ["Coupon"]}])


def _truncated(draw: Draw, record: Json) -> Flawed:
    value = encode(record)
    return Flawed(value[: draw.between(1, len(value) - 1)])


def _wrong_encoding(_: Draw, record: Json) -> Flawed:
    return Flawed(encode(_campaign(record, name="Café")).decode().encode("latin-1"))


def _not_an_object(draw: Draw, record: Json) -> Flawed:
    return Flawed(draw.pick((b"[" + encode(record) + b"]", b"42", b'"running"', b"null")))


def _not_finite(draw: Draw, record: Json) -> Flawed:
    return _marked(_limited(record, _MARK), draw.pick((b"NaN", b"Infinity", b'"NaN"', b'"Infinity"')))


def _out_of_range(draw: Draw, record: Json) -> Flawed:
    return _marked(_limited(record, _MARK), draw.pick((b"9" * 40, b"1000000000000000", b"0.1234567891", b"1e400")))


def _keys_collide(draw: Draw, record: Json) -> Flawed:
    if draw.chance(0.5):  # as written
        return Flawed(encode(record).replace(b'"newState":', b'"newState":"running","newState":', 1))
    return _changed(record, **{"new State": "running"})


def _nested(_: Draw, record: Json) -> Flawed:
    return _marked(record | {"placeholders": _MARK}, b"[" * NESTING_LEVELS + b"]" * NESTING_LEVELS)


def _missing_field(draw: Draw, record: Json) -> Flawed:
    name = {"event": "campaign_state_changed"}
    return Flawed(
        encode(
            draw.pick(
                (
                    {"NotificationType": GENERAL, "TotalResultSize": 0, "Data": []},
                    {"campaign": "running", "priority": {"set": "universal", "position": 1}},
                    {"application": {"id": 58, "loyaltyPrograms": []}},
                    name | {"oldState": "running", "newState": "expired"},
                    name | {"campaign": record["campaign"], "oldState": "running"},
                    {"event": "campaign_edited", "campaign": record["campaign"]},
                )
            )
        )
    )


def _invalid_date(draw: Draw, record: Json) -> Flawed:
    field = draw.pick(("startTime", "endTime"))
    return Flawed(encode(_campaign(record, **{field: draw.pick(("2026-02-30T00:00:00Z", "soon", "2026-13-01"))})))


def _wrong_type(draw: Draw, record: Json) -> Flawed:
    if draw.chance(0.2):
        return Flawed(encode(record), (("loyalty_org_id", b"58:001"),))
    return Flawed(
        encode(
            draw.pick(
                (
                    record | {"newState": "flying"},
                    record | {"newState": True},
                    _limited(record, {"value": 5}),
                    {"NotificationType": GENERAL, "Data": {"0": record}},
                    {"application": {"id": 58}, "priorities": {"universal": ["first"]}},
                )
            )
        )
    )


BAD: Final[tuple[tuple[DeadLetterReason, Maker], ...]] = (
    (DeadLetterReason.MALFORMED_JSON, _truncated),
    (DeadLetterReason.WRONG_ENCODING, _wrong_encoding),
    (DeadLetterReason.EMPTY_VALUE, lambda _draw, _record: Flawed(b"")),
    (DeadLetterReason.NOT_AN_OBJECT, _not_an_object),
    (DeadLetterReason.NUMBER_NOT_FINITE, _not_finite),
    (DeadLetterReason.NEGATIVE_AMOUNT, lambda draw, record: Flawed(encode(_limited(record, -draw.between(1, 9))))),
    (DeadLetterReason.AMOUNT_OUT_OF_RANGE, _out_of_range),
    (DeadLetterReason.DUPLICATE_KEYS, _keys_collide),
    (DeadLetterReason.NESTED_TOO_DEEPLY, _nested),
    (DeadLetterReason.MISSING_FIELD, _missing_field),
    (DeadLetterReason.INVALID_DATE, _invalid_date),
    (DeadLetterReason.WRONG_TYPE, _wrong_type),
)


def unknown(draw: Draw, record: Json) -> Flawed:
    """Return a record of a notification that nobody knows; a known one beside it must not be taken for it."""
    item = {"event": draw.pick(("campaign_teleported", "loyalty_card_created", "campaign_evaluation_tree_changed"))}
    return draw.pick(
        (
            Flawed(encode({"NotificationType": GENERAL, "TotalResultSize": 2, "Data": [record, item | record]})),
            Flawed(encode({"NotificationType": "LoyaltyPointsAddedNotification", "Data": [record]})),
            Flawed(encode({"campaign": record["campaign"]})),
            Flawed(encode(record), (("loyalty_event", b"AddedLoyaltyPoints"),)),
        )
    )
