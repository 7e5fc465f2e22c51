"""The console: one page and its files, as they lie beside this module; it shows what the pages under /v1/ answer."""

from hashlib import sha256
from http import HTTPStatus
from importlib import resources
from typing import Any, Final, NamedTuple

from aiohttp import web

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.runtime.app import StreamApp

_INDEX: Final = "index.html"
_TYPES: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",  # asked for again, and answered with 304 until the version changes
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class ConsoleFile(NamedTuple):
    """One file as it is served."""

    body: bytes
    content_type: str
    tag: str

    def on(self, request: web.Request) -> web.Response:
        """Return the response: 304 where the reader has this very file."""
        headers = {**_HEADERS, "ETag": f'"{self.tag}"'}
        if any(tag.value == self.tag for tag in request.if_none_match or ()):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        response = web.Response(body=self.body, content_type=self.content_type, charset="utf-8", headers=headers)
        response.enable_compression()
        return response


def console_files() -> dict[str, ConsoleFile]:
    """Return the files of the console by their names."""
    folder = resources.files("loyalty_stream.ops.web").joinpath("console")
    return {entry.name: _file(entry.name, entry.read_bytes()) for entry in folder.iterdir()}


def _file(name: str, body: bytes) -> ConsoleFile:
    return ConsoleFile(body, _TYPES[name.rpartition(".")[2]], sha256(body).hexdigest()[:16])


def add_console(app: StreamApp) -> None:
    """Add the page at / and its files below /console/; they are for people, and no part of the OpenAPI document."""
    files = console_files()

    @app.page("/")
    async def console(view: Any, request: Any) -> Any:  # noqa: ANN401, ARG001 - Faust's views have no usable types
        return files[_INDEX].on(request)

    @app.page("/console/{name}")
    async def console_file(view: Any, request: Any, name: str) -> Any:  # noqa: ANN401, ARG001
        file = files.get(name)
        if file is None:
            detail = f"The console has no file {name!r}."
            return Answer.problem(HTTPStatus.NOT_FOUND, "No such file", detail).response()
        return file.on(request)
