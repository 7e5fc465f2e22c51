import pytest

from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.failure import WorkerStopped
from loyalty_stream.runtime.versions import check_versions, dump_versions, load_versions


def test_versions_come_back_from_the_metadata_of_an_offset_beside_the_tally() -> None:
    metadata = Tally(consumed=3, applied=3).dump() + dump_versions({"points": 2, "tiers": 1, "coupons": 11})
    assert metadata.endswith(" states/coupons=11,points=2")
    assert load_versions(metadata + "\0") == {"points": 2, "coupons": 11}
    assert Tally.load(metadata) == Tally(consumed=3, applied=3)


def test_first_versions_leave_the_metadata_as_it_was() -> None:
    assert dump_versions({"points": 1, "tiers": 1}) == ""
    assert load_versions(Tally().dump()) == load_versions(None) == {}


def test_what_earlier_versions_wrote_is_no_hindrance() -> None:
    check_versions([{}, {"points": 2}], {"points": 3})


def test_a_newer_version_stops_the_start_and_says_what_to_do() -> None:
    with pytest.raises(WorkerStopped, match=r"points in version 3, and this one reads points up to 2\. Start"):
        check_versions([{"points": 2}, {"points": 3}], {"points": 2})
