"""Pages as the tests open them, and what is asked of every one of them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"

DESK: Any = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light", "reduced_motion": "reduce"}


@contextmanager
def watched(context: BrowserContext, server: str) -> Iterator[Page]:
    """A page on which any console error, page error or request to another host is a mistake, told when it is left.

    A test that provokes one takes it out of `page.mistakes`.
    """
    page = context.new_page()
    mistakes: list[str] = []
    # the message of a failed request does not name it, its place does
    page.on(
        "console",
        lambda message: (
            mistakes.append(f"console: {message.text} at {message.location['url']}") if message.type in ("error", "warning") else None
        ),
    )
    page.on("pageerror", lambda error: mistakes.append(f"page error: {error}"))
    page.on(
        "request", lambda request: mistakes.append(f"foreign: {request.url}") if not request.url.startswith((server, "data:")) else None
    )
    page.mistakes = mistakes  # type: ignore[attr-defined]
    yield page
    assert mistakes == [], mistakes


def violations(page: Page, within: str | None = None, rules: list[str] | None = None) -> dict[str, list[str]]:
    """What axe-core finds, by its rule: the first three places. The context has to bypass the page's policy on scripts."""
    if not page.evaluate("Boolean(window.axe)"):
        page.add_script_tag(path=AXE)
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    result = page.evaluate("([within, options]) => axe.run(within ?? document, options)", [within, options])
    return {one["id"]: [f"{node['target']} {node['failureSummary']}"[:300] for node in one["nodes"]][:3] for one in result["violations"]}


def shows(page: Page, part: str) -> None:
    """The address names `part`, such as "cell=W.1.0.0", in the end: it is written a moment after what it is about."""
    expect(page).to_have_url(re.compile(rf"[?&]{re.escape(part)}(&|$)"))


def copied(page: Page, button: Locator) -> str:
    """What a button puts on the clipboard: its own word that it did is gone after two seconds."""
    page.evaluate("navigator.clipboard.writeText('')")
    button.click()
    for _ in range(200):
        if text := page.evaluate("navigator.clipboard.readText()"):
            return str(text)
        page.wait_for_timeout(100)
    raise AssertionError("nothing was copied")


TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth
    && [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => `${one.tagName} ${one.className}`).slice(-3)"""


def fits(page: Page) -> None:
    """Nothing of the page is beyond the right edge of its window, once all is laid out for it: drawings follow a frame later."""
    for _ in range(100):
        if not (wide := page.evaluate(TOO_WIDE)):
            return
        page.wait_for_timeout(30)
    raise AssertionError(f"wider than the window: {wide}")


# Scripts of a typeset formula are as small as its typesetting wants them, and what only ears get has no size
SMALL = """(least) => {
    const small = {}
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text; (text = texts.nextNode()); ) {
        const around = text.parentElement
        if (!text.data.trim() || around.closest(".visually-hidden, .katex, noscript") || !around.checkVisibility()) continue
        const drawing = around instanceof SVGElement ? around.getScreenCTM().a : 1
        const size = parseFloat(getComputedStyle(around).fontSize) * drawing
        if (size < least) small[`${around.tagName} ${around.getAttribute("class")}: ${text.data.trim().slice(0, 30)}`] = size
    }
    return small
}"""


def small_print(page: Page, least: float = 11) -> dict[str, float]:
    """Every text on the page that is smaller than `least` pixels, which a projector does not show."""
    found: dict[str, float] = page.evaluate(SMALL, least - 0.01)
    return found
