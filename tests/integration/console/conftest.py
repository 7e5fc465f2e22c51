"""Give each test of the console a window, on a worker that all of them share."""

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from loyalty_stream.ops.topic_plan import load_topics
from loyalty_stream.ops.topics import apply, connect
from loyalty_stream.simulate import SimulationOptions, make_simulation
from loyalty_stream.simulate.publish import PublishOptions, publish
from tests.chromium.browser import Window, opened, running
from tests.chromium.find import ChromiumProgram
from tests.integration.console.site import EVENTS, PARTITIONS, TOKEN, Site, unlock
from tests.kafka.client import unique, wait_until
from tests.kafka.worker import Worker

CUSTOMERS = 60
"""Few, so that much happens to each."""


@pytest.fixture(scope="package")
def site(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    app_id = unique("console")
    prefix = f"{app_id}."
    apply(connect({"bootstrap.servers": broker}), load_topics(prefix, app_id, PARTITIONS))
    options = SimulationOptions(events=EVENTS, customers=CUSTOMERS)
    options = SimulationOptions(
        events=EVENTS, customers=CUSTOMERS, start_ms=int(time.time() * 1000) - options.span_ms_max
    )
    simulation = make_simulation(options)
    raw_topic = f"{prefix}raw.capillary"
    publish(
        ((raw_topic, record) for record in simulation.records()),
        PublishOptions(bootstrap_servers=broker, topics=(raw_topic,)),
    )
    worker = Worker(
        tmp_path_factory.mktemp(app_id), broker, app_id, topic_prefix=prefix, partitions=PARTITIONS, http_token=TOKEN
    )
    worker.start()
    try:
        worker.wait_ready()
        site = Site(broker, raw_topic, worker, f"http://127.0.0.1:{worker.http_port}", "")
        assert wait_until(lambda: site.pages.json("/v1/pipeline")["throughput"]["events_total"] == EVENTS, 60)
        keys = {key for key, _program_id, _currency in simulation.answer.accounts}
        yield site._replace(key=max(keys, key=lambda key: _known_of(site._replace(key=key))))
    finally:
        worker.kill()


def _known_of(site: Site) -> int:
    return len(json.dumps(site.customer()))


# Of a module: as long as it runs, no other test of this process may run an event loop of its own.
@pytest.fixture(scope="module")
def browser(chromium: ChromiumProgram) -> Iterator[Browser]:
    with running(chromium) as browser:
        yield browser


@pytest.fixture
def window(site: Site, browser: Browser) -> Iterator[Window]:
    """A window that has the token; whatever it complains of fails the test."""
    with opened(browser) as window:
        unlock(window.page, site)
        window.complaints.clear()  # of the page that was refused before
        yield window
        assert window.complaints == []
