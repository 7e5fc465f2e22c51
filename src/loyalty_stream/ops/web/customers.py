"""The page of a customer: what is known of them, from committed rows."""

from http import HTTPStatus
from typing import Any, Protocol

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.pipeline.route import partitioner
from loyalty_stream.runtime.app import StreamApp
from loyalty_stream.runtime.table import PartitionLostError
from loyalty_stream.serving.customer import CustomerKey, MalformedKeyError, render_customer, row_keys


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


def add_customers(app: StreamApp) -> None:
    """Add the page of a customer."""
    customers = CustomerPage(app, app.settings.partition_by, app.settings.partitions)

    @app.page("/v1/customers/{key}")
    async def customer(view: Any, request: Any, key: str) -> Any:  # noqa: ANN401, ARG001 - Faust's views have no usable types
        return customers.answer(key, restoring=not app.readiness().recovered).on(view)
