"""`loyalty-stream worker`."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from loyalty_stream.ops.metrics import MetricsObserver
    from loyalty_stream.runtime.settings import Settings


def worker() -> None:
    """Process events until told to stop (SIGTERM or Ctrl-C); configured by LOYALTY_* settings.

    Exit code 0 after an orderly stop, 1 where an operator must set something right, 2 for a wrong setting, 3 where
    another worker has taken over, 70 for a bug.
    """
    from importlib import metadata

    import structlog

    from loyalty_stream.ops.log import load_log_settings, set_up
    from loyalty_stream.ops.web import pages
    from loyalty_stream.pipeline.config import PipelineConfig
    from loyalty_stream.pipeline.processor import Processor
    from loyalty_stream.runtime.settings import load_settings
    from loyalty_stream.runtime.worker import run_worker
    from loyalty_stream.sources import DIALECTS

    settings, log_settings = load_settings(), load_log_settings()
    set_up(log_settings)
    structlog.stdlib.get_logger(__name__).info(
        "starting",
        version=metadata.version("loyalty-stream"),
        app_id=settings.app_id,
        bootstrap_servers=settings.bootstrap_servers,
        http=f"{settings.http_host}:{settings.http_port}",
    )
    observer = _observer(settings)
    schema_ids = _schema_ids(settings)
    config = PipelineConfig(**{name: getattr(settings, name) for name in PipelineConfig.__struct_fields__})
    exit_code = run_worker(
        settings,
        Processor(config, schema_ids),
        observer,
        dialects=list(DIALECTS),
        outputs=config.outputs,
        add_pages=pages(observer),
        beside=_view(settings, observer),
    )
    observer.close()
    raise typer.Exit(exit_code)


def _observer(settings: "Settings") -> "MetricsObserver":
    """Return what keeps the metrics, and exports spans where that is wanted; refuse what the spans lack."""
    from loyalty_stream.ops.metrics import MetricsObserver
    from loyalty_stream.runtime.settings import SettingsError

    programs_max, dead_letter_limit = settings.metrics_programs_max, settings.dead_letter_limit
    if settings.tracing == "none":
        return MetricsObserver(programs_max=programs_max, dead_letter_limit=dead_letter_limit)
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        from loyalty_stream.ops.tracing import TracingObserver
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"LOYALTY_TRACING is {settings.tracing!r}, and {error.name} is not installed; "
            "run: pip install 'loyalty-stream[tracing]'"
        ) from error
    try:
        return TracingObserver(
            settings.app_id, OTLPSpanExporter(), programs_max=programs_max, dead_letter_limit=dead_letter_limit
        )
    except ValueError as error:
        raise SettingsError(f"OpenTelemetry refuses its variables (OTEL_*): {error}") from error


def _view(settings: "Settings", observer: "MetricsObserver") -> "AbstractContextManager[object]":
    """Return the context in which the view runs beside this worker, where that is wanted."""
    from contextlib import nullcontext

    if not settings.view_in_worker:
        return nullcontext()
    from loyalty_stream.serving.view.in_worker import ViewInWorker

    view = ViewInWorker(observer.view_restarted)
    observer.registry.register(view)
    return view


def _schema_ids(settings: "Settings") -> dict[str, int] | None:
    """Return the ids that the registry has for the schemas, None where none is used; end the start where it cannot."""
    if not settings.uses_registry:
        return None
    import structlog

    from loyalty_stream.runtime.failure import EXIT_STOPPED
    from loyalty_stream.runtime.registry import RegistryError, schema_ids

    try:
        return schema_ids(settings)
    except RegistryError as error:
        structlog.stdlib.get_logger(__name__).critical(str(error))
        raise typer.Exit(EXIT_STOPPED) from error
