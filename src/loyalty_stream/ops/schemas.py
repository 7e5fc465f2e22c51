"""Write the Avro schemas of everything published to `avro/`: `python -m loyalty_stream.ops.schemas`."""

import json
from pathlib import Path

from loyalty_stream.pipeline.schemas import SCHEMA_FILES


def write(root: Path) -> None:
    """Write every schema file below a folder."""
    for name, schema in SCHEMA_FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema, indent=2) + "\n")


if __name__ == "__main__":
    write(Path.cwd())
