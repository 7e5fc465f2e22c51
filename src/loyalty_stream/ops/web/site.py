"""The one table of a worker's pages: what is registered is what the OpenAPI document says."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Literal

from aiohttp import web
from msgspec import Struct

from loyalty_stream.ops.web.access import GUARDED
from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.query import QueryError
from loyalty_stream.runtime.app import StreamApp
from loyalty_stream.serving.customer import Json

Handler = Callable[..., Awaitable[Answer | web.StreamResponse]]
"""Takes the request, and the parts of its path by their names."""


class Parameter(Struct, frozen=True):
    """What a page is asked with; `schema` is JSON Schema."""

    name: str
    description: str
    schema: Json
    where: Literal["path", "query", "header"] = "query"
    required: bool = False


class Reply(Struct, frozen=True):
    """What a page answers with a status.

    The body is described by a type of ours, or by a JSON Schema in which such types may stand; None is no body.
    """

    description: str
    body: type[Struct] | Json | None
    media_type: str = "application/json"


class Page(Struct, frozen=True):
    """One page. A problem is one of RFC 9457; what it means is said by its status."""

    path: str
    summary: str
    replies: Mapping[HTTPStatus, Reply]
    problems: Mapping[HTTPStatus, str] = {}
    parameters: tuple[Parameter, ...] = ()


class Site:
    """The pages of one app; those below /v1/ are behind the token (access.py)."""

    def __init__(self, app: StreamApp) -> None:
        """Begin with none."""
        self.app = app
        self.pages: list[Page] = []

    def page(self, page: Page) -> Callable[[Handler], Handler]:
        """Register a page: what it is, and the function that answers it."""

        def register(handler: Handler) -> Handler:
            self.pages.append(page)

            @self.app.page(page.path, name=page.path)
            async def answered(_view: Any, request: Any, **path: str) -> Any:  # noqa: ANN401 - Faust's have no types
                try:
                    _refuse_others(page, request.query)
                    answer = await handler(request, **path)
                except QueryError as error:
                    answer = Answer.problem(HTTPStatus.BAD_REQUEST, "Wrong parameter", str(error))
                return answer.response() if isinstance(answer, Answer) else answer

            return handler

        return register


def _refuse_others(page: Page, query: Mapping[str, str]) -> None:
    """Raise QueryError for a parameter that a page of /v1/ does not know: a typing error would go unnoticed.

    What scrapes and probes send along is theirs.
    """
    if not page.path.startswith(GUARDED):
        return
    known = [parameter.name for parameter in page.parameters if parameter.where == "query"]
    for name in query:
        if name not in known:
            raise QueryError(f"{name!r} is no parameter of this page: there are {', '.join(known) or 'none'}")
