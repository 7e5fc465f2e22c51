"""Read the view, as any service may: one customer, or what programmes owe."""

from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

import msgspec
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from loyalty_stream.domains import DOMAINS
from loyalty_stream.pipeline.table import RowVersionError
from loyalty_stream.serving.customer import CustomerKey, Json
from loyalty_stream.serving.history.entries import Entry
from loyalty_stream.serving.liability import EncodedRow
from loyalty_stream.serving.view.names import LAYOUT, Names
from loyalty_stream.serving.view.picture import entry_of_fields
from loyalty_stream.serving.view.totals import row_of_field

_SECONDS_MAX: Final = 1.0
"""Whoever asks can ask the owning worker instead: no long wait."""
_decode: Final = msgspec.json.Decoder(Json).decode


class ViewAwayError(Exception):
    """The view cannot be read now: Redis does not answer, or it is being built."""


class ViewedCustomer(NamedTuple):
    """A customer's picture as a worker renders it, where its newest row lies, and until when (ms) all is there."""

    picture: Json
    partition: int
    offset: int
    complete_until: int


class ViewedTotals(NamedTuple):
    """Rows of totals of all partitions, and until when (ms) all is there."""

    rows: list[EncodedRow]
    complete_until: int


class ViewReader:
    """Reads of one view; safe from any thread."""

    def __init__(self, url: str, prefix: str) -> None:
        """Take the address; nothing is connected yet."""
        self._names = Names(prefix)
        self._redis = redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=_SECONDS_MAX,
            socket_timeout=_SECONDS_MAX,
            retry=Retry(NoBackoff(), 0),
        )

    def customer(self, key: CustomerKey) -> ViewedCustomer | None:
        """Return what is known of a customer, or None where nothing is.

        Raises:
            ViewAwayError: The view cannot be read.

        """
        try:
            names = self._names.generation(self._generation())
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.hget(names.age, "complete_until")
            for domain in DOMAINS:
                pipeline.hgetall(names.row(str(key), domain.name))
            complete_until, *rows = pipeline.execute()
        except redis.RedisError as error:
            raise ViewAwayError(type(error).__name__) from error
        known = {domain.name: row for domain, row in zip(DOMAINS, rows, strict=True) if row}
        return _customer(key, known, int(complete_until or 0)) if known else None

    def journal(self, key: str) -> list[Entry]:
        """Return the entries of a key's journal, as far as it goes back.

        Raises:
            ViewAwayError: The view cannot be read.

        """
        try:
            name = self._names.generation(self._generation()).journal(key)
            found: Any = self._redis.xrange(name)
        except redis.RedisError as error:
            raise ViewAwayError(type(error).__name__) from error
        entries = (entry_of_fields(fields) for _, fields in found)
        return [entry for entry in entries if entry is not None]

    def totals(self, kinds: Collection[str], organisation: str | None = None) -> ViewedTotals:
        """Return the rows of some kinds of totals, all of one moment: of one `vendor:org_id`, or of all.

        Raises:
            ViewAwayError: The view cannot be read, or another version has filled it.

        """
        try:
            names = self._names.generation(self._generation())
            known: Any = self._redis.smembers(names.organisations) if organisation is None else (organisation,)
            hashes = [(kind, names.totals(each, kind)) for each in sorted(known) for kind in kinds]
            pipeline = self._redis.pipeline()
            pipeline.get(names.layout)
            pipeline.hget(names.age, "complete_until")
            for _, name in hashes:
                pipeline.hgetall(name)
            layout, complete_until, *found = pipeline.execute()
        except redis.RedisError as error:
            raise ViewAwayError(type(error).__name__) from error
        if int(layout or 1) < LAYOUT or complete_until is None:
            raise ViewAwayError("the view has no totals")
        fields = [(kind, *item) for (kind, _), own in zip(hashes, found, strict=True) for item in own.items()]
        try:
            return ViewedTotals([row_of_field(*field) for field in fields], int(complete_until))
        except RowVersionError as error:
            raise ViewAwayError(str(error)) from error

    def _generation(self) -> str:
        found: Any = self._redis.get(self._names.current)
        if found is None:
            raise ViewAwayError("the view is being built")
        return str(found)


def _customer(key: CustomerKey, known: Mapping[str, dict[str, str]], complete_until: int) -> ViewedCustomer:
    newest = max(known.values(), key=lambda row: int(row["offset"]))
    partition = int(newest["partition"])
    survivor = next((row["merged_into"] for row in known.values() if "merged_into" in row), None)
    merged = {} if survivor is None else {"merged_into": survivor}
    pictures = {domain: _decode(row["data"]) for domain, row in known.items()}
    picture = {"key": str(key), **key._asdict(), "partition": partition, **merged, **pictures}
    return ViewedCustomer(picture, partition, int(newest["offset"]), complete_until)
