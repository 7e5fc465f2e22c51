"""What the console shows of programmes is what the worker says, to the last digit."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.chromium.browser import Window
from tests.integration.console.site import Site, number, shown

pytestmark = pytest.mark.slow


def test_every_programme_is_listed_with_what_is_outstanding(window: Window, site: Site) -> None:
    page = window.page
    page.get_by_role("link", name="Programmes").click()
    listed = site.pages.json("/v1/programs")["programs"]
    right = [
        [
            purse["currency"],
            shown(purse["active"]),
            shown(purse["pending"]),
            "–" if purse["value"] is None else shown(purse["value"]["active"]),  # noqa: RUF001
            f"{purse['accounts']:,}",
            f"{each['members']:,}",
        ]
        for each in listed
        for purse in points_first(each["currencies"])
    ]
    rows = page.get_by_role("region", name="Programmes").locator("tbody tr")
    expect(rows).to_have_count(len(right))
    assert [rows.nth(at).locator("td").all_inner_texts() for at in range(len(right))] == right
    assert any(value != "–" for _, _, _, value, *_ in right)  # noqa: RUF001
    expect(page.get_by_text("of all 2 partitions · from the table")).to_be_visible()


def test_a_programme_tells_what_moved_its_points_and_that_adds_up(window: Window, site: Site) -> None:
    page = window.page
    for name in programs(site):
        told = opened(page, site, name)
        for purse in told["currencies"]:
            part = page.get_by_role("region", name=f"Currency {purse['currency']}", exact=True)
            expect(part.get_by_text("✓ It adds up")).to_be_visible()
            for title in ("active", "pending", "lifetime", "issued", "redeemed"):
                assert figure(part, title.capitalize()) == shown(purse[title])
            assert figure(part, "Expired (breakage)") == shown(purse["expired"])
            assert figure(part, "Accounts") == f"{purse['accounts']:,}"
            drifts = f"{purse['drifting_accounts']} not as the vendor says"
            expect(part.get_by_text(drifts if purse["drifting_accounts"] else "all as the vendor says")).to_be_visible()
            rows = part.get_by_role("region", name="What moved active").locator("tbody tr")
            expect(rows).to_have_count(len(purse["moved"]))
            changes = [text.replace("+", "") for text in rows.locator("td").all_inner_texts()]
            assert changes == [shown(amount) for amount in purse["moved"].values()]
        tiers = page.get_by_role("region", name="Members by tier").locator("tbody tr")
        expect(tiers).to_have_count(len(told["tiers"]))
        assert [number(text) for text in tiers.locator("td").all_inner_texts()] == [*told["tiers"].values()]


def test_a_programme_tells_what_expires_soon_and_in_which_month(window: Window, site: Site) -> None:
    page = window.page
    [name, *_] = programs(site)
    [purse, *_] = points_first(opened(page, site, name)["currencies"])
    part, expiring = page.get_by_role("region", name=f"Currency {purse['currency']}", exact=True), purse["expiring"]
    assert figure(part, "Overdue") == shown(expiring["overdue"])
    for days in (7, 30, 90):
        assert figure(part, f"Within {days} days") == shown(expiring[f"within_{days}_days"])
    chart = part.get_by_role("img", name=re.compile("will expire"))
    part.get_by_text("The chart as a table").click()
    months = part.get_by_role("region", name="What expires in each month").locator("tbody tr")
    expect(chart.locator("rect")).to_have_count(months.count())
    drawn = [text for text in months.locator("td").all_inner_texts() if text != "0"]
    first = [*([expiring["overdue"]] if expiring["overdue"] != "0" else []), *expiring["by_month"].values()]
    assert drawn[:6] == [shown(amount) for amount in first][:6]


def test_a_part_is_said_to_be_one(window: Window, site: Site) -> None:
    page, note = window.page, "Totals are of this worker's partitions only: add up what all workers answer."
    part = {"partitions": {"held": [1], "of": 2}, "complete": False, "note": note}
    page.route("**/v1/programs", lambda route: route.fulfill(json={**site.pages.json("/v1/programs"), **part}))
    page.get_by_role("link", name="Programmes").click()
    expect(page.get_by_text("of 1 of 2 partitions (1) · from the table")).to_be_visible()
    expect(page.get_by_text(note)).to_be_visible()


def test_a_programme_that_is_not_known_is_said_to_be_so(window: Window, site: Site) -> None:
    page = window.page
    page.goto(f"{site.url}/#/programs/capillary:1:1")
    expect(page.get_by_role("heading", name="Unknown programme")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Every record accounted for")).to_be_visible()
    window.complaints.clear()  # of the answer 404


def programs(site: Site) -> list[str]:
    return [each["program"] for each in site.pages.json("/v1/programs")["programs"]]


def points_first(purses: list[Any]) -> list[Any]:
    return sorted(purses, key=lambda purse: bool(purse["currency"] != "points"))


def owed(site: Site, name: str) -> Any:  # noqa: ANN401 - a JSON document
    return site.pages.json(f"/v1/programs/{name}/liability")


def opened(page: Page, site: Site, name: str) -> Any:  # noqa: ANN401 - a JSON document
    """Open a programme from the list, and return what the worker says of it."""
    page.get_by_role("link", name="Programmes").click()
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Programme {name}")
    return owed(site, name)


def figure(part: Any, title: str) -> str:  # noqa: ANN401 - playwright's locator
    """Return the figure below a title."""
    text: str = (
        part.locator("dl.figures > div")
        .filter(has=part.page.get_by_text(title, exact=True))
        .locator(".figure")
        .inner_text()
    )
    return text
