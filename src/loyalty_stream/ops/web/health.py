"""The pages of operators: metrics, and whether the worker lives and works."""

from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from loyalty_stream.ops.health import readiness_report
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.site import Page, Reply, Site

_TEXT: Final = {"type": "string"}
_READINESS: Final = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}, "missing": {"type": ["string", "null"]}},
    "required": ["ready", "missing"],
}
_ALIVE: Final = {"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}
METRICS: Final = Page(
    "/metrics",
    "The metrics, as Prometheus reads them",
    {HTTPStatus.OK: Reply("All metrics.", _TEXT, "text/plain")},
)
ALIVE: Final = Page("/healthz", "Whether the worker lives", {HTTPStatus.OK: Reply("It does.", _ALIVE)})
READY: Final = Page(
    "/readyz",
    "Whether the worker has partitions, has restored their tables, and commits",
    {
        HTTPStatus.OK: Reply("It does its work.", _READINESS),
        HTTPStatus.SERVICE_UNAVAILABLE: Reply("It does not yet; missing says why.", _READINESS),
    },
)


def add_health(site: Site, observer: MetricsObserver) -> None:
    """Add /metrics, /healthz and /readyz."""

    @site.page(METRICS)
    async def metrics(request: Any) -> web.Response:  # noqa: ANN401 - Faust's requests have no usable types
        body, content_type = observer.scrape(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})

    @site.page(ALIVE)
    async def healthz(_request: Any) -> Answer:  # noqa: ANN401
        return Answer(HTTPStatus.OK, {"status": "ok"})

    @site.page(READY)
    async def readyz(_request: Any) -> web.Response:  # noqa: ANN401
        status, report = readiness_report(site.app.readiness())
        return web.json_response(report, status=status)
