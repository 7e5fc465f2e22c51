"""What the console shows of a customer is what the worker says, to the last digit."""

import re

import pytest
from playwright.sync_api import expect

from tests.chromium.browser import Window
from tests.integration.console.site import Site, find, open_tab, search, shown

pytestmark = pytest.mark.slow


def test_amounts_stay_exact_however_long_they_are(window: Window) -> None:
    told = window.page.evaluate(
        """async () => {
            const { shown, change, sum } = await import("/console/amounts.js");
            return [
                shown("123456789012345.123456789"), shown("-1000"), shown("0.5"), change("1000000"), change("-0"),
                sum(["0.1", "0.2"]), sum(["999999999999999.999999999", "0.000000001"]), sum(["-1.5", "1"]), sum([]),
            ];
        }"""
    )
    assert told[:5] == ["123,456,789,012,345.123456789", "−1,000", "0.5", "+1,000,000", ""]  # noqa: RUF001
    assert told[5:] == ["0.3", "1000000000000000", "-0.5", "0"]


def test_the_balances_are_those_of_the_table_and_the_lots_add_up_to_them(window: Window, site: Site) -> None:
    page = window.page
    find(page, site)
    accounts = site.customer()["points"]["accounts"]
    rows = page.get_by_role("region", name="Accounts").locator("tbody tr")
    expect(rows).to_have_count(len(accounts))
    for at, account in enumerate(accounts):
        cells = rows.nth(at).locator("td").all_inner_texts()
        assert cells[:3] == [shown(account[field]) for field in ("active", "pending", "lifetime")]
        rows.nth(at).get_by_role("button").click()
        lots = page.get_by_role("region", name="Lots of")
        if account["lots"]:
            expect(lots.locator("tbody tr")).to_have_count(len(account["lots"]))
            expect(page.get_by_text(f"{len(account['lots'])}, together {shown(account['active'])}")).to_be_visible()


def test_the_chart_says_in_words_and_as_a_table_what_it_draws(window: Window, site: Site) -> None:
    page = window.page
    find(page, site)
    accounts = site.customer()["points"]["accounts"]
    at, account = next((at, each) for at, each in enumerate(accounts) if any(lot["expires_on"] for lot in each["lots"]))
    page.get_by_role("region", name="Accounts").get_by_role("button").nth(at).click()
    chart = page.get_by_role("img", name=re.compile("expire"))
    expect(chart).to_be_visible()
    page.get_by_text("The chart as a table").click()
    months = page.get_by_role("region", name="What expires in each month").locator("tbody tr")
    expect(chart.locator("rect")).to_have_count(months.count())
    dated = {lot["expires_on"][:7] for lot in account["lots"] if lot["expires_on"]}
    drawn = [row for row in months.all_inner_texts() if not re.search(r"\t0$", row)]
    assert len(drawn) >= min(len(dated), 12)


def test_what_else_is_known_has_a_tab_with_as_many_entries(window: Window, site: Site) -> None:
    page, customer = window.page, site.customer()
    find(page, site)
    for tab, known in (("Tiers", "memberships"), ("Coupons", "coupons")):
        open_tab(page, tab)
        rows = page.get_by_role("region", name=tab).locator("tbody tr")
        expect(rows).to_have_count(len(customer[tab.lower()][known]))
    open_tab(page, "Streaks")
    assert page.locator("[role=tabpanel]:not([hidden]) tbody tr").count() == sum(
        len(customer["streaks"][known]) for known in ("streaks", "targets", "badges")
    )


def test_each_step_leads_to_the_balance_and_names_its_cause(window: Window, site: Site) -> None:
    page = window.page
    find(page, site)
    open_tab(page, "Explained")
    explained = site.pages.of(site.key, "/explain")
    choice = page.get_by_role("combobox", name="Account")
    for at, account in enumerate(explained["accounts"]):
        choice.select_option(index=at)
        expect(page.get_by_text("✓ The steps lead to the balance in the table")).to_be_visible()
        steps = page.locator(".steps > ol > li")
        expect(steps).to_have_count(len(account["steps"]))
        newest = account["steps"][-1]
        expect(steps.first).to_contain_text(newest["what"])
    page.get_by_role("button", name="Oldest first").click()
    oldest = account["steps"][0]
    expect(steps.first).to_contain_text(oldest["what"])
    steps.first.locator("summary").click()
    cause = oldest["cause"]
    expect(steps.first).to_contain_text(f"{cause['topic']} {cause['partition']}:{cause['offset']}")


def test_the_journal_has_every_event_page_by_page(window: Window, site: Site) -> None:
    page = window.page
    find(page, site)
    open_tab(page, "Journal")
    known = sum(part["seq"] for part in site.customer().values() if isinstance(part, dict) and "seq" in part)
    entries = page.locator(".entries > li")
    more = page.get_by_role("button", name="Older events")
    while more.count():
        before = entries.count()
        more.click()
        expect(entries.nth(before)).to_be_attached()
    expect(page.get_by_text("That is all, back to the first event.")).to_be_visible()
    assert entries.count() == known
    page.get_by_role("combobox", name="Events of").select_option("tiers")
    expect(entries).to_have_count(site.customer()["tiers"]["seq"])


def test_a_customer_who_is_not_known_is_said_to_be_so(window: Window) -> None:
    search(window.page, "capillary:1:1")
    expect(window.page.get_by_role("heading", name="Unknown customer")).to_be_visible()
    search(window.page, "no key")
    expect(window.page.get_by_role("heading", name="Malformed key")).to_be_visible()
    window.complaints.clear()  # of the answers 404 and 400


def test_back_leads_to_the_customer_before(window: Window, site: Site) -> None:
    page = window.page
    find(page, site)
    page.get_by_role("link", name="Pipeline").click()
    expect(page.get_by_role("heading", name="Every record accounted for")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("tab", name="Balances")).to_be_visible()
