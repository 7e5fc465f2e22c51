"""The pages of a real worker, behind its token, on the traffic of all vendors."""

import json
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from loyalty_stream.simulate import SimulationOptions
from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.dialects import SIMULATIONS
from loyalty_stream.simulate.traffic import mixed
from tests.delivery.stream import Stream, StreamWorker

EVENTS: Final = 4_000
TOKEN: Final = "correct-horse"  # noqa: S105
DOMAINS: Final = {"points", "tiers", "coupons", "streaks", "promotions", "customers", "rewards", "partners"}


class Page(NamedTuple):
    """What a worker answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        return json.loads(self.body)


class Site(NamedTuple):
    """A worker that has processed all of its traffic, and whom it knows."""

    worker: StreamWorker
    answer: Answer
    keys: list[str]

    def get(self, path: str, *, token: str | None = TOKEN, headers: Mapping[str, str] | None = None) -> Page:
        connection = HTTPConnection("127.0.0.1", self.worker.http_port, timeout=30)
        shown = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            connection.request("GET", path, headers={**shown, **(headers or {})})
            response = connection.getresponse()
            return Page(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def json(self, path: str) -> Any:  # noqa: ANN401 - a JSON document
        page = self.get(path)
        assert page.status == 200, (path, page)
        return page.json

    def of(self, key: str, page: str = "") -> Any:  # noqa: ANN401 - a JSON document
        return self.json(f"/v1/customers/{quote(key, safe=':')}{page}")


@pytest.fixture(scope="module")
def site(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    stream = Stream(broker, tmp_path_factory.mktemp("http"), dialects=tuple(SIMULATIONS))
    try:
        worker = stream.worker(http_token=TOKEN)
        draft = SimulationOptions(events=EVENTS, customers=200, merge_share=0.01, transfer_share=0.03, seed=5)
        options = SimulationOptions(
            **{**{name: getattr(draft, name) for name in draft.__slots__}, "start_ms": now_ms() - draft.span_ms_max}
        )
        traffic = mixed(options)
        stream.publish_mixed(traffic.records())
        stream.wait_done(EVENTS)
        keys = sorted({key for key, *_ in traffic.answer.accounts})
        yield Site(worker, traffic.answer, keys)
    finally:
        stream.close()


def now_ms() -> int:
    return int(time.time() * 1000)


@pytest.fixture(scope="module")
def pictures(site: Site) -> list[Any]:
    return [site.of(key) for key in site.keys]


@pytest.mark.parametrize("token", [None, "", "correct", "correct-horse-2"])
def test_nothing_below_v1_is_told_without_the_token(site: Site, token: str | None) -> None:
    for path in ("customers/capillary:1:1", f"customers/{site.keys[0]}/journal", "%63ustomers/capillary:1:1", "none"):
        page = site.get(f"/v1/{path}", token=token)
        assert (page.status, page.json["status"]) == (401, 401)
        assert page.headers["WWW-Authenticate"] == "Bearer"
        assert page.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
def test_what_operators_need_is_open(site: Site, path: str) -> None:
    assert site.get(path, token=None).status == 200


def test_no_token_is_logged(site: Site) -> None:
    site.get(f"/v1/customers/{site.keys[0]}", token=f"{TOKEN}-2")
    assert "correct-horse" not in site.worker.log_text


def test_a_picture_that_is_known_already_is_not_sent_again(site: Site) -> None:
    path = f"/v1/customers/{site.keys[0]}"
    first = site.get(path)
    again = site.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert site.get(path, headers={"If-None-Match": '"other"'}).status == 200


def test_a_seq_that_is_there_is_not_waited_for(site: Site, pictures: list[Any]) -> None:
    seq = pictures[0]["points"]["seq"]
    assert site.of(site.keys[0], f"?min_seq=points:{seq}") == pictures[0] | {"served": site.of(site.keys[0])["served"]}
    late = site.get(f"/v1/customers/{site.keys[0]}?min_seq=points:{seq + 1}")
    assert (late.status, late.json["reached"]) == (504, {"points": seq})


@pytest.mark.parametrize(
    "query",
    [
        "?min_seq=points",
        "?min_seq=wallets:1",
        "/journal?limit=0",
        "/journal?before=x",
        "/journal?domain=x",
        "/balance?as_of=2026-01-01T00:00:00",
        "/balance",
        "/balance?as_of=2026-01-01T00:00:00Z&basis=x",
        "/explain?programme=1",
    ],
)
def test_a_wrong_parameter_is_named(site: Site, query: str) -> None:
    page = site.get(f"/v1/customers/{site.keys[0]}{query}")
    assert (page.status, page.json["title"]) == (400, "Wrong parameter")


def test_a_journal_has_every_event_of_a_customer_once_page_by_page(site: Site, pictures: list[Any]) -> None:
    busiest = max(pictures, key=lambda picture: sum(picture[name]["seq"] for name in DOMAINS if name in picture))
    entries, pages, path = [], 0, f"/v1/customers/{busiest['key']}/journal?limit=7"
    cursor: str | None = ""
    while cursor is not None:
        page = site.json(f"{path}&before={cursor}" if cursor else path)
        assert page["complete"]
        entries += page["entries"]
        cursor, pages = page["next"], pages + 1
    assert pages > 2
    for name in DOMAINS & busiest.keys():
        seqs = [entry["seq"] for entry in entries if entry["domain"] == name]
        assert seqs == list(range(busiest[name]["seq"], 0, -1))
    assert len({entry["id"] for entry in entries}) == len(entries)
    of_points = [entry for entry in entries if entry["domain"] == "points"]
    assert site.of(busiest["key"], "/journal?limit=1000&domain=points")["entries"] == of_points


def test_every_balance_is_explained_from_its_opening_to_now(site: Site, pictures: list[Any]) -> None:
    explained = 0
    for picture in pictures:
        told = site.of(picture["key"], "/explain")
        assert told["complete"]
        assert len(told["accounts"]) == len(picture["points"]["accounts"])
        for account in told["accounts"]:
            held = dict.fromkeys(("active", "pending", "lifetime"), Decimal(0))
            for step in account["steps"]:
                if step["delta"] is not None:
                    held = {name: held[name] + Decimal(step["delta"][name]) for name in held}
                    assert {name: Decimal(step["balance"][name]) for name in held} == held
                    explained += 1
            assert account["agrees"]
            assert {name: Decimal(account["now"][name]) for name in held} == held
    assert explained > len(pictures)


def test_a_merge_is_followed_from_both_sides(site: Site, pictures: list[Any]) -> None:
    merged = [picture for picture in pictures if picture.get("customers", {}).get("merged_customer_ids")]
    assert merged
    for picture in merged:
        told = site.of(picture["key"], "/explain")
        ids = picture["customers"]["merged_customer_ids"]
        assert {each["key"].split(":", 2)[2] for each in told["merged"]} == set(ids)
        for each in told["merged"]:
            assert each["complete"]
            assert all(set(account["steps"][-1]["balance"].values()) == {"0"} for account in each["accounts"])
            assert followed(site, each["key"]) == picture["key"]
        steps = [step for account in told["accounts"] for step in account["steps"] if step["reason"] == "merged_in"]
        assert all(any(note.startswith("merged in: ") for note in step["notes"]) for step in steps)


def followed(site: Site, key: str) -> str:
    """Return whose all of a merged customer is by now."""
    while (survivor := site.of(key, "/explain")["merged_into"]) is not None:
        key = survivor
    return key


@pytest.mark.parametrize("basis", ["occurred", "observed"])
def test_the_balance_as_of_now_is_the_tables(site: Site, pictures: list[Any], basis: str) -> None:
    picture = max(pictures, key=lambda picture: picture["points"]["seq"])
    told = site.of(picture["key"], f"/balance?as_of=2100-01-01T00:00:00Z&basis={basis}")
    assert (told["complete"], told["basis"]) == (True, basis)
    names = ("program_id", "currency", "active", "pending", "lifetime")
    wanted = [{name: account[name] for name in names} for account in picture["points"]["accounts"]]
    assert sorted(told["accounts"], key=str) == sorted(wanted, key=str)
    assert site.of(picture["key"], f"/balance?as_of=2001-01-01T00:00:00Z&basis={basis}")["accounts"] == []


def test_every_documented_page_answers_as_the_document_says(site: Site, pictures: list[Any]) -> None:
    told = site.get("/openapi.json", token=None).json
    OpenAPIV31SpecValidator(told).validate()
    asked = {
        "/v1/customers/{key}/balance": "?as_of=2100-01-01T00:00:00Z",
    }
    for path, item in told["paths"].items():
        for picture in pictures[:3] if "{key}" in path else pictures[:1]:
            page = site.get(path.format(key=picture["key"]) + asked.get(path, ""))
            response = item["get"]["responses"][str(page.status)]
            [(media_type, body)] = response["content"].items()
            assert (page.status, page.headers["Content-Type"].partition(";")[0]) == (200, media_type)
            if media_type == "application/json":
                schema = {**body["schema"], "components": told["components"]}
                OAS31Validator(schema).validate(page.json)
    problem = site.get("/v1/customers/capillary:1:1")
    assert str(problem.status) in told["paths"]["/v1/customers/{key}"]["get"]["responses"]
    OAS31Validator(told["components"]["schemas"]["Problem"]).validate(problem.json)
