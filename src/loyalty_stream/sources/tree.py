"""The slow path's first step: bytes to a tree that keeps each number's text and sees every key."""

import json
from typing import NoReturn

from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason


class NumberText(str):
    """The text of a JSON number, as written."""

    __slots__ = ()


class Pairs(list[tuple[str, "Node"]]):
    """A JSON object as written: its keys and values in order, a repeated key included."""

    __slots__ = ()


Node = Pairs | list["Node"] | NumberText | str | bool | None


def parse_tree(value: bytes, repairs: Repairs) -> Pairs:
    """Return the JSON object in some bytes; raise Problem where there is none."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(DeadLetterReason.WRONG_ENCODING, "the value is not UTF-8") from None
    if text.startswith("\ufeff"):
        text = text[1:]
        repairs.append(RepairKind.BYTE_ORDER_MARK)
    try:
        tree = _DECODER.decode(text)
    except RecursionError:
        raise Problem(DeadLetterReason.NESTED_TOO_DEEPLY, "more levels than any event has") from None
    except json.JSONDecodeError as error:
        raise Problem(DeadLetterReason.MALFORMED_JSON, f"{error.msg} at character {error.pos}") from None
    if not isinstance(tree, Pairs):
        raise Problem(DeadLetterReason.NOT_AN_OBJECT, "the value is JSON but not an object")
    return tree


def _not_finite(_literal: str) -> NoReturn:
    raise Problem(DeadLetterReason.NUMBER_NOT_FINITE, "NaN and Infinity are not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_float=NumberText, parse_int=NumberText, parse_constant=_not_finite
)
