"""Hypothesis strategies: well-typed values of our own structs, and JSON as vendors might write it."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import Struct

from loyalty_stream.domains.campaigns.schedule import CampaignSchedule, CreationStatus, ValidityTimeframe
from loyalty_stream.domains.campaigns.tier_expiry_rules import MonthRounding
from loyalty_stream.domains.points.events import VendorTotals
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.events import Cause, DerivedBody, DerivedEvent, EventBody
from tests.golden.cases import Case, all_cases

Strategy = st.SearchStrategy[Any]

IDS = st.text("abcXYZ019-_.", min_size=1, max_size=6)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MOMENTS = st.integers(0, 253_402_300_799_999)


def amounts(whole_max: int = 10**15 - 1) -> st.SearchStrategy[Decimal]:
    """Return amounts as they come out of the decoder: not negative, at most nine decimals."""
    numbers = st.one_of(st.integers(0, 100), st.integers(0, whole_max))
    return st.builds(
        lambda whole, part: Decimal(f"{whole}.{part}".rstrip("0").rstrip(".")),
        numbers,
        st.text("0123456789", max_size=9),
    )


def signed(whole_max: int = 10**15 - 1) -> st.SearchStrategy[Decimal]:
    """Return amounts of either sign."""
    return st.builds(lambda amount, minus: -amount if minus and amount else amount, amounts(whole_max), st.booleans())


@cache  # a strategy that is made anew for each draw is also checked anew by Hypothesis, which takes most of the time
def of_type(hint: Any, name: str = "") -> Strategy:  # noqa: ANN401 - any annotation
    """Return values of an annotation that our structs use."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in {Union, UnionType}:
        return st.one_of([st.none() if arm is type(None) else of_type(arm, name) for arm in args])
    if origin is tuple:
        return st.lists(of_type(args[0], name), max_size=4).map(tuple)
    return _of_class(hint, name)


def _of_class(hint: Any, name: str) -> Strategy:  # noqa: ANN401 - any class
    if name.endswith("time_zone"):
        return st.sampled_from(["UTC", "Europe/Warsaw"])
    if hint in _MADE:
        return _MADE[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _of_struct(hint)
    if hint is int:
        return MOMENTS if name.endswith(("_at", "_till", "_on")) else st.integers(0, 2**40)
    return _SCALARS[hint]


def of_struct(struct: type[Struct], **given: Strategy) -> Strategy:
    """Return instances of a struct; `given` replaces the strategy of a field."""
    return _of_struct(struct, **given) if given else of_type(struct)


def _of_struct(struct: type[Struct], **given: Strategy) -> Strategy:
    hints = get_type_hints(struct)
    parts = {name: given[name] if name in given else of_type(hints[name], name) for name in struct.__struct_fields__}
    if struct is VendorTotals:
        parts = dict.fromkeys(parts, st.one_of(st.none(), signed()))
    return st.builds(struct, **parts)


def bodies(types: Iterable[type[EventBody]]) -> Strategy:
    """Return bodies of any of some types, as a dialect might make them."""
    return _bodies(tuple(types))


@cache
def _bodies(types: tuple[type[EventBody], ...]) -> Strategy:
    return st.one_of([of_struct(body) for body in types])


def derived_events(body: type[DerivedBody]) -> Strategy:
    """Return derived events whose data is of a type."""
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    data = of_struct(body, **{name: signed() for name, hint in get_type_hints(body).items() if hint is Decimal})
    cause = of_struct(Cause, event_id=st.one_of(st.none(), text), offset=st.integers(0, 2**62))
    return of_struct(DerivedEvent, data=data, cause=cause, type=st.just(body.__name__), org_id=text)


JSON: Strategy = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**20), 10**20),
        st.floats(allow_nan=True, allow_infinity=True),
        st.text(max_size=12),
        st.sampled_from(["", "null", "-1", " START", "2024-05-31", "1e3", "\ud800", "NaN", "12.0", "-5", "1_000"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["data", "points", "po ints", "eventName", "id", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)

READABLE: list[Case] = [case for case in all_cases() if case.event != "bad_input"]


def readable_of(dialect: str) -> list[Case]:
    """Return the golden cases of one dialect that are no bad input."""
    return [case for case in READABLE if case.dialect == dialect]


def documents(dialect: str) -> st.SearchStrategy[Any]:
    """Return golden inputs of a dialect as parsed JSON."""
    return st.sampled_from(readable_of(dialect)).map(lambda case: json.loads(case.value))


@st.composite
def mutilated(draw: st.DrawFn, dialect: str) -> bytes:
    """Return a golden input with some of its parts replaced, dropped or doubled at random."""
    document = draw(documents(dialect))
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(places(document)))
        action = draw(st.sampled_from(["replace", "drop"]))
        if action == "replace":
            holder[key] = draw(JSON)
        else:
            del holder[key]
        if not places(document):
            break
    text = json.dumps(document)
    cut = draw(st.one_of(st.none(), st.integers(0, len(text))))
    return text[:cut].encode("utf-8", "surrogatepass")


def values(dialect: str = "capillary") -> st.SearchStrategy[bytes]:
    """Return values of raw records of a dialect: golden, mutilated, any JSON, any bytes."""
    return st.one_of(
        st.sampled_from(readable_of(dialect)).map(lambda case: case.value),
        mutilated(dialect),
        JSON.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")),
        st.binary(max_size=80),
    )


def places(document: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401 - any JSON document
    """Return every place of a document as what holds it and its key or index there."""
    found: list[tuple[Any, Any]] = []
    keys = document.keys() if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    for key in keys:
        found.append((document, key))
        found += places(document[key])
    return found


_DURATIONS: Strategy = st.builds(Duration, st.integers(0, 40), st.integers(0, 400), st.integers(0, 10**8))
_MADE: dict[Any, Strategy] = {  # structs that refuse what contradicts itself
    Duration: _DURATIONS,
    MonthRounding: st.builds(MonthRounding, st.integers(0, 11)),
    CampaignSchedule: st.builds(
        CampaignSchedule,
        active=st.booleans(),
        starts_at_ms=MOMENTS,
        expires_at_ms=st.one_of(st.none(), MOMENTS),
        timeframe=st.one_of(st.none(), st.builds(ValidityTimeframe, _DURATIONS.filter(bool), _DURATIONS)),
        days_of_week=st.frozensets(st.integers(0, 6)),
        activity_duration_after_publishing=st.one_of(st.none(), _DURATIONS),
        creation_status=st.sampled_from(CreationStatus),
        vouchers_generation_status=st.sampled_from(CreationStatus),
    ),
}
_SCALARS: dict[Any, Strategy] = {
    str: IDS,
    Decimal: amounts(),
    date: DAYS,
    bool: st.booleans(),
    bytes: st.binary(max_size=20),
}
