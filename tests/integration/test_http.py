"""The pages of a real worker, behind its token, on the traffic of all vendors."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any, Final, NamedTuple

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from loyalty_stream.simulate import SimulationOptions
from loyalty_stream.simulate.dialects import SIMULATIONS
from loyalty_stream.simulate.traffic import mixed
from tests.delivery.stream import Stream, StreamWorker
from tests.helpers.pages import Pages

EVENTS: Final = 4_000
TOKEN: Final = "correct-horse"  # noqa: S105
QUESTIONS: Final = 10_000
QUESTIONS_PER_SECOND_MIN: Final = 200
DOMAINS: Final = {"points", "tiers", "coupons", "streaks", "promotions", "customers", "rewards", "partners"}


class Site(NamedTuple):
    """A worker that has processed all of its traffic, and whom it knows."""

    worker: StreamWorker
    keys: list[str]

    @property
    def pages(self) -> Pages:
        return Pages(self.worker.http_port, TOKEN)


@pytest.fixture(scope="module")
def site(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    stream = Stream(broker, tmp_path_factory.mktemp("http"), dialects=tuple(SIMULATIONS))
    try:
        worker = stream.worker(http_token=TOKEN)
        draft = SimulationOptions(events=EVENTS, customers=200, merge_share=0.01, transfer_share=0.03, seed=5)
        options = replace(draft, start_ms=int(time.time() * 1000) - mixed(draft).span_ms_max)
        traffic = mixed(options)
        stream.publish_mixed(traffic.records())
        stream.wait_done(EVENTS)
        keys = sorted({key for key, *_ in traffic.answer.accounts})
        yield Site(worker, keys)
    finally:
        stream.close()


@pytest.fixture(scope="module")
def pictures(site: Site) -> list[Any]:
    return [site.pages.of(key) for key in site.keys]


@pytest.mark.parametrize("token", [None, "", "correct", "correct-horse-2"])
def test_nothing_below_v1_is_told_without_the_token(site: Site, token: str | None) -> None:
    for path in ("customers/capillary:1:1", f"customers/{site.keys[0]}/journal", "%63ustomers/capillary:1:1", "none"):
        page = Pages(site.worker.http_port, token).get(f"/v1/{path}")
        assert (page.status, page.json["status"]) == (401, 401)
        assert page.headers["WWW-Authenticate"] == "Bearer"
        assert page.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz?probe=kubelet"])
def test_what_operators_need_is_open(site: Site, path: str) -> None:
    assert Pages(site.worker.http_port).get(path).status == 200


def test_no_token_is_logged(site: Site) -> None:
    Pages(site.worker.http_port, f"{TOKEN}-2").get(f"/v1/customers/{site.keys[0]}")
    assert "correct-horse" not in site.worker.log_text


def test_a_picture_that_is_known_already_is_not_sent_again(site: Site) -> None:
    path = f"/v1/customers/{site.keys[0]}"
    first = site.pages.get(path)
    again = site.pages.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert site.pages.get(path, **{"If-None-Match": '"other"'}).status == 200


def test_a_seq_that_is_there_is_not_waited_for(site: Site, pictures: list[Any]) -> None:
    seq = pictures[0]["points"]["seq"]
    assert site.pages.of(site.keys[0], f"?min_seq=points:{seq}") == pictures[0] | {
        "served": site.pages.of(site.keys[0])["served"]
    }
    late = site.pages.get(f"/v1/customers/{site.keys[0]}?min_seq=points:{seq + 1}")
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
    page = site.pages.get(f"/v1/customers/{site.keys[0]}{query}")
    assert (page.status, page.json["title"]) == (400, "Wrong parameter")


def test_a_journal_has_every_event_of_a_customer_once_page_by_page(site: Site, pictures: list[Any]) -> None:
    busiest = max(pictures, key=lambda picture: sum(picture[name]["seq"] for name in DOMAINS if name in picture))
    entries, pages, path = [], 0, f"/v1/customers/{busiest['key']}/journal?limit=7"
    cursor: str | None = ""
    while cursor is not None:
        page = site.pages.json(f"{path}&before={cursor}" if cursor else path)
        assert page["complete"]
        entries += page["entries"]
        cursor, pages = page["next"], pages + 1
    assert pages > 2
    for name in DOMAINS & busiest.keys():
        seqs = [entry["seq"] for entry in entries if entry["domain"] == name]
        assert seqs == list(range(busiest[name]["seq"], 0, -1))
    assert len({entry["id"] for entry in entries}) == len(entries)
    of_points = [entry for entry in entries if entry["domain"] == "points"]
    assert site.pages.of(busiest["key"], "/journal?limit=1000&domain=points")["entries"] == of_points


def test_every_balance_is_explained_from_its_opening_to_now(site: Site, pictures: list[Any]) -> None:
    explained = 0
    for picture in pictures:
        told = site.pages.of(picture["key"], "/explain")
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
        told = site.pages.of(picture["key"], "/explain")
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
    while (survivor := site.pages.of(key, "/explain")["merged_into"]) is not None:
        key = survivor
    return key


@pytest.mark.parametrize("basis", ["occurred", "observed"])
def test_the_balance_as_of_now_is_the_tables(site: Site, pictures: list[Any], basis: str) -> None:
    picture = max(pictures, key=lambda picture: picture["points"]["seq"])
    told = site.pages.of(picture["key"], f"/balance?as_of=2100-01-01T00:00:00Z&basis={basis}")
    assert (told["complete"], told["basis"]) == (True, basis)
    names = ("program_id", "currency", "active", "pending", "lifetime")
    wanted = [{name: account[name] for name in names} for account in picture["points"]["accounts"]]
    assert sorted(told["accounts"], key=str) == sorted(wanted, key=str)
    assert site.pages.of(picture["key"], f"/balance?as_of=2001-01-01T00:00:00Z&basis={basis}")["accounts"] == []


def test_every_documented_page_answers_as_the_document_says(site: Site, pictures: list[Any]) -> None:
    told = Pages(site.worker.http_port).get("/openapi.json").json
    OpenAPIV31SpecValidator(told).validate()
    asked = {
        "/v1/customers/{key}/balance": "?as_of=2100-01-01T00:00:00Z",
    }
    for path, item in told["paths"].items():
        if path == "/v1/live":
            continue  # it does not end: the console's tests read it
        for picture in pictures[:3] if "{key}" in path else pictures[:1]:
            program = ":".join((picture["vendor"], picture["org_id"], picture["points"]["accounts"][0]["program_id"]))
            page = site.pages.get(path.format(key=picture["key"], program=program) + asked.get(path, ""))
            response = item["get"]["responses"][str(page.status)]
            [(media_type, body)] = response["content"].items()
            assert (page.status, page.headers["Content-Type"].partition(";")[0]) == (200, media_type)
            if media_type == "application/json":
                schema = {**body["schema"], "components": told["components"]}
                OAS31Validator(schema).validate(page.json)
    problem = site.pages.get("/v1/customers/capillary:1:1")
    assert str(problem.status) in told["paths"]["/v1/customers/{key}"]["get"]["responses"]
    OAS31Validator(told["components"]["schemas"]["Problem"]).validate(problem.json)


def test_the_command_tells_the_same_from_the_worker_and_from_kafka(site: Site, pictures: list[Any]) -> None:
    merged = next(picture for picture in pictures if picture.get("customers", {}).get("merged_customer_ids"))
    busiest = max(pictures, key=lambda picture: picture["points"]["seq"])
    for picture in (merged, busiest):
        told = site.pages.of(picture["key"], "/explain")
        for option in ("--from-topics", f"--url=http://127.0.0.1:{site.worker.http_port}"):
            done = command(site, "explain", picture["key"], option, "--json")
            assert (done.returncode, json.loads(done.stdout)) == (0, told)
    steps = [step for account in told["accounts"] for step in account["steps"]]
    shown = command(site, "explain", busiest["key"]).stdout
    assert all(step["what"] in shown for step in steps)
    assert "as the steps say" in shown


def test_the_command_follows_a_merged_customer_and_reads_kafka_where_no_worker_answers(
    site: Site, pictures: list[Any]
) -> None:
    survivor = next(picture for picture in pictures if picture.get("customers", {}).get("merged_customer_ids"))
    victim = survivor["customers"]["merged_customer_ids"][-1]
    key = survivor["key"].replace(survivor["customer_id"], victim)
    done = command(site, "explain", key, LOYALTY_HTTP_PORT="1")
    assert done.returncode == 0
    assert "reading Kafka, since no worker answers" in done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == [key, f"merged into {survivor['key']}, who has all of it now"]
    assert survivor["key"] in lines[2:]
    nobody = command(site, "explain", "capillary:1:1")
    assert (nobody.returncode, "nothing is known of capillary:1:1" in nobody.stderr) == (1, True)
    refused = command(site, "explain", key, LOYALTY_HTTP_TOKEN="other")  # noqa: S106
    assert (refused.returncode, "wants a token" in refused.stderr) == (1, True)


def command(site: Site, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "loyalty_stream", "state", *words],
        env={**site.worker._env, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.long
def test_one_worker_answers_hundreds_of_questions_a_second(
    site: Site, record_property: Callable[[str, object], None]
) -> None:
    connection = HTTPConnection("127.0.0.1", site.worker.http_port, timeout=10)
    before, begun, seconds = _cpu_seconds(site), time.monotonic(), []
    for number in range(QUESTIONS):
        asked = time.monotonic()
        path = f"/v1/customers/{site.keys[number % len(site.keys)]}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (200, True)
        seconds.append(time.monotonic() - asked)
    took, cpu_seconds = time.monotonic() - begun, _cpu_seconds(site) - before
    connection.close()
    seconds.sort()
    rate = QUESTIONS / took
    record_property("requests_per_second", round(rate))
    record_property("latency_ms_p50", round(seconds[QUESTIONS // 2] * 1000, 2))
    record_property("latency_ms_p99", round(seconds[QUESTIONS * 99 // 100] * 1000, 2))
    record_property("cpu_us_per_request", round(cpu_seconds / QUESTIONS * 1e6))
    assert rate > QUESTIONS_PER_SECOND_MIN


def _cpu_seconds(site: Site) -> float:
    return float(site.worker.metrics()["process_cpu_seconds_total"])
