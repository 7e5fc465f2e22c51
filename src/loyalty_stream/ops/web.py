"""The pages of a worker, on Faust's own web server: metrics, health, and what is known of a customer."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, NamedTuple, Protocol

from loyalty_stream.ops.health import readiness_report
from loyalty_stream.ops.metrics import MetricsObserver
from loyalty_stream.pipeline.route import partitioner
from loyalty_stream.runtime.app import StreamApp
from loyalty_stream.runtime.table import PartitionLostError
from loyalty_stream.serving.customer import CustomerKey, Json, MalformedKeyError, render_customer, row_keys

PROBLEM_TYPE: Final = "application/problem+json"  # RFC 9457


class Answer(NamedTuple):
    """What a page answers."""

    status: HTTPStatus
    body: Json

    @classmethod
    def problem(cls, status: HTTPStatus, title: str, detail: str, **more: object) -> "Answer":
        """Return a problem as RFC 9457 describes it."""
        return cls(status, {"title": title, "status": status.value, "detail": detail, **more})


class Tables(Protocol):
    """What the customer page needs of the app."""

    def committed_row(self, partition: int, row_key: bytes) -> bytes | None:
        """Return a row as last committed; raise PartitionLostError where this worker does not serve it."""


class CustomerPage:
    """Answer what is known of a customer, from committed rows of this worker only."""

    def __init__(self, tables: Tables, partition_by: str, partitions: int) -> None:
        """Take the tables, and how a customer's partition is found."""
        self._tables = tables
        self._home = partitioner(partition_by, partitions)

    def answer(self, text: str, *, restoring: bool) -> Answer:
        """Return the picture of a customer, or the problem that keeps it from being given."""
        try:
            key = CustomerKey.parse(text)
        except MalformedKeyError as error:
            return Answer.problem(HTTPStatus.BAD_REQUEST, "Malformed key", str(error))
        partition = self._home(*key)
        if restoring:
            return Answer.problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Tables are being restored",
                "This worker does not serve rows yet. Try again when /readyz answers 200.",
                partition=partition,
            )
        try:
            found = {domain: self._tables.committed_row(partition, row_key) for domain, row_key in row_keys(key)}
        except PartitionLostError:
            return Answer.problem(
                HTTPStatus.MISDIRECTED_REQUEST,
                "Partition of another worker",
                f"The key lies on partition {partition}, which this worker does not own. Ask the other workers.",
                partition=partition,
            )
        rows = {domain: row for domain, row in found.items() if row is not None}
        if not rows:
            return Answer.problem(
                HTTPStatus.NOT_FOUND, "Unknown customer", "Nothing is known of this key.", partition=partition
            )
        return Answer(HTTPStatus.OK, render_customer(key, partition, rows))


def pages(observer: MetricsObserver) -> Callable[[StreamApp], None]:
    """Return the function that adds the pages to an app."""

    def add(app: StreamApp) -> None:
        settings = app.settings
        customers = CustomerPage(app, settings.partition_by, settings.partitions)

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

        @app.page("/v1/customers/{key}")
        async def customer(view: Any, request: Any, key: str) -> Any:  # noqa: ANN401, ARG001
            answer = customers.answer(key, restoring=not app.readiness().recovered)
            kind = "application/json" if answer.status is HTTPStatus.OK else PROBLEM_TYPE
            return view.json(answer.body, status=answer.status.value, content_type=kind)

    return add
