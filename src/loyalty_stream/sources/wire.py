"""What a vendor's fields may be, as annotations of the wire structs, and how clean ones are read.

A wire struct names every field of the vendor's object: those we use with their kind, the others as `Ignored`. It
forbids unknown fields, so that a key that is not spelled as it should be never passes unseen: it takes the slow path,
where it is mended (sources/repair.py).
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Annotated, Final

from msgspec import UNSET, Raw, Struct, UnsetType
from msgspec.json import decode as decode_json

from loyalty_stream.model.amounts import AmountError, parse_amount, parse_number


class Kind(Enum):
    """What the text of a field stands for, so that the slow path knows how to mend it."""

    IDENTIFIER = "identifier"  # an id that the vendor writes as a number; a text without whitespace is one too
    TEXT_IDENTIFIER = "text_identifier"  # an id that the vendor writes as text, be it digits
    NAME = "name"  # a closed enumeration or an event's name: no whitespace
    LABEL = "label"  # a text for people: no whitespace at its edges
    INTEGER = "integer"
    AMOUNT = "amount"  # a number that is not negative
    NUMBER = "number"  # a number of either sign
    WRITTEN_AMOUNT = "written_amount"  # an amount that the vendor writes as text or as a number; neither is dirt
    DAY = "day"  # a date
    MOMENT = "moment"  # milliseconds since the epoch
    GIVEN_MOMENT = "given_moment"  # the same, where -1 says that there is none
    INSTANT = "instant"  # a moment as ISO 8601 text: a date and time with its zone, or a date, which begins in UTC
    FLAG = "flag"  # true or false
    ANYTHING = "anything"  # any JSON value: only its text is read, or whether it equals another
    CHECKED = "checked"  # a number, or an object of numbers, for checks only: whatever else it is, it states nothing
    TREE = "tree"  # read in a second step, by a struct that the event's name chooses
    IGNORED = "ignored"


class NotCleanError(ValueError):
    """Say that a value needs the slow path."""


class Wire(Struct, forbid_unknown_fields=True, gc=False):
    """The base of wire structs."""


Identifier = Annotated[int | str, Kind.IDENTIFIER]
TextIdentifier = Annotated[int | str, Kind.TEXT_IDENTIFIER]
Name = Annotated[str, Kind.NAME]
Label = Annotated[str, Kind.LABEL]
Integer = Annotated[int, Kind.INTEGER]
Amount = Annotated[Raw, Kind.AMOUNT]
Number = Annotated[Raw, Kind.NUMBER]
WrittenAmount = Annotated[Raw, Kind.WRITTEN_AMOUNT]
Moment = Annotated[int, Kind.MOMENT]
GivenMoment = Annotated[int, Kind.GIVEN_MOMENT]
Instant = Annotated[str, Kind.INSTANT]
Flag = Annotated[bool, Kind.FLAG]
Anything = Annotated[Raw, Kind.ANYTHING]
Checked = Annotated[Raw, Kind.CHECKED]
Tree = Annotated[Raw, Kind.TREE]
Ignored = Annotated[Raw | UnsetType, Kind.IGNORED]

WHOLE_FLOAT: Final = re.compile(r"\d+\.0+")  # how a number's text becomes an id's
NULL: Final = Raw(b"null")
NOT_GIVEN: Final = UNSET
NO_IDS: Final = frozenset({"", "-1", "null"})  # how vendors write that there is none
ID_LENGTH_MAX: Final = 200  # no vendor's id comes near; a key of any length would be stored with every row
CHECKED_LENGTH_MAX: Final = 64  # of a number that is only checked; what is longer is none and is not kept
NUMBER_DIGITS_MAX: Final = 18  # what 64 bits surely hold
LAST_MOMENT: Final = 253_402_300_799_999  # the end of the year 9999
NO_MOMENT: Final = -1
ISO_DAY_LENGTH: Final = 10
PLAUSIBLE_FROM: Final = 946_684_800_000  # 2000-01-01: no vendor here is older
PLAUSIBLE_TO: Final = 4_102_444_800_000  # 2100-01-01


def identifier(value: int | str | None) -> str | None:
    """Return an id as text, or None where there is none; raise NotCleanError for one that needs mending."""
    if type(value) is int:
        return str(value) if value >= 0 else None
    if isinstance(value, str) and is_number_text(value):
        raise NotCleanError
    return text_identifier(value)


def is_number_text(text: str) -> bool:
    """Return whether an id as text is just a number that was written as text; leading zeros are an id's own."""
    return text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX and (text[0] != "0" or text == "0")


