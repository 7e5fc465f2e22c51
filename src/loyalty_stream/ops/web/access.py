"""Who may see what: everything below /v1/ is behind the token of LOYALTY_HTTP_TOKEN, where one is set."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from pydantic import SecretStr

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.runtime.app import StreamApp

GUARDED: Final = "/v1/"
_SCHEME: Final = "bearer"
_REFUSED: Final = Answer.problem(
    HTTPStatus.UNAUTHORIZED,
    "Token needed",
    "Send the header Authorization: Bearer TOKEN with the worker's LOYALTY_HTTP_TOKEN.",
)._replace(headers={"WWW-Authenticate": "Bearer"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def may_see(token: SecretStr, authorization: str) -> bool:
    """Tell whether the value of a header Authorization has the token."""
    scheme, _, given = authorization.partition(" ")
    shown = given.strip().encode(errors="surrogateescape")  # as aiohttp reads what is no UTF-8
    return scheme.lower() == _SCHEME and compare_digest(shown, token.get_secret_value().encode())


def add_access(app: StreamApp) -> None:
    """Let a middleware ask for the token, so that no page can forget to."""
    token = app.settings.http_token
    if token is None:
        return

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        path = request.path if resource is None else resource.canonical
        if path.startswith(GUARDED) and not may_see(token, request.headers.get("Authorization", "")):
            return _REFUSED.response()
        return await handler(request)

    server: Any = app.web  # Faust's driver for aiohttp, which its types do not tell
    server.web_app.middlewares.append(guard)
