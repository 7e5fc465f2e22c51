"""Rows that nobody can use: each has exactly one flaw, and the reason that it must be dead-lettered for."""

from collections.abc import Callable
from typing import Final

from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.open_loyalty.rows import Json

NESTING_LEVELS: Final = 20_000
_MARK: Final = "@mark@"  # stands for what no encoder would write

Maker = Callable[[Draw, Json], bytes]
"""Spoils a good row."""


def _marked(row: Json, text: bytes) -> bytes:
    return encode(row | {"contextData": _MARK}).replace(f'"{_MARK}"'.encode(), text)


def _malformed(draw: Draw, row: Json) -> bytes:
    value = encode(row)
    if draw.chance(0.3):  # as a CSV file has it
        return ",".join(f'"{cell or ""}"' for cell in row.values()).encode()
    return value[: draw.between(1, len(value) - 1)]


def _not_an_object(draw: Draw, row: Json) -> bytes:
    return draw.pick((b"[" + encode(row) + b"]", b"42", b'"success"', b"null"))


def _keys_collide(draw: Draw, row: Json) -> bytes:
    if draw.chance(0.5):  # as written
        return encode(row).replace(b'"executionStatus":', b'"executionStatus":"failed","executionStatus":', 1)
    return encode(row | {draw.pick(("campaign Id", " campaignId")): row["campaignId"]})


def _missing_field(draw: Draw, row: Json) -> bytes:
    name = draw.pick(("campaignExecutionId", "tenantId", "campaignId", "executionStatus", "createdAt"))
    names = ("createdAt", "updatedAt") if name == "createdAt" else (name,)
    return encode(row | dict.fromkeys(names, draw.pick(("", None))))


def _wrong_type(draw: Draw, row: Json) -> bytes:
    return encode(
        row
        | draw.pick(
            (
                {"executionStatus": "maybe"},
                {"tenantId": "acme:eu"},
                {"executionStatus": True},
                {"campaignId": {"id": row["campaignId"]}},
                {"customerId": ["m-1"]},
            )
        )
    )


def _invalid_date(draw: Draw, row: Json) -> bytes:
    date = draw.pick(("2026-02-30T09:15:02+00:00", "yesterday", "05/03/2026 09:15"))
    return encode(row | {draw.pick(("createdAt", "updatedAt", "executedAt")): date})


def _out_of_range(draw: Draw, row: Json) -> bytes:
    return encode(row | {draw.pick(("createdAt", "updatedAt", "executedAt")): "1969-12-31T23:59:59Z"})


def another_export(draw: Draw, row: Json) -> bytes:
    """Return a row of another of the vendor's exports: it names no execution."""
    more = draw.pick(({"transferId": draw.uuid(), "points": "12.5"}, {"rewardId": draw.uuid(), "status": "issued"}))
    return encode({"tenantId": row["tenantId"], "createdAt": row["createdAt"], **more})


BAD: Final[tuple[tuple[DeadLetterReason, Maker], ...]] = (
    (DeadLetterReason.MALFORMED_JSON, _malformed),
    (DeadLetterReason.WRONG_ENCODING, lambda _, row: encode(row | {"message": "Café"}).decode().encode("latin-1")),
    (DeadLetterReason.EMPTY_VALUE, lambda _draw, _row: b""),
    (DeadLetterReason.NOT_AN_OBJECT, _not_an_object),
    (DeadLetterReason.NUMBER_NOT_FINITE, lambda draw, row: _marked(row, draw.pick((b"NaN", b"Infinity")))),
    (DeadLetterReason.DUPLICATE_KEYS, _keys_collide),
    (DeadLetterReason.NESTED_TOO_DEEPLY, lambda _, row: _marked(row, b"[" * NESTING_LEVELS + b"]" * NESTING_LEVELS)),
    (DeadLetterReason.MISSING_FIELD, _missing_field),
    (DeadLetterReason.WRONG_TYPE, _wrong_type),
    (DeadLetterReason.INVALID_DATE, _invalid_date),
    (DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, _out_of_range),
)
