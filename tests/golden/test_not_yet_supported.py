"""The vendor's other samples: known names that this version does not reduce."""

from pathlib import Path

import pytest

from loyalty_stream.sources.capillary.names import NOT_YET_SUPPORTED
from tests.golden.cases import HERE
from tests.helpers.flow import Flow

SAMPLES = sorted((HERE / "capillary_not_yet_supported").glob("*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_sample_of_another_event_is_ignored_as_not_yet_supported(sample: Path) -> None:
    flow = Flow()
    effects = flow.raw(sample.read_bytes())
    ((count, times),) = effects.events.items()
    name = NOT_YET_SUPPORTED[sample.stem.partition(".")[0].lower()]
    assert (count, times) == (("capillary", name, "ignored", "not_yet_supported"), 1)
    assert effects.tally.ignored == effects.tally.consumed == 1
    assert flow.messages == []
    assert flow.rows() == {}


def test_all_samples_of_events_without_a_reducer_are_here() -> None:
    assert len(SAMPLES) == 3
