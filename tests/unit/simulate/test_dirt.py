"""Dirt of every kind falls on the records of every dialect that has it, and can be mended."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.simulate import SimulationOptions, make_simulation
from loyalty_stream.simulate.capillary import dirt as capillary
from loyalty_stream.simulate.dirt import IMPLAUSIBLE_TIME, KINDS, DirtyFields, soil
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.encoding import encode
from loyalty_stream.simulate.voucherify import dirt as voucherify

Json = dict[str, Any]
Rows = list[tuple[Json, Json, tuple[str, ...]]]
FIELDS: dict[str, DirtyFields] = {"capillary": capillary.FIELDS, "voucherify": voucherify.FIELDS}
every_dialect = pytest.mark.parametrize("dialect", FIELDS)


def clean_records(dialect: str, count: int) -> list[Json]:
    """Return clean records, their amounts as decimals and their whole numbers as such."""
    options = SimulationOptions(events=count, seed=4, dialect=dialect, dirt_share=0, bad_bytes_share=0)  # type: ignore[arg-type]
    return [json.loads(record.value, parse_float=Decimal) for record in make_simulation(options).records()]


def made(dialect: str, count: int = 400) -> Rows:
    """Return clean records, their dirty copies and the kinds of dirt."""
    draw, rows = Draw(4, 0), []
    for clean in clean_records(dialect, count):
        dirty, kinds = soil(clean, draw, FIELDS[dialect])
        rows.append((json.loads(encode(clean)), json.loads(encode(dirty)), kinds))
    return rows


def squeezed(value: object) -> object:
    """Return a value as a thorough repair leaves it: no whitespace in texts and keys, no `null`, no `.0`."""
    if isinstance(value, dict):
        assert len({"".join(key.split()) for key in value}) == len(value)
        return {"".join(key.split()): squeezed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [squeezed(item) for item in value]
    if isinstance(value, str):
        text = "".join(value.split())
        try:
            return Decimal(text)
        except ArithmeticError:
            return None if text == "null" else text
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


@every_dialect
def test_every_dirty_record_differs_and_can_be_repaired_to_the_clean_one(dialect: str) -> None:
    for clean, dirty, kinds in made(dialect):
        assert kinds
        assert dirty != clean or kinds == ("float_integer",)  # 1676.0 equals 1676 once read
        assert squeezed(dirty) == squeezed(clean)


@every_dialect
def test_every_kind_occurs(dialect: str) -> None:
    seen = Counter(kind for _, _, kinds in made(dialect) for kind in kinds)
    assert set(seen) == set(KINDS) - {IMPLAUSIBLE_TIME}


@every_dialect
def test_the_clean_record_is_left_as_it_is(dialect: str) -> None:
    draw = Draw(4, 0)
    for clean in clean_records(dialect, 50):
        before = encode(clean)
        soil(clean, draw, FIELDS[dialect])
        assert encode(clean) == before


@every_dialect
def test_no_number_is_written_with_an_exponent(dialect: str) -> None:
    draw = Draw(4, 0)
    for clean in clean_records(dialect, 400):
        text = encode(soil(clean, draw, FIELDS[dialect])[0])
        assert b"E+" not in text
        assert b"e+" not in text
