from pathlib import Path

from loyalty_stream.ops.compatibility import problems
from loyalty_stream.ops.releases import released
from loyalty_stream.pipeline.schemas import DERIVED_TYPES


def test_schemas_are_found_by_version_and_topic(tmp_path: Path) -> None:
    (tmp_path / "0.2.0").mkdir()
    (tmp_path / "0.2.0" / "points.avsc").write_text('"string"')
    (tmp_path / "README.md").write_text("no release")
    assert released(tmp_path) == {"0.2.0": {"points": "string"}}


def test_this_versions_schemas_read_what_every_release_has_written() -> None:
    releases = released()
    assert "points" in releases["0.1.0"]
    assert problems({topic: typed.schema for topic, typed in DERIVED_TYPES.items()}, releases) == []
