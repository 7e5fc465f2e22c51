"""The console is for everybody: by keyboard, by ear, in either colours, on a small screen."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium.browser import Window, opened
from tests.integration.console.site import TABS, Site, find, open_tab, unlock, wait_read

NARROW = 360

pytestmark = pytest.mark.slow


def test_all_of_it_can_be_done_by_keyboard(window: Window, site: Site) -> None:
    page = window.page
    page.keyboard.press("/")
    page.keyboard.type(site.key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Balances")).to_be_visible()
    press_until(page, "Tab", lambda: focused(page, "[role=tab]"))
    expect(page.get_by_role("tab", name="Balances")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Explained")).to_be_focused()
    expect(page.get_by_role("tab", name="Explained")).to_have_attribute("aria-selected", "true")
    wait_read(page)
    press_until(page, "Tab", lambda: focused(page, "summary"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Caused by").first).to_be_visible()
    press_until(page, "Shift+Tab", lambda: focused(page, "[role=tab]"))
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Other")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Balances")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    press_until(page, "Shift+Tab", lambda: focused(page, "[data-view=programs]"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Programmes")).to_be_visible()
    press_until(page, "Tab", lambda: focused(page, "tbody a"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What moved active points").first).to_be_visible()
    expect(page.locator("main")).to_be_focused()
    press_until(page, "Tab", lambda: focused(page, "summary"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="What expires in each month").first).to_be_visible()


def press_until(page: Page, key: str, is_there: Callable[[], bool]) -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if is_there():
            return
    raise AssertionError(f"60 times {key} do not lead there")


def focused(page: Page, selector: str) -> bool:
    found: bool = page.evaluate("selector => document.activeElement.matches(selector)", selector)
    return found


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.long)], ids=["light", "dark"])
def test_nothing_keeps_people_out_in_either_colours(site: Site, browser: Browser, dark: bool) -> None:  # noqa: FBT001
    with opened(browser, dark=dark) as window:
        page = window.page
        page.goto(site.url)
        assert window.faults() == []
        unlock(page, site)
        expect(page.get_by_text("✓ It adds up")).to_be_visible()
        assert window.faults() == []
        find(page, site)
        for tab in TABS:
            open_tab(page, tab)
            if tab in {"Explained", "Journal"}:
                page.locator("[role=tabpanel]:not([hidden]) summary").first.click()
            assert window.faults() == [], tab
        for _ in see_programs(page):
            assert window.faults() == []


def see_programs(page: Page) -> Iterator[None]:
    """Open the list of programmes, then one."""
    page.get_by_role("link", name="Programmes").click()
    expect(page.get_by_role("heading", name="Programmes")).to_be_visible()
    yield
    page.get_by_role("region", name="Programmes").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What moved active points").first).to_be_visible()
    yield


def test_colours_follow_the_system_until_somebody_chooses(site: Site, browser: Browser) -> None:
    with opened(browser, dark=True) as window:
        page = window.page
        page.goto(site.url)
        dark = background(page)
        page.get_by_role("button", name="Colours: as the system").click()
        light = background(page)
        assert sum(light) > sum(dark)
        page.reload()
        assert background(page) == light
        page.get_by_role("button", name="Colours: light").click()
        assert background(page) == dark
        assert window.complaints == []


def background(page: Page) -> list[int]:
    text: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return [int(part) for part in re.findall(r"\d+", text)]


def test_on_a_narrow_screen_nothing_is_cut_off(site: Site, browser: Browser) -> None:
    with opened(browser, width=NARROW, height=740) as window:
        page = window.page
        unlock(page, site)
        expect(page.get_by_text("✓ It adds up")).to_be_visible()
        assert window.overflow() == 0
        find(page, site)
        for tab in TABS:
            open_tab(page, tab)
            assert window.overflow() == 0, tab
        assert window.faults() == []
        for _ in see_programs(page):
            assert window.overflow() == 0
        assert window.faults() == []
