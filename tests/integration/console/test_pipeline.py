"""What the console shows of the pipeline is what is committed, at once, and nothing of any record."""

import json
import time
from http.client import HTTPConnection

import pytest
from playwright.sync_api import expect

from loyalty_stream.ops.web.pipeline import LIVE_MAX
from tests.chromium.browser import Window
from tests.integration.console.site import PARTITIONS, TOKEN, Site, number
from tests.kafka.client import Record, produce, wait_until

STOP_SECONDS_MAX = 15

pytestmark = pytest.mark.slow


def test_the_identity_adds_up_before_the_readers_eyes(window: Window, site: Site) -> None:
    page = window.page
    page.get_by_role("link", name="Pipeline").click()
    expect(page.get_by_text("✓ It adds up")).to_be_visible()
    told = site.pages.json("/v1/pipeline")["identity"]
    consumed, *ended = [number(text) for text in page.locator(".equation .figure:visible").all_inner_texts()]
    assert consumed == sum(ended) == told["consumed"]


def test_what_happens_is_seen_at_once_and_a_dead_letter_shows_its_reason_and_nothing_else(
    window: Window, site: Site
) -> None:
    page = window.page
    page.get_by_role("link", name="Pipeline").click()
    consumed = page.locator(".equation .figure").first
    expect(page.get_by_text("✓ It adds up")).to_be_visible()
    before = number(consumed.inner_text())
    bad = b'{"eventName": "pointsBlessed", "orgId": 9300, "data": {"mobile": "4915112345678"}}'
    produce(site.broker, site.raw_topic, [Record(b"somebody", bad, partition=0)])
    newest = page.get_by_role("region", name="Latest dead letters").locator("tbody tr").first
    expect(newest).to_contain_text("unknown event")
    expect(newest).to_contain_text("capillary")
    expect(consumed).to_have_text(f"{before + 1:,}")
    told = json.dumps(site.pages.json("/v1/pipeline"))
    for secret in ("somebody", "4915112345678", "pointsBlessed"):
        assert secret not in page.content() + told


def test_each_topic_opens_to_its_partitions_which_add_up(window: Window, site: Site) -> None:
    page = window.page
    page.get_by_role("link", name="Pipeline").click()
    topic = page.get_by_role("button", name=site.raw_topic)
    topic.click()
    expect(topic).to_have_attribute("aria-expanded", "true")
    inner = page.locator("tr.inner:visible")
    expect(inner).to_have_count(PARTITIONS)
    whole = page.locator("tr", has=topic).locator("td").first.inner_text()
    assert number(whole) == sum(number(inner.nth(at).locator("td").first.inner_text()) for at in range(PARTITIONS))


def test_who_asks_for_the_head_of_the_stream_alone_is_not_kept_waiting(site: Site) -> None:
    reader = HTTPConnection("127.0.0.1", site.worker.http_port, timeout=10)
    reader.request("HEAD", "/v1/live", headers={"Authorization": f"Bearer {TOKEN}"})
    answer = reader.getresponse()
    assert (answer.status, answer.getheader("Content-Type"), answer.read()) == (200, "text/event-stream", b"")
    reader.request("HEAD", "/v1/live")
    assert reader.getresponse().status == 401
    reader.close()


def test_only_so_many_read_the_stream_at_a_time_and_those_who_go_make_room(site: Site) -> None:
    readers: list[HTTPConnection] = []
    try:
        for _ in range(LIVE_MAX):
            assert wait_until(lambda: reads(site, readers), 20)  # those of the tests before may still be going
        refused = site.pages.get("/v1/live")
        assert (refused.status, refused.json["title"]) == (503, "Too many readers")
        readers.pop().close()
        assert wait_until(lambda: reads(site, readers), 20)
    finally:
        for reader in readers:
            reader.close()


def reads(site: Site, readers: list[HTTPConnection]) -> bool:
    """Begin to read the stream, and tell whether that was allowed."""
    reader = HTTPConnection("127.0.0.1", site.worker.http_port, timeout=10)
    reader.request("GET", "/v1/live", headers={"Authorization": f"Bearer {TOKEN}"})
    if reader.getresponse().readline() != b"event: pipeline\n":
        reader.close()
        return False
    readers.append(reader)
    return True


def test_a_reader_of_the_stream_does_not_hold_up_the_workers_end_and_goes_on_with_the_next(
    window: Window, site: Site
) -> None:
    page = window.page
    page.get_by_role("link", name="Pipeline").click()
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    began = time.monotonic()
    assert site.worker.stop() == 0
    assert time.monotonic() - began < STOP_SECONDS_MAX
    expect(page.get_by_text("not live:")).to_be_visible()
    site.worker.start()
    expect(page.get_by_text("live", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("ready", exact=True)).to_be_visible()
    expect(page.get_by_text("✓ It adds up")).to_be_visible()
    window.complaints.clear()  # of the worker that was not there
