"""The pages of a process of the view: metrics and health."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from loyalty_stream.serving.view.errors import ViewError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_JSON: Final = [("Content-Type", "application/json")]
_IDLE_SECONDS_MAX: Final = 10


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = _IDLE_SECONDS_MAX

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the library
        """Log no request."""


@contextmanager
def served(host: str, port: int, registry: CollectorRegistry, missing: Callable[[], str | None]) -> Iterator[None]:
    """Answer `/metrics`, `/healthz` and `/readyz` while the context is open; `missing` says what readiness lacks.

    Raises:
        ViewError: The port is taken.

    """
    try:
        server = make_server(host, port, _pages(registry, missing), _Server, _Handler)
    except OSError as failure:
        raise ViewError(
            f"cannot listen on {host}:{port} ({failure.strerror}): set LOYALTY_HTTP_PORT to a free port"
        ) from failure
    with server:
        Thread(target=server.serve_forever, name="pages", daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


def _pages(registry: CollectorRegistry, missing: Callable[[], str | None]) -> "WSGIApplication":
    metrics = make_wsgi_app(registry)

    def answer(environment: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        path = environment["PATH_INFO"]
        if path == "/metrics":
            answered: Iterable[bytes] = metrics(environment, start)
            return answered
        if path == "/healthz":
            start("200 OK", _JSON)
            return [b'{"status": "ok"}']
        if path == "/readyz":
            lacks = missing()
            start("200 OK" if lacks is None else "503 Service Unavailable", _JSON)
            return [json.dumps({"ready": lacks is None, "missing": lacks}).encode()]
        start("404 Not Found", _JSON)
        return [b'{"title": "No such page", "status": 404}']

    return answer
