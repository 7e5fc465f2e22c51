"""One worker of a shadow, as the process that a replay starts."""

from loyalty_stream.ops.log import load_log_settings, set_up
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.plan import read_plan
from loyalty_stream.ops.replay.shadow import shadow_of
from loyalty_stream.ops.web import pages
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.runtime.worker import run_worker
from loyalty_stream.sources import DIALECTS


def run(settings: Settings, app_id: str, number: int) -> int:
    """Process what the plan says and wait to be told to stop; return the exit code."""
    set_up(load_log_settings())
    shadow = shadow_of(settings, app_id)
    shadow = shadow.model_copy(update={"data_dir": shadow.data_dir / f"worker-{number}"})
    plan = read_plan(shadow)
    if plan is None:
        raise ReplayError(f"no replay of the app id {app_id!r} has begun")
    config = PipelineConfig(**{name: getattr(shadow, name) for name in PipelineConfig.__struct_fields__})
    observer = MetricsObserver(programs_max=shadow.metrics_programs_max, dead_letter_limit=shadow.dead_letter_limit)
    return run_worker(
        shadow,
        Processor(config),
        observer,
        dialects=list(DIALECTS),
        outputs=config.outputs,
        add_pages=pages(observer),
        ends=plan.ends,
    )
