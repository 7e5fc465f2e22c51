"""Find the Avro schemas of earlier releases, kept in `avro/released/<version>/`."""

import json
from pathlib import Path
from typing import Final

from loyalty_stream.pipeline.avro import Schema
from loyalty_stream.resources import resource

FOLDER: Final = "avro/released"


def released(folder: Path | None = None) -> dict[str, dict[str, Schema]]:
    """Return the schemas of the derived topics, by version and by the topic's short name."""
    root = folder or resource(FOLDER)
    return {
        version.name: {file.stem: json.loads(file.read_text()) for file in sorted(version.glob("*.avsc"))}
        for version in sorted(root.iterdir())
        if version.is_dir()
    }