def text_identifier(value: int | str | None) -> str | None:
    """Return an id that may be digits as text, or None where there is none; raise NotCleanError likewise."""
    if value is None:
        return None
    if isinstance(value, int):
        return str(value) if value >= 0 else None
    if " " in value or not value.isprintable() or value in NO_IDS or len(value) > ID_LENGTH_MAX:
        raise NotCleanError
    if "." in value and WHOLE_FLOAT.fullmatch(value):
        raise NotCleanError
    return value


def required_identifier(value: int | str) -> str:
    """Return an id as text; raise NotCleanError where there is none."""
    text = identifier(value)
    if text is None:
        raise NotCleanError
    return text


def required_text_identifier(value: int | str) -> str:
    """Return an id that may be digits as text; raise NotCleanError where there is none."""
    text = text_identifier(value)
    if text is None:
        raise NotCleanError
    return text


def word(value: str) -> str:
    """Return a closed enumeration's word; raise NotCleanError where it has whitespace."""
    if value and value.split() != [value]:
        raise NotCleanError
    return value


def given_word(value: str | None) -> str | None:
    """Return a closed enumeration's word, or None where it is not given; raise NotCleanError likewise."""
    if value == "null":
        raise NotCleanError
    return word(value) or None if value is not None else None


def required_word(value: str) -> str:
    """Return a closed enumeration's word that must be there; raise NotCleanError likewise."""
    given = given_word(value)
    if given is None:
        raise NotCleanError
    return given


def label(value: str | None) -> str | None:
    """Return a text for people; raise NotCleanError where it needs trimming or stands for null."""
    if value is not None and (value != value.strip() or value == "null"):
        raise NotCleanError
    return value


def text_of(raw: Raw) -> str | None:
    """Return a value of any kind if it is a label, else None; raise NotCleanError where it needs trimming."""
    text = bytes(raw)
    return label(decode_json(text, type=str)) if text.startswith(b'"') else None


def given_amount(raw: Raw) -> Decimal | None:
    """Return an amount, or None where it is absent or null; raise NotCleanError for one that needs mending."""
    text = bytes(raw)
    if text == b"null":
        return None
    try:
        return parse_amount(text)
    except AmountError:
        raise NotCleanError from None


def amount(raw: Raw) -> Decimal:
    """Return an amount that must be there; raise NotCleanError for one that is not or needs mending."""
    try:
        return parse_amount(bytes(raw))
    except AmountError:
        raise NotCleanError from None


def written_amount(raw: Raw) -> Decimal | None:
    """Return an amount that may be written as text, or None where it is not given; raise NotCleanError likewise."""
    text = bytes(raw).strip(b'"')
    return given_amount(Raw(text)) if text else None


def given_number(raw: Raw) -> Decimal | None:
    """Return a number of either sign, or None where it is absent or null; raise NotCleanError likewise."""
    text = bytes(raw)
    if text == b"null":
        return None
    try:
        return parse_number(text)
    except AmountError:
        raise NotCleanError from None


def checked_number(raw: Raw) -> Decimal | None:
    """Return a number that nothing but a check depends on, written as text or not; None where there is none."""
    text = bytes(raw)
    return _checked_number(text) if len(text) <= CHECKED_LENGTH_MAX else None


def stated_total(raw: Raw) -> Decimal | None:
    """Return a checked number that is kept, or None where there is none; raise NotCleanError where it is text."""
    if bytes(raw).startswith(b'"'):
        raise NotCleanError
    return checked_number(raw)


@lru_cache(maxsize=65_536)
def _checked_number(text: bytes) -> Decimal | None:
    try:
        return parse_number(b"".join(text.strip(b'"').split()))
    except AmountError:
        return None


def moment(value: int | None) -> int | None:
    """Return milliseconds since the epoch; raise NotCleanError for what no calendar holds."""
    if value is not None and not 0 <= value <= LAST_MOMENT:
        raise NotCleanError
    return value


def given_moment(value: int | None) -> int | None:
    """Return milliseconds since the epoch, or None where there is none; raise NotCleanError likewise."""
    return None if value == NO_MOMENT else moment(value)


def plausible(value: int | None) -> bool:
    """Return whether a vendor's time can be the time of a loyalty event."""
    return value is not None and PLAUSIBLE_FROM <= value < PLAUSIBLE_TO


def iso_day(milliseconds: int) -> str:
    """Return the UTC date of a moment as text."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).date().isoformat()
