"""The pages of operators: metrics, and whether the worker lives and works."""

from typing import Any

from loyalty_stream.ops.health import readiness_report
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.runtime.app import StreamApp


def add_health(app: StreamApp, observer: MetricsObserver) -> None:
    """Add /metrics, /healthz and /readyz."""

    @app.page("/metrics")
    async def metrics(view: Any, request: Any) -> Any:  # noqa: ANN401 - Faust's views have no usable types
        body, content_type = observer.scrape(request.headers.get("Accept", ""))
        return view.bytes(body, headers={"Content-Type": content_type})

    @app.page("/healthz")
    async def healthz(view: Any, request: Any) -> Any:  # noqa: ANN401, ARG001
        return view.json({"status": "ok"})

    @app.page("/readyz")
    async def readyz(view: Any, request: Any) -> Any:  # noqa: ANN401, ARG001
        status, report = readiness_report(app.readiness())
        return view.json(report, status=status)
