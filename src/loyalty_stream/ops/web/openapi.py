"""Describe the pages as OpenAPI 3.1 has it, from the table of pages itself."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from importlib import metadata
from typing import Any, Final

import msgspec
from msgspec import Struct

from loyalty_stream.ops.web.access import GUARDED
from loyalty_stream.ops.web.answer import PROBLEM_TYPE, Answer
from loyalty_stream.ops.web.site import Page, Parameter, Reply, Site
from loyalty_stream.serving.customer import Json

_REF: Final = "#/components/schemas/{name}"
_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "What kept the answer from being given, as RFC 9457 describes it.",
    "properties": {"title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}},
    "required": ["title", "status", "detail"],
}
_DESCRIPTION: Final = (
    "Customers' balances and their history, and the state of a worker. Amounts are decimal text, times milliseconds "
    "since the epoch."
)
_TOKEN: Final = "token"  # noqa: S105 - the name of a scheme
DOCUMENT: Final = Page("/openapi.json", "This document", {HTTPStatus.OK: Reply("OpenAPI 3.1.", {"type": "object"})})


def document(pages: Sequence[Page], *, guarded: bool) -> Json:
    """Return the document of pages; `guarded` says whether those below /v1/ ask for the token."""
    replies = [reply for page in pages for reply in page.replies.values()]
    types = sorted({kind for reply in replies for kind in _types(reply.body)}, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(types, ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "loyalty-stream",
            "version": metadata.version("loyalty-stream"),
            "description": _DESCRIPTION,
        },
        "paths": {page.path: {"get": _operation(page, guarded=guarded)} for page in pages},
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM},
            "securitySchemes": {
                _TOKEN: {"type": "http", "scheme": "bearer", "description": "The worker's LOYALTY_HTTP_TOKEN."}
            },
        },
    }


def add_openapi(site: Site) -> None:
    """Add the document, which tells of itself too."""

    @site.page(DOCUMENT)
    async def openapi(_request: Any) -> Answer:  # noqa: ANN401 - Faust's requests have no usable types
        return Answer(HTTPStatus.OK, document(site.pages, guarded=site.app.settings.http_token is not None))


def _operation(page: Page, *, guarded: bool) -> Json:
    asks = guarded and page.path.startswith(GUARDED)
    problems = {**page.problems, **({HTTPStatus.UNAUTHORIZED: "The token is missing or wrong."} if asks else {})}
    return {
        "operationId": "_".join(part.strip("{}").replace(".", "_") for part in page.path.split("/") if part),
        "summary": page.summary,
        "security": [{_TOKEN: []}] if asks else [],
        "parameters": [_parameter(parameter) for parameter in page.parameters],
        "responses": {
            **{str(status.value): _response(reply) for status, reply in page.replies.items()},
            **{str(status.value): _problem(meaning) for status, meaning in problems.items()},
        },
    }


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": parameter.where,
        "description": parameter.description,
        "required": parameter.required or parameter.where == "path",
        "schema": parameter.schema,
    }


def _response(reply: Reply) -> Json:
    content = {} if reply.body is None else {"content": {reply.media_type: {"schema": _named(reply.body)}}}
    return {"description": reply.description, **content}


def _problem(meaning: str) -> Json:
    return {"description": meaning, "content": {PROBLEM_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}}


def _types(part: Any) -> Iterator[type[Struct]]:  # noqa: ANN401 - a type of ours, or a schema that has some in it
    """Yield the types that stand in a schema."""
    if isinstance(part, type):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _types(value)


def _named(part: Any) -> Any:  # noqa: ANN401 - as above
    """Return a schema in which types are references to components."""
    if isinstance(part, type):
        return {"$ref": _REF.format(name=part.__name__)}
    return {name: _named(value) for name, value in part.items()} if isinstance(part, dict) else part
