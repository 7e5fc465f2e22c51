"""Ask the worker that owns a customer's partition, once: it answers from its own tables or refuses."""

import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import SecretStr

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.found import WAIT_SECONDS_MAX, Found, Served, unknown
from loyalty_stream.serving.customer import CustomerKey, Json

HOP: Final = "Loyalty-Hop"
"""The header with which a worker asks another one: whoever gets it asks nobody else."""
_CONNECT_SECONDS_MAX: Final = 1.0
_ANSWER_SECONDS_MAX: Final = 2.0
"""An owner is busy with a batch for some tenths of a second; one that is frozen must not hold up an answer."""
_decode: Final = msgspec.json.Decoder(Json).decode

logger = logging.getLogger(__name__)


class OwnerAwayError(Exception):
    """The owner has not told; the text ends a sentence that begins with it."""


class Owners:
    """Other workers, asked over HTTP with the token that all of them have."""

    def __init__(self, session: Callable[[], ClientSession], token: SecretStr | None) -> None:
        """Take what returns the client; nothing is connected yet."""
        self._session = session
        self._headers = {HOP: "1"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token.get_secret_value()}"
        self._away: set[str] = set()

    async def ask(self, url: str, key: CustomerKey, partition: int, seqs_min: Mapping[str, int]) -> Found | Answer:
        """Return what the worker at a URL tells of a customer of its partition, who may be unknown or late.

        Raises:
            OwnerAwayError: It cannot be reached, does not answer in time, or does not own the partition.

        """
        asked = time.monotonic()
        try:
            status, body = await self._get(url, key, seqs_min)
            told = _told(status, body, key, partition, time.monotonic() - asked)
        except OwnerAwayError as error:
            if url not in self._away:
                logger.warning("partition %s: the worker at %s %s", partition, url, error)
            self._away.add(url)
            raise
        self._away.discard(url)
        return told

    async def _get(self, url: str, key: CustomerKey, seqs_min: Mapping[str, int]) -> tuple[int, bytes]:
        seconds_max = _ANSWER_SECONDS_MAX + (WAIT_SECONDS_MAX if seqs_min else 0)
        try:
            async with self._session().get(
                f"{url.rstrip('/')}/v1/customers/{quote(str(key), safe=':')}",
                params=[("min_seq", f"{domain}:{seq}") for domain, seq in seqs_min.items()],
                headers=self._headers,
                allow_redirects=False,  # only whom the group names is asked, and shown the token
                timeout=ClientTimeout(total=seconds_max, sock_connect=_CONNECT_SECONDS_MAX),
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise OwnerAwayError("does not answer in time") from error
        except (ClientError, OSError, ValueError, RuntimeError) as error:  # the last: our client is closed, as we stop
            raise OwnerAwayError(f"cannot be reached ({type(error).__name__})") from error


def _told(status: int, body: bytes, key: CustomerKey, partition: int, age_seconds: float) -> Found | Answer:
    """Return what an answer tells; it must be that of a worker, and of this partition's owner.

    Raises:
        OwnerAwayError: It is not.

    """
    try:
        told = _decode(body)
        if status == HTTPStatus.OK:
            served = msgspec.convert(told.pop("served", None), Served)
            if (served.by, served.partition, told.get("key")) == ("table", partition, str(key)):
                return Found(told, Served("worker", partition, served.offset, round(age_seconds, 3)))
    except msgspec.MsgspecError as error:
        raise OwnerAwayError(f"answers {status}, and not as a worker does") from error
    if status == HTTPStatus.NOT_FOUND and told.get("partition") == partition:
        return unknown(partition)
    if status == HTTPStatus.GATEWAY_TIMEOUT and "reached" in told:
        return Answer(HTTPStatus.GATEWAY_TIMEOUT, told)
    raise OwnerAwayError(f"answers {status}")
