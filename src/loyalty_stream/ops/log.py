"""Log to standard error: lines for people, or JSON for machines."""

import logging
import sys
from typing import Any, Final, Literal

import structlog
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from loyalty_stream.runtime.settings import ENV_PREFIX, SettingsError

_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_FORMATS: Final = ("console", "json")
_TALKATIVE: Final = ("aiokafka", "faust", "kafka", "mode", "asyncio")
"""Libraries that tell each step of theirs at INFO: heard from WARNING on, unless the level is DEBUG."""

_SPILLING: Final = "aiokafka.conn"
"""Writes out whole requests and responses at DEBUG, with records and passwords in them: heard from INFO on."""

_SERVICE_STEP: Final = "[^"
"""How mode begins what it logs of each service's steps, in the name of our own modules."""


class LogSettings(BaseSettings):
    """How to log; `LOYALTY_LOG_FORMAT` and `LOYALTY_LOG_LEVEL`."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


def load_log_settings() -> LogSettings:
    """Return the settings of the environment.

    Raises:
        SettingsError: A value is not one of those allowed.

    """
    try:
        return LogSettings()
    except ValidationError as failure:
        allowed = {"log_format": _FORMATS, "log_level": _LEVELS}
        lines = [
            f"{ENV_PREFIX}{str(error['loc'][0]).upper()} is {error['input']!r}; "
            f"allowed: {', '.join(allowed[str(error['loc'][0])])}"
            for error in failure.errors()
        ]
        raise SettingsError("\n".join(lines)) from None


def set_up(settings: LogSettings) -> None:
    """Send every log, ours and the libraries', to standard error in one format."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    renderer: list[Any]
    # Tracebacks name lines and leave out the values of variables, which structlog shows: they hold records.
    if settings.log_format == "json":
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        renderer = [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer()]
    else:
        plain = structlog.dev.plain_traceback
        renderer = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    if settings.log_level != "DEBUG":
        handler.addFilter(_is_worth_reading)
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    logging.getLogger(_SPILLING).setLevel(max(logging.INFO, logging.getLogger().level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _is_worth_reading(record: logging.LogRecord) -> bool:
    """Tell whether a record is a warning, or one of ours that is no step of a service."""
    if record.levelno >= logging.WARNING:
        return True
    return record.name.split(".")[0] not in _TALKATIVE and not str(record.msg).startswith(_SERVICE_STEP)
