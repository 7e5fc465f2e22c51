"""Ask a worker for its pages."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import quote


class Answered(NamedTuple):
    """What a worker answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        return json.loads(self.body)


class Pages:
    """The pages of the worker on a port; the token is sent where there is one."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.port = port
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> Answered:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=self._headers | headers)
            response = connection.getresponse()
            return Answered(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def json(self, path: str) -> Any:  # noqa: ANN401 - a JSON document
        answered = self.get(path)
        assert answered.status == 200, (path, answered)
        return answered.json

    def of(self, key: str, page: str = "") -> Any:  # noqa: ANN401 - a JSON document
        return self.json(f"/v1/customers/{quote(key, safe=':')}{page}")
