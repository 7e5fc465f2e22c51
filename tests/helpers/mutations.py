"""Change good input for the worse: its values, keys and lists, its bytes, and what Kafka says of the record.

A change is three things that Hypothesis draws and shrinks: its kind, where it is done, and what with; the latter two
are numbers, taken modulo what there is. What cannot be done where it is asked for is not done.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from tests.golden.cases import Case, all_cases
from tests.helpers.flow import TIMESTAMP

Header = tuple[str, bytes | None]
SAMPLE_BYTES_MAX: Final = 65_536  # the largest golden inputs are bad for their size alone, and slow to change


class Sample(NamedTuple):
    """A record of a golden case, and those that come before it there."""

    case: Case
    value: bytes
    before: tuple[bytes, ...]


class Change(NamedTuple):
    """One change of a record."""

    kind: str
    where: int
    what: int


class Drawn(NamedTuple):
    """What becomes a record: which sample it is, whether that comes after its case's history, and its changes."""

    sample: int
    after_history: bool
    changes: list[Change]


class Mutant(NamedTuple):
    """A record that was changed."""

    value: bytes | None
    key: bytes | None
    headers: Sequence[Header]
    timestamp: int


class Token(str):
    """JSON as it is written: a number, or anything that a document may be made to hold."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """A JSON object: its keys and values in order, a repeated key included."""

    __slots__ = ()


class Place(NamedTuple):
    """A place in a document: what holds it, and at which index."""

    holder: list[Any]
    at: int

    @property
    def key(self) -> str | None:
        """The key of a member of an object."""
        return self.holder[self.at][0] if isinstance(self.holder, Members) else None

    @property
    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """What is there."""
        return self.holder[self.at][1] if isinstance(self.holder, Members) else self.holder[self.at]

    def put(self, value: Any) -> None:  # noqa: ANN401 - any JSON
        """Put another value there."""
        self.holder[self.at] = (self.key, value) if isinstance(self.holder, Members) else value


def samples_of(dialect: str) -> list[Sample]:
    """Return every record of a dialect's golden cases, bad input included."""
    return [
        Sample(case, value, history)
        for case in all_cases()
        if case.dialect == dialect
        for value, history in ((case.value, case.before), *((before, ()) for before in case.before))
        if len(value) <= SAMPLE_BYTES_MAX
    ]


def drawn(samples: Sequence[Sample]) -> st.SearchStrategy[Drawn]:
    """Return what becomes a record of some samples."""
    numbers = st.integers(0, 65_535)
    change = st.builds(Change, st.sampled_from(KINDS), numbers, numbers)
    return st.builds(Drawn, st.integers(0, len(samples) - 1), st.booleans(), st.lists(change, max_size=3))


def mutant(each: Drawn, samples: Sequence[Sample]) -> Mutant:
    """Return the record that was drawn: first its document is changed, then its bytes, then what is around them."""
    sample = samples[each.sample]
    value = _changed_document(sample.value, each.changes, samples)
    around: Mutant = Mutant(value, None, sample.case.headers, TIMESTAMP)
    for kind, where, what in each.changes:
        if kind in _BYTES:
            other = samples[what % len(samples)].value
            around = around._replace(value=_BYTES[kind](around.value or b"", where, what, other))
        elif kind in _AROUND:
            choices = _AROUND[kind]
            around = around._replace(**{kind: choices[what % len(choices)]})
    return around._replace(value=around.value or (None if each.sample % 2 else b""))


def _changed_document(value: bytes, changes: Sequence[Change], samples: Sequence[Sample]) -> bytes:
    wanted = [change for change in changes if change.kind in _OF_THE_DOCUMENT]
    document = _parsed(value) if wanted else None
    if document is None:
        return value
    root = [document]
    for kind, where, what in wanted:
        places = _places(root)
        place = places[where % len(places)]
        if kind == "splice":
            _splice(place, where, what, samples)
        elif kind == "move":
            place.put(_copied(places[what % len(places)].value))
        else:
            _DOCUMENT[kind](place, what)
        if not root:
            break
    return "".join(map(_written, root)).encode("utf-8", "surrogatepass")


