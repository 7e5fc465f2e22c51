import json
from collections import Counter
from decimal import Decimal

from loyalty_stream.simulate.capillary import points
from loyalty_stream.simulate.capillary.dirt import soil
from loyalty_stream.simulate.capillary.envelopes import encode, wrap
from loyalty_stream.simulate.capillary.stage import Stage
from loyalty_stream.simulate.dirt import IMPLAUSIBLE_TIME, KINDS
from loyalty_stream.simulate.options import SimulationOptions


def made(count: int = 400) -> list[tuple[dict[str, object], dict[str, object], tuple[str, ...]]]:
    """Return clean records, their dirty copies and the kinds of dirt."""
    stage = Stage(SimulationOptions(seed=4))
    rows = []
    for _ in range(count):
        event = points.issue_points(stage, stage.population.choose())
        clean = wrap(stage, event, "wrapped")
        dirty, kinds = soil(clean, stage.draw)
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


def test_every_dirty_record_differs_and_can_be_repaired_to_the_clean_one() -> None:
    for clean, dirty, kinds in made():
        assert kinds
        assert dirty != clean or kinds == ("float_integer",)  # 1676.0 equals 1676 once read
        assert squeezed(dirty) == squeezed(clean)


def test_every_kind_occurs() -> None:
    seen = Counter(kind for _, _, kinds in made() for kind in kinds)
    assert set(seen) == set(KINDS) - {IMPLAUSIBLE_TIME}


def test_the_clean_record_is_left_as_it_is() -> None:
    stage = Stage(SimulationOptions(seed=4))
    clean = wrap(stage, points.issue_points(stage, stage.population.choose()), "captured")
    before = encode(clean)
    for _ in range(50):
        soil(clean, stage.draw)
    assert encode(clean) == before


def test_no_number_is_written_with_an_exponent() -> None:
    for _, dirty, _ in made():
        text = json.dumps(dirty)
        assert "E+" not in text
        assert "e+" not in text
