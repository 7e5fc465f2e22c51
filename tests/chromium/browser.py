"""Drive a real Chromium, and note whatever a page complains of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium.find import ChromiumProgram

_WAIT_MS_MAX = 20_000
_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


class Window:
    """One page in a session of its own; `complaints` holds errors of scripts, of loading and of the content policy."""

    def __init__(self, page: Page) -> None:
        page.set_default_timeout(_WAIT_MS_MAX)
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def faults(self) -> list[str]:
        """Return what axe-core finds wrong for those who see, hear or move otherwise, one line for each element."""
        found: dict[str, Any] = Axe().run(self.page, options=_RULES).response
        return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return width

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)


@contextmanager
def running(program: ChromiumProgram) -> Iterator[Browser]:
    """Run Chromium without a screen for as long as the context is open."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program.path, env=dict(program.env), args=["--headless=new", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, *, width: int = 1180, height: int = 800, dark: bool = False) -> Iterator[Window]:
    """Open a window of a new session."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="en-GB"
    )
    try:
        yield Window(context.new_page())
    finally:
        context.close()
