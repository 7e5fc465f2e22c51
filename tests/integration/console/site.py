"""The worker whose console is looked at, and what every visitor of it does."""

from typing import Any, Final, NamedTuple

from playwright.sync_api import Page, expect

from tests.helpers.pages import Pages
from tests.kafka.worker import Worker

EVENTS: Final = 3_000
PARTITIONS: Final = 2
TOKEN: Final = "of-these-tests"  # noqa: S105 - opens nothing else
TABS: Final = ("Balances", "Explained", "Journal", "Tiers", "Coupons", "Streaks", "Promotions", "Other")


class Site(NamedTuple):
    """A worker that has worked through simulated traffic, and a customer of whom much is known."""

    broker: str
    raw_topic: str
    worker: Worker
    url: str
    key: str

    @property
    def customer_id(self) -> str:
        return self.key.split(":", 2)[2]

    @property
    def pages(self) -> Pages:
        return Pages(self.worker.http_port, TOKEN)

    def customer(self) -> Any:  # noqa: ANN401 - a JSON document
        return self.pages.of(self.key)


def unlock(page: Page, site: Site) -> None:
    """Open the console and give it the token."""
    page.goto(f"{site.url}/#/pipeline")
    page.get_by_role("textbox", name="Token").fill(TOKEN)
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_text("live", exact=True)).to_be_visible()


def search(page: Page, key: str) -> None:
    page.get_by_role("searchbox").fill(key)
    page.get_by_role("searchbox").press("Enter")


def find(page: Page, site: Site) -> None:
    search(page, site.key)
    expect(page.get_by_role("tab", name="Balances")).to_be_visible()


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    wait_read(page)


def wait_read(page: Page) -> None:
    """Wait until the open tab shows what it asks the worker for."""
    expect(page.locator("[role=tabpanel]:not([hidden]) [aria-busy]")).to_have_count(0, timeout=20_000)


def shown(amount: str) -> str:
    """An amount as the page writes it."""
    whole, dot, rest = amount.lstrip("-").partition(".")
    return ("−" if amount.startswith("-") else "") + f"{int(whole):,}" + dot + rest  # noqa: RUF001


def number(text: str) -> int:
    return int(text.replace(",", ""))
