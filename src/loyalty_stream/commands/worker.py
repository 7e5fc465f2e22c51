"""`loyalty-stream worker`."""

import typer


def worker() -> None:
    """Process events until told to stop (SIGTERM or Ctrl-C); configured by LOYALTY_* settings.

    Exit code 0 after an orderly stop, 1 where an operator must set something right, 2 for a wrong setting, 3 where
    another worker has taken over, 70 for a bug.
    """
    from importlib import metadata

    import structlog

    from loyalty_stream.ops.log import load_log_settings, set_up
    from loyalty_stream.ops.metrics import MetricsObserver
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
    config = PipelineConfig(**{name: getattr(settings, name) for name in PipelineConfig.__struct_fields__})
    observer = MetricsObserver(programs_max=settings.metrics_programs_max, dead_letter_limit=settings.dead_letter_limit)
    raise typer.Exit(
        run_worker(
            settings,
            Processor(config),
            observer,
            dialects=list(DIALECTS),
            outputs=config.outputs,
            add_pages=pages(observer),
        )
    )
