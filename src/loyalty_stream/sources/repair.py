"""The slow path's second step: mend a tree to the shape of a wire struct, or say precisely why it cannot be.

What is mended: whitespace inside keys, in closed enumerations and in ids, at the edges of labels; integers written as
floats; numbers written as text; the text "null"; dates with a time; a field's own name as its value. Every repair is
counted. The result has only keys that the struct knows and values of the right kind, so that the typed decoder takes
it; nothing is ever guessed.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from msgspec import Raw, Struct

from loyalty_stream.model.amounts import AmountError, parse_amount, parse_number
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.instants import instant
from loyalty_stream.sources.shape import Field, shape_of
from loyalty_stream.sources.tree import Node, NumberText, Pairs
from loyalty_stream.sources.wire import (
    ID_LENGTH_MAX,
    ISO_DAY_LENGTH,
    LAST_MOMENT,
    NO_IDS,
    NO_MOMENT,
    WHOLE_FLOAT,
    Kind,
    NotCleanError,
    is_number_text,
    iso_day,
)

Clean = dict[str, "Clean"] | list["Clean"] | Raw | str | bool | None

_INTEGER_LIMIT: Final = 2**63
_FLAGS: Final = {"true": True, "false": False}
_MISSING: Final = {
    "eventName": DeadLetterReason.MISSING_EVENT_NAME,
    "customerIdentifiers": DeadLetterReason.MISSING_CUSTOMER,
    "customerId": DeadLetterReason.MISSING_CUSTOMER,
}


def find(tree: Node, key: str, repairs: Repairs) -> Node:
    """Return the value of a key of an object, whitespace in keys mended, or None where it is absent."""
    if not isinstance(tree, Pairs):
        return None
    return keyed(tree, {key}, key, repairs).get(key)


def mend(tree: Node, struct: type[Struct], path: str, repairs: Repairs) -> dict[str, Clean]:
    """Return an object with just the fields that a wire struct uses, each clean; raise Problem where one cannot be."""
    if not isinstance(tree, Pairs):
        raise Problem(_MISSING.get(path.rpartition(".")[2], DeadLetterReason.WRONG_TYPE), f"{path} is not an object")
    shape = shape_of(struct)
    given = keyed(tree, shape.keys(), path, repairs)
    clean: dict[str, Clean] = {}
    for key, field in shape.items():
        if field.kind is Kind.IGNORED or field.kind is Kind.TREE:
            continue
        where = f"{path}.{key}" if path else key
        value = _mend_field(given[key], field, where, repairs) if key in given else None
        if value is not None:
            clean[key] = value
        elif field.required:
            raise Problem(_MISSING.get(key, DeadLetterReason.MISSING_FIELD), f"{where} is missing")
    return clean


def keyed(tree: Pairs, known: Collection[str], path: str, repairs: Repairs) -> dict[str, Node]:
    """Return the known keys of an object; two that are one as written or without whitespace are not guessed at."""
    keyed: dict[str, Node] = {}
    for raw, value in tree:
        key = raw
        if raw not in known:
            key = "".join(raw.split())
            if key not in known:
                continue
            repairs.append(RepairKind.KEY_WHITESPACE)
        if key in keyed:
            raise Problem(DeadLetterReason.DUPLICATE_KEYS, f"{key} stands twice in {path or 'the record'}")
        keyed[key] = value
    return keyed


def _mend_field(value: Node, field: Field, path: str, repairs: Repairs) -> Clean:
    if isinstance(value, str) and not isinstance(value, NumberText) and value.strip() == "null":
        repairs.append(RepairKind.NULL_AS_TEXT)
        value = None
    if value is None:
        return None
    if not field.many:
        return _mend_one(value, field, path, repairs)
    if not isinstance(value, list) or isinstance(value, Pairs):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is not a list")
    return [_mend_one(item, field, f"{path}[]", repairs) for item in value]


def _mend_one(value: Node, field: Field, path: str, repairs: Repairs) -> Clean:
    if field.inner is not None:
        return mend(value, field.inner, path, repairs)
    if field.kind is None:
        raise TypeError(f"{path}: the shape has neither a kind nor a struct")
    return _MENDERS[field.kind](value, path, repairs)


def _text(value: Node, path: str) -> str:
    if not isinstance(value, str):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is neither a text nor a number")
    return value


def _identifier(value: Node, path: str, repairs: Repairs) -> Clean:
    text = _text_identifier(value, path, repairs)
    return _integer(text, path, repairs) if isinstance(text, str) and is_number_text(text) else text


def _text_identifier(value: Node, path: str, repairs: Repairs) -> Clean:
    text = _text(value, path)
    if isinstance(text, NumberText):
        return _integer(text, path, repairs) if not text.startswith("-") else None
    stripped = "".join(text.split())
    if stripped != text:
        repairs.append(RepairKind.VALUE_WHITESPACE)
    if stripped in NO_IDS:
        return None
    if not stripped.isprintable() or len(stripped) > ID_LENGTH_MAX:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is longer or has other characters than any id")
    if WHOLE_FLOAT.fullmatch(stripped):
        repairs.append(RepairKind.INTEGER_AS_FLOAT)
        return stripped.partition(".")[0]
    return stripped


def _name(value: Node, path: str, repairs: Repairs) -> Clean:
    stripped = "".join(_text(value, path).split())
    if stripped != value:
        repairs.append(RepairKind.VALUE_WHITESPACE)
    return stripped or None


def _label(value: Node, path: str, repairs: Repairs) -> Clean:
    stripped = _text(value, path).strip()
    if stripped != value:
        repairs.append(RepairKind.VALUE_WHITESPACE)
    return stripped


def _number_text(value: Node, path: str, repairs: Repairs) -> str:
    text = _text(value, path)
    if isinstance(text, NumberText):
        return text
    if "_" in text:  # Decimal would read 1_000 as a thousand
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is not a number")
    repairs.append(RepairKind.NUMBER_AS_TEXT)
    return "".join(text.split())


def _integer(value: Node, path: str, repairs: Repairs) -> Clean:
    text = _number_text(value, path, repairs)
    number = _whole(text)
    if number is None:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is not a whole number that 64 bits hold")
    if str(number) != text:
        repairs.append(RepairKind.INTEGER_AS_FLOAT)
    return Raw(str(number).encode())


def _whole(text: str) -> int | None:
    """Return the whole number that a text stands for, however it is written, or None."""
    try:
        number = Decimal(text)
    except ArithmeticError:
        return None
    if not number.is_finite() or not -_INTEGER_LIMIT < number < _INTEGER_LIMIT or number != number.to_integral_value():
        return None
    return int(number)


def _amount(value: Node, path: str, repairs: Repairs) -> Clean:
    return Raw(_parsed(_number_text(value, path, repairs), path, parse_amount).encode())


def _written_amount(value: Node, path: str, _repairs: Repairs) -> Clean:
    if not _text(value, path).strip():
        return None
    return Raw(_parsed("".join(_text(value, path).split()), path, parse_amount).encode())


def _number(value: Node, path: str, repairs: Repairs) -> Clean:
    return Raw(_parsed(_number_text(value, path, repairs), path, parse_number).encode())


def _parsed(text: str, path: str, parse: "Callable[[bytes], object]") -> str:
    try:
        return str(parse(text.encode()))
    except AmountError as error:
        raise Problem(error.reason, f"{path}: {error}") from None


def _flag(value: Node, path: str, repairs: Repairs) -> Clean:
    if isinstance(value, bool):
        return value
    flag = _FLAGS.get(value.strip().lower()) if isinstance(value, str) else None
    if flag is None:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is neither true nor false")
    repairs.append(RepairKind.FLAG_AS_TEXT)
    return flag


def _anything(value: Node, path: str, repairs: Repairs) -> Clean:
    """Return a value as it is written, but for whitespace at the edges of a text."""
    if isinstance(value, NumberText):
        return Raw(value.encode())
    if isinstance(value, str):
        return _label(value, path, repairs)
    if isinstance(value, Pairs):
        return {key: _anything(part, path, repairs) for key, part in value}
    if isinstance(value, list):
        return [_anything(part, path, repairs) for part in value]  # type: ignore[arg-type]  # no Pairs are left here
    return value


def _checked(value: Node, _path: str, _repairs: Repairs) -> Clean:
    """Return a number or an object's numbers; what is neither is left out, and no dirt in what nothing depends on."""
    if isinstance(value, Pairs):
        numbers = {"".join(key.split()): _checked_number(part) for key, part in value if key.isascii()}
        return {key: number for key, number in numbers.items() if number is not None}
    return _checked_number(value)


