"""Name every setting, as files that set them must write it."""

from typing import Final

from loyalty_stream.ops.log import LogSettings
from loyalty_stream.runtime.settings import ENV_PREFIX, Settings

SETTINGS: Final = frozenset(
    f"{ENV_PREFIX}{name.upper()}" for model in (Settings, LogSettings) for name in model.model_fields
)
