"""What a page answers: JSON, or a problem as RFC 9457 describes it."""

from http import HTTPStatus
from typing import Any, Final, NamedTuple

from loyalty_stream.serving.customer import Json

PROBLEM_TYPE: Final = "application/problem+json"  # RFC 9457


class Answer(NamedTuple):
    """What a page answers."""

    status: HTTPStatus
    body: Json

    @classmethod
    def problem(cls, status: HTTPStatus, title: str, detail: str, **more: object) -> "Answer":
        """Return a problem as RFC 9457 describes it."""
        return cls(status, {"title": title, "status": status.value, "detail": detail, **more})

    def on(self, view: Any) -> Any:  # noqa: ANN401 - Faust's views have no usable types
        """Return the response."""
        kind = "application/json" if self.status is HTTPStatus.OK else PROBLEM_TYPE
        return view.json(self.body, status=self.status.value, content_type=kind)
