"""The page of a customer: what is known of them, from committed rows."""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from xxhash import xxh3_128_hexdigest

from loyalty_stream.domains import DOMAINS
from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.found import Found, Served
from loyalty_stream.ops.web.lookup import Lookup
from loyalty_stream.ops.web.owner import HOP
from loyalty_stream.ops.web.query import seqs
from loyalty_stream.ops.web.site import Page, Parameter, Reply, Site
from loyalty_stream.serving.customer import Json

KEY: Final = Parameter("key", "vendor:org_id:customer_id", {"type": "string"}, "path")
DOMAIN_NAMES: Final = [domain.name for domain in DOMAINS]
UNFOUND: Final = {
    HTTPStatus.BAD_REQUEST: "The key or a parameter is malformed.",
    HTTPStatus.NOT_FOUND: "Nothing is known of this key.",
    HTTPStatus.MISDIRECTED_REQUEST: "The key lies on the partition of another worker, and it is not known which.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The worker restores its tables, or the one that owns the partition does not tell.",
}
_FLAG: Final[Json] = {"const": "1"}
_DOMAIN: Final[Json] = {"type": "object", "properties": {"seq": {"type": "integer"}}, "required": ["seq"]}
_PICTURE: Final[Json] = {
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("key", "vendor", "org_id", "customer_id", "merged_into")},
        "partition": {"type": "integer"},
        "served": Served,
        **dict.fromkeys(DOMAIN_NAMES, _DOMAIN),
    },
    "required": ["key", "vendor", "org_id", "customer_id", "partition", "served"],
    "additionalProperties": False,
}
CUSTOMER: Final = Page(
    "/v1/customers/{key}",
    "What is known of a customer: balances and lots, tiers, coupons, streaks, promotions and more, as last committed",
    {
        HTTPStatus.OK: Reply("What is known. merged_into names who has all of it since a merge.", _PICTURE),
        HTTPStatus.NOT_MODIFIED: Reply("It is as the ETag of If-None-Match says.", None),
    },
    {**UNFOUND, HTTPStatus.GATEWAY_TIMEOUT: "The seq that was asked for did not come in time."},
    (
        KEY,
        Parameter(
            "min_seq",
            "Wait until a domain has published so many events of the customer, 2 seconds at most, as in points:17",
            {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+:[0-9]+$"}},
        ),
        Parameter("If-None-Match", "The ETag of an earlier answer", {"type": "string"}, "header"),
        Parameter(HOP, "Answer from this worker's tables or not at all: 1, from another worker", _FLAG, "header"),
    ),
)


def customer_answer(found: Found) -> Answer:
    """Return a customer's picture with where it is from; its ETag is of what is known, wherever it is from."""
    etag = f'W/"{xxh3_128_hexdigest(msgspec.json.encode(found.picture))}"'
    body = {**found.picture, "served": msgspec.to_builtins(found.served)}
    return Answer(HTTPStatus.OK, body, {"ETag": etag})


def add_customers(site: Site, lookup: Lookup) -> None:
    """Add the page of a customer."""

    @site.page(CUSTOMER)
    async def customer(request: Any, key: str) -> Answer:  # noqa: ANN401 - Faust's requests have no usable types
        seqs_min = seqs(request.query.getall("min_seq", ()), DOMAIN_NAMES)
        found = await lookup.find(key, seqs_min, here_alone=HOP in request.headers)
        if isinstance(found, Answer):
            return found
        answer = customer_answer(found)
        known = {etag.value for etag in request.if_none_match or ()}
        if known & {answer.headers["ETag"][3:-1], "*"}:
            return Answer(HTTPStatus.NOT_MODIFIED, {}, answer.headers)
        return answer