def _parsed(value: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(value, object_pairs_hook=Members, parse_float=Token, parse_int=Token, parse_constant=Token)
    except (ValueError, RecursionError):
        return None


def _written(node: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(node, Token):
        return node
    if isinstance(node, str):
        return encode_basestring(node)
    if isinstance(node, Members):
        return "{" + ",".join(f"{encode_basestring(key)}:{_written(value)}" for key, value in node) + "}"
    if isinstance(node, list):
        return "[" + ",".join(map(_written, node)) + "]"
    return json.dumps(node)


def _places(holder: list[Any]) -> list[Place]:
    found: list[Place] = []
    waiting = [holder]
    while waiting:
        here = waiting.pop()
        for at in range(len(here)):
            place = Place(here, at)
            found.append(place)
            if isinstance(place.value, list):
                waiting.append(place.value)
    return found


def _copied(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a copy of a part of a document, so that it can be put within itself."""
    if isinstance(node, Members):
        return Members((key, _copied(value)) for key, value in node)
    return [_copied(item) for item in node] if isinstance(node, list) else node


def _splice(place: Place, where: int, what: int, samples: Sequence[Sample]) -> None:
    """Put a part of another sample there: one that has the same key, where there is one."""
    other = _parsed(samples[what % len(samples)].value)
    parts = _places([other])
    alike = [part for part in parts if part.key is not None and part.key == place.key] or parts
    place.put(alike[where % len(alike)].value)


def _replace(place: Place, what: int) -> None:
    place.put(VALUES[what % len(VALUES)])


def _edit(place: Place, what: int) -> None:
    """Edit a text or a number; other values become a text of themselves."""
    value = place.value
    edit = _EDITS[what % len(_EDITS)]
    if isinstance(value, Token):
        place.put(Token(_NUMBER_EDITS[what % len(_NUMBER_EDITS)].format(value)))
    elif isinstance(value, str):
        place.put(edit(value))
    elif value is None or isinstance(value, bool):
        place.put(json.dumps(value))


def _remove(place: Place, _what: int) -> None:
    del place.holder[place.at]


def _repeat(place: Place, what: int) -> None:
    """Have a key or an item twice, the second time perhaps with another value; whole lists much more often."""
    value = place.value
    if isinstance(value, list) and not isinstance(value, Members) and what % 3:
        value *= (2, 3, 40)[what % 3]
        return
    again = value if what % 2 else VALUES[what % len(VALUES)]
    place.holder.insert(place.at + what % 2, (place.key, again) if isinstance(place.holder, Members) else again)


def _rename(place: Place, what: int) -> None:
    if place.key is not None:
        place.holder[place.at] = (_EDITS[what % len(_EDITS)](place.key), place.value)


def _empty(place: Place, what: int) -> None:
    place.put((Members(), [], "")[what % 3])


def _nest(place: Place, what: int) -> None:
    value = place.value
    if what % 3 == 0 and isinstance(value, list) and value:
        place.put(value[0][1] if isinstance(value, Members) else value[0])
    else:
        place.put([value] if what % 3 == 1 else Members([(place.key or "id", value)]))


def _spot(value: bytes, where: int) -> int:
    return where % (len(value) + 1)


def _flip(value: bytes, where: int, what: int, _other: bytes) -> bytes:
    flipped = bytearray(value)
    if flipped:
        flipped[where % len(flipped)] ^= 1 << what % 8
    return bytes(flipped)


def _insert(value: bytes, where: int, what: int, _other: bytes) -> bytes:
    return value[: _spot(value, where)] + _INSERTED[what % len(_INSERTED)] + value[_spot(value, where) :]


def _encode(value: bytes, _where: int, what: int, _other: bytes) -> bytes:
    name = _ENCODINGS[what % len(_ENCODINGS)]
    if name == "gzip":
        return gzip.compress(value, mtime=0)
    return value.decode("utf-8", "replace").encode(name, "replace")


VALUES: Final[tuple[Token, ...]] = tuple(
    map(
        Token,
        (
            *("null", "true", "false", "[]", "{}", "[[]]", "[{}]", '{"":null}', "[null]", '{"id":{"id":[]}}'),
            *(
                "0",
                "-0",
                "0.0",
                "-1",
                "1",
                "1.0",
                "1.5",
                "-0.000000001",
                "0.0000000001",
                "00",
                "+1",
                ".5",
                "1.",
                "0x10",
            ),
            *("1e400", "-1e400", "1e-400", "1E+2", "1e15", "1e14", "1e3", "1e-9", "1e999999999999999999", "-1e-1"),
            *("999999999999999", "999999999999999.999999999", "1000000000000000", "-999999999999999.999999999"),
            *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616"),
            *("1" * 40, "1" * 5000, "0." + "1" * 40, "0." + "0" * 5000 + "1", "2" + "0" * 30, "1" + ".0" + "0" * 40),
            *(
                "NaN",
                "Infinity",
                "-Infinity",
                '"NaN"',
                '"Infinity"',
                '"-1"',
                '"1e400"',
                '"1e-400"',
                '"1_000"',
                '"sNaN"',
            ),
            *(
                '""',
                '" "',
                '"null"',
                '"0"',
                '"-0"',
                '"007"',
                '"1.0"',
                '"0.5"',
                '" 5 "',
                '"0x10"',
                '"true"',
                '"undefined"',
            ),
            *('"\\u0661\\u0662"', '"\\uff11"', '"\\u00b2"', '"\\u0000"', '"\\u2028"', '"\\u202e"', '"\\ufeff"'),
            *('"\\ud800"', '"\\udc00\\ud800"', '"\udc80"', '"\\ud83e\\udd80"', '"\N{CRAB}"', '"a\\u0301"', '"\\u00a0"'),
            *('"a:b"', '"a|b"', '"customer/1"', '"{}"', '"[1]"', '"%s{0}"', '"/../"', '"\\n"', '"\\ta\\r\\nb"'),
            *('"' + "x" * 200 + '"', '"' + "x" * 201 + '"', '"' + "x" * 70_000 + '"', '"' + "1" * 70_000 + '"'),
            *("[" * 200 + "]" * 200, "[" * 5000 + "]" * 5000, '{"a":' * 3000 + "1" + "}" * 3000, "[" * 3000),
            *('"2024-02-30"', '"2023-02-29"', '"0000-01-01"', '"0001-01-01"', '"9999-12-31"', '"10000-01-01"'),
            *('"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"', '"9999-12-31T23:59:59.999999Z"'),
            *('"2022-10-97T35:00:00Z"', '"2016-12-31T23:59:60Z"', '"2024-05-31T24:00:00Z"', '"1969-12-31T23:59:59Z"'),
            *('"2024-W22-5"', '"20240531"', '"20240531T120000Z"', '"2024-05-31 01:30:00"', '"2024-05-31T12:00"'),
            *('"2024-05-31T12:00:00+23:59"', '"2024-05-31T12:00:00-23:59:59"', '"31/05/2024"', '"-2024-05-31"'),
            *("253402300799999", "253402300800000", "-62135596800000", "156474848484", "4102444800000", "-1000"),
            *('"P1Y"', '"P99999999999Y"', '"PT0S"', '"-P1D"', '"P1M1W"', '"P"', '"PT999999999999999999H"', '"P0.5D"'),
            *('"START"', '"success"', '"campaign"', '"running"', '"customerAdded"', '"pointsIssued"', '"BALANCE"'),
        ),
    )
)
"""What may stand anywhere instead of what should; the last of the nested lists is never closed."""

_EDITS: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: f" {text}",
    lambda text: f"{text}\t\n",
    lambda text: f"{text[:1]} {text[1:]}",
    str.upper,
    str.lower,
    str.swapcase,
    lambda text: text[:-1],
    lambda text: text[1:],
    lambda text: text[::-1],
    lambda text: text + text,
    lambda text: f"-{text}",
    lambda text: f"{text}0",
    lambda text: f"{text}\N{ZERO WIDTH SPACE}",
    lambda text: f"{text}\0",
    lambda text: f"{text}:x",
    lambda text: f"x|{text}",
    lambda text: text.replace("-", ""),
    lambda text: text.replace("20", "99"),
    lambda text: text.replace("1", "\N{FULLWIDTH DIGIT ONE}"),
    lambda text: text.replace("Z", ""),
    lambda text: text.translate(dict.fromkeys(range(0x30, 0x3A), 0x39)),
    lambda text: text * 3000,
    lambda _: "",
    lambda _: "id",
    lambda _: "\ud800",
)
_NUMBER_EDITS: Final = ("-{}", "{}0", "{}.0", "{}.5", "{}e9", "{}e-9", '"{}"', '" {} "', "{}000000000", "0.{}", "[{}]")
_INSERTED: Final = (
    *(b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":"),
    *(b"//x\n", b" " * 5000, b"\xef\xbb\xbf", b"null", b"NaN", b"\\u0000", b"\\ud800", b'"id":1,', b"\n{}"),
)
_ENCODINGS: Final = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp037", "gzip")
_DOCUMENT: Final[dict[str, Callable[[Place, int], None]]] = {
    "replace": _replace,
    "edit": _edit,
    "remove": _remove,
    "repeat": _repeat,
    "rename": _rename,
    "empty": _empty,
    "nest": _nest,
}
_BYTES: Final[dict[str, Callable[[bytes, int, int, bytes], bytes]]] = {
    "cut": lambda value, where, _what, _other: value[: _spot(value, where)],
    "cut_out": lambda value, where, what, _other: value[: _spot(value, where)] + value[_spot(value, where + what) :],
    "flip": _flip,
    "insert": _insert,
    "encode": _encode,
    "join": lambda value, where, what, other: value[: _spot(value, where)] + other[_spot(other, what) :],
    "append": lambda value, _where, what, other: value + (b"\n", b",", b"")[what % 3] + other,
}
_AROUND: Final[dict[str, Sequence[Any]]] = {
    "value": (None, b"", b" ", b"null", b"{}", b"[]", b'"', b"\xff\xfe", b"0" * 5000, b"\x00\x00\x00\x00\x01{}"),
    "key": (b"", b"key", b"\xff\xfe", b"x" * 70_000, b"voucherify:0:cust"),
    "timestamp": (0, 1, -1, -(2**63), 946_684_799_999, 4_102_444_800_000, 253_402_300_799_999, 2**53, 2**63 - 1),
    "headers": (
        (),
        None,
        (("loyalty_org_id", None),),
        (("loyalty_org_id", b""),),
        (("loyalty_org_id", b"\xff\xfe"),),
        (("loyalty_org_id", b"a:b"),),
        (("loyalty_org_id", b"x" * 5000),),
        (("loyalty_org_id", b"1"), ("loyalty_org_id", b"2")),
        (("loyalty_org_id", b" 7 "), ("", b""), ("\N{CRAB}", b"\0")),
        (("loyalty_time_zone", None),),
        (("loyalty_time_zone", b"Mars/Olympus"),),
        (("loyalty_time_zone", b"../../etc/passwd"),),
        (("loyalty_time_zone", b"Europe/War\xffsaw"),),
        (("loyalty_time_zone", b"Pacific/Apia"),),
        (("loyalty_time_zone", b"europe/warsaw\0"),),
        (("loyalty_event", b"campaign_state_changed"),),
        (("loyalty_event", b"CampaignDeleted"), ("NotificationType", b"x")),
        (("NotificationType", b"\xff"),),
        (("loyalty_app_id", b"loyalty"), ("loyalty_reason", b"conflict")),
    ),
}
_OF_THE_DOCUMENT: Final = (*_DOCUMENT, "splice", "move")
KINDS: Final = (*_OF_THE_DOCUMENT * 3, "replace", "replace", *_BYTES, *_AROUND)
"""Every kind of change; those within a document, which get furthest, come more often."""
