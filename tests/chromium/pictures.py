"""Take the pictures of docs/console.md: `make pictures`. They show the demo's events, and what day it was for them."""

import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, expect

from loyalty_stream.ops.demo.producer import EventProducer
from loyalty_stream.ops.demo.stage import DemoWorker, stage
from loyalty_stream.ops.state import WorkerClient
from loyalty_stream.simulate import SimulationOptions, mixed
from tests.chromium.browser import Window, opened, running
from tests.chromium.find import find_chromium

FOLDER: Final = Path(__file__).parents[2] / "docs" / "images"
KEY: Final = "capillary:710002:4100010"
"""A customer of whom much is known; the same seed makes the same ones."""
PROGRAM: Final = "capillary:710001:8100"
OPTIONS: Final = SimulationOptions(events=20_000, customers=400, seed=7, bulk="others")
_WIDTH: Final = 1024
_NARROW: Final = 360
_SHOWN_DAYS: Final = 20
_RATE_PICTURE_AT: Final = 0.6
"""What share of the events has ended when the pipeline is taken: it is to be seen at work."""


def main() -> None:
    """Write the pictures, all from one run."""
    FOLDER.mkdir(exist_ok=True)
    traffic = mixed(OPTIONS)
    with stage(None) as settings, DemoWorker(settings) as worker, running(find_chromium()) as browser:
        client = worker.client()
        with opened(browser, width=_WIDTH, height=720, dark=True) as window:
            window.page.goto(f"{client.url}/#/pipeline")
            with EventProducer(traffic, settings) as producer:
                taken = False
                while producer.settled < traffic.events:
                    producer.settled = _ended(client)
                    if not taken and producer.settled > _RATE_PICTURE_AT * traffic.events:
                        taken = _take(window, "pipeline")
                    time.sleep(0.1)
        with opened(browser, width=_WIDTH, height=800) as window:
            _open(window.page, client.url)
            _take(window, "balances")
        with opened(browser, width=_WIDTH, height=720) as window:
            _open(window.page, client.url)
            _explained(window.page).nth(2).click()
            _take(window, "explained")
        with opened(browser, width=_WIDTH, height=860) as window:
            _open_program(window.page, client.url)
            _take(window, "program")
        with opened(browser, width=_NARROW, height=680, dark=True) as window:
            _open(window.page, client.url)
            _explained(window.page)
            _take(window, "narrow")


def _ended(client: WorkerClient) -> int:
    told: Any = json.loads(client.get("/v1/pipeline")[1])
    events: int = told["throughput"]["events_total"]
    return events


def _set_time(page: Page) -> None:
    page.clock.set_fixed_time(datetime.fromtimestamp(OPTIONS.start_ms / 1000).astimezone() + timedelta(_SHOWN_DAYS))


def _open_program(page: Page, url: str) -> None:
    _set_time(page)
    page.goto(f"{url}/#/programs/{PROGRAM}")
    expect(page.get_by_text("✓ It adds up").first).to_be_visible()


def _open(page: Page, url: str) -> None:
    _set_time(page)
    page.goto(f"{url}/#/customers/{KEY}")
    expect(page.get_by_role("tab", name="Balances")).to_be_visible()


def _explained(page: Page) -> Any:  # noqa: ANN401 - playwright's locator
    page.get_by_role("tab", name="Explained").click()
    steps = page.locator(".steps summary")
    expect(steps.first).to_be_visible(timeout=20_000)
    return steps


def _take(window: Window, name: str) -> bool:
    window.page.screenshot(path=FOLDER / f"console-{name}.png")
    return True


if __name__ == "__main__":
    main()
