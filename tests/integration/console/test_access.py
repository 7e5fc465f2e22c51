"""Who may see the console, and what is kept back from whoever looks over a shoulder."""

import pytest
from playwright.sync_api import Browser, expect

from tests.chromium.browser import Window, opened
from tests.helpers.pages import Pages
from tests.integration.console.site import TABS, TOKEN, Site, find, open_tab, unlock

pytestmark = pytest.mark.slow


def test_without_the_right_token_nothing_is_shown(site: Site, browser: Browser) -> None:
    with opened(browser) as window:
        page = window.page
        page.goto(f"{site.url}/#/customers/{site.key}")
        page.get_by_role("textbox", name="Token").fill("another")
        page.get_by_role("button", name="Use it").click()
        expect(page.get_by_text("refuses the token")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("main")).to_contain_text("Without the token the worker shows nothing.")
        expect(page.get_by_role("tab")).to_have_count(0)


def test_the_token_stays_in_its_tab_and_goes_out_as_a_header_alone(site: Site, browser: Browser) -> None:
    with opened(browser) as window:
        page = window.page
        sent: list[tuple[str, str | None]] = []
        page.on("request", lambda request: sent.append((request.url, request.headers.get("authorization"))))
        unlock(page, site)
        find(page, site)
        [asked] = [shown for url, shown in sent if "/v1/customers/" in url]
        assert asked == f"Bearer {TOKEN}"
        assert not [url for url, _ in sent if TOKEN in url]
        assert page.evaluate("Object.values(localStorage)") == []
        assert page.context.cookies() == []
        page.get_by_role("button", name="Forget token").click()
        assert TOKEN not in page.evaluate("Object.values(sessionStorage)")
        expect(page.get_by_role("tab")).to_have_count(0)


def test_a_customers_id_is_masked_until_somebody_asks_for_it(window: Window, site: Site) -> None:
    page = window.page
    page.goto(f"{site.url}/#/customers/{site.key}")
    expect(page.get_by_role("tab", name="Balances")).to_be_visible()
    for tab in TABS:
        open_tab(page, tab)
        assert site.customer_id not in page.locator("main").inner_html()
    assert site.customer_id not in page.url + page.title()
    page.get_by_role("button", name="Show id").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(site.key)
    page.get_by_role("button", name="Mask id").click()
    assert site.customer_id not in page.locator("main").inner_html()


def test_a_script_that_is_not_the_consoles_does_not_run(window: Window) -> None:
    ran = window.page.evaluate(
        """() => {
            const script = document.createElement("script");
            try { script.text = "window.ran = true"; } catch (refused) { return refused.name; }
            document.head.append(script);
            return window.ran;
        }"""
    )
    assert ran == "TypeError"  # no text becomes a script at all
    assert any("TrustedScript" in complaint for complaint in window.complaints)
    window.complaints.clear()


def test_a_file_of_the_console_is_sent_again_only_where_it_is_another(site: Site) -> None:
    pages = Pages(site.worker.http_port)
    page, script = pages.get("/"), pages.get("/console/console.js")
    assert (page.status, script.status, script.headers["Content-Type"]) == (200, 200, "text/javascript; charset=utf-8")
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    again = pages.get("/console/console.js", **{"If-None-Match": script.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert pages.get("/console/console.js", **{"If-None-Match": page.headers["ETag"]}).status == 200
    assert pages.get("/console/..%2Fconsole.py").status == 404
