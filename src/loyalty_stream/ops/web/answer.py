"""What a page answers: JSON, or a problem as RFC 9457 describes it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, NamedTuple

import msgspec
from aiohttp import web

from loyalty_stream.serving.customer import Json

PROBLEM_TYPE: Final = "application/problem+json"  # RFC 9457
_encode: Final = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """What a page answers."""

    status: HTTPStatus
    body: Json
    headers: Mapping[str, str] = {}

    @classmethod
    def problem(cls, status: HTTPStatus, title: str, detail: str, **more: object) -> "Answer":
        """Return a problem as RFC 9457 describes it."""
        return cls(status, {"title": title, "status": status.value, "detail": detail, **more})

    def response(self) -> web.Response:
        """Return it as aiohttp has it."""
        if self.status is HTTPStatus.NOT_MODIFIED:
            return web.Response(status=self.status.value, headers=self.headers)
        kind = "application/json" if self.status is HTTPStatus.OK else PROBLEM_TYPE
        return web.Response(
            body=_encode(self.body), status=self.status.value, headers=self.headers, content_type=kind, charset="utf-8"
        )