def _checked_number(value: Node) -> Raw | None:
    if not isinstance(value, str):
        return None
    try:
        return Raw(str(parse_number("".join(value.split()).encode())).encode())
    except ValueError:  # not a number, or half of a surrogate pair
        return None


def _moment(value: Node, path: str, repairs: Repairs) -> Clean:
    text = _number_text(value, path, repairs)
    if _is_number(text) and not 0 <= Decimal(text) <= LAST_MOMENT:
        raise Problem(DeadLetterReason.TIMESTAMP_OUT_OF_RANGE, f"{path} is no time of any calendar")
    return _integer(NumberText(text), path, repairs)


def _given_moment(value: Node, path: str, repairs: Repairs) -> Clean:
    if isinstance(value, str) and value.strip() == str(NO_MOMENT):
        return None
    return _moment(value, path, repairs)


def _instant(value: Node, path: str, repairs: Repairs) -> Clean:
    text = _text(value, path)
    if isinstance(text, NumberText):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is not a moment as text")
    for spelled in (text.strip(), "".join(text.split())):
        if not spelled:
            return None
        try:
            instant(spelled)
        except NotCleanError:
            continue
        if spelled != text:
            repairs.append(RepairKind.VALUE_WHITESPACE)
        return spelled
    raise Problem(DeadLetterReason.INVALID_DATE, f"{path} is no moment of a calendar with its zone")


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _day(value: Node, path: str, repairs: Repairs) -> Clean:
    text = _text(value, path)
    if isinstance(text, NumberText):
        moment = _given_moment(text, path, repairs)
        repairs.append(RepairKind.DATE_FORMAT)
        return iso_day(int(bytes(moment))) if isinstance(moment, Raw) else None
    stripped = text.strip()
    if stripped == path.rpartition(".")[2]:
        repairs.append(RepairKind.PLACEHOLDER)
        return None
    if not stripped:
        return None
    try:
        if len(stripped) == ISO_DAY_LENGTH:
            day = date.fromisoformat(stripped)
        else:
            day = datetime.fromisoformat(stripped).date()
    except ValueError:
        raise Problem(DeadLetterReason.INVALID_DATE, f"{path} is not a date") from None
    if stripped != text or len(stripped) != ISO_DAY_LENGTH:
        repairs.append(RepairKind.DATE_FORMAT)
    return day.isoformat()


_MENDERS: Final[dict[Kind, Callable[[Node, str, Repairs], Clean]]] = {
    Kind.IDENTIFIER: _identifier,
    Kind.TEXT_IDENTIFIER: _text_identifier,
    Kind.NAME: _name,
    Kind.LABEL: _label,
    Kind.INTEGER: _integer,
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _number,
    Kind.WRITTEN_AMOUNT: _written_amount,
    Kind.DAY: _day,
    Kind.MOMENT: _moment,
    Kind.GIVEN_MOMENT: _given_moment,
    Kind.INSTANT: _instant,
    Kind.FLAG: _flag,
    Kind.ANYTHING: _anything,
    Kind.CHECKED: _checked,
}
