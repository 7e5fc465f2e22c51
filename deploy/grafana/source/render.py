"""Write deploy/grafana/dashboards/ from the code beside this: `python -m deploy.grafana.source.render`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.grafana.source import business, data_quality, operations
from deploy.grafana.source.panels import dashboard

FOLDER: Final = Path(__file__).parents[1] / "dashboards"


def rendered() -> Mapping[str, str]:
    """Return each dashboard's JSON by its file's name."""
    return {
        f"{source.__name__.rpartition('.')[2]}.json": json.dumps(
            dashboard(source.UID, source.TITLE, source.DESCRIPTION, source.ROWS).build(), cls=JSONEncoder, indent=2
        )
        + "\n"
        for source in (operations, business, data_quality)
    }


if __name__ == "__main__":
    for name, text in rendered().items():
        (FOLDER / name).write_text(text)
