"""Runs of a test's own, opened on the page."""

from playwright.sync_api import Page

# of the step that is looked at
ASK = """async (path) => {
    const id = new URLSearchParams(location.search).get("session")
    return await (await fetch(`/api/v1/sessions/${id}/steps/${document.querySelector(".transport__step strong").textContent}${path}`)).json()
}"""

# a step that was under way when play was paused is taken all the same
UNTIL_TAKEN = """async () => {
    const { isTaking } = await import("/static/step_actions.js")
    for (let n = 0; n < 500 && isTaking(); n++) await new Promise((resolve) => setTimeout(resolve, 20))
}"""

MAKE = """async ([config, count]) => {
    const call = async (path, body, key) => (await fetch("/api/v1" + path, {
        method: "POST", headers: { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) }, body: JSON.stringify(body),
    })).json()
    const made = await call("/sessions", config)
    localStorage.setItem(`backscope-key-${made.id}`, made.edit_key)
    for (let n = 0; n < count; n++) await call(`/sessions/${made.id}/steps`, {}, made.edit_key)
    return made.id
}"""


def open_run(page: Page, config: dict[str, object], tab: str, count: int = 1) -> None:
    """The page on a new run after `count` steps, with a tab open."""
    id = page.evaluate(MAKE, [config, count])
    page.goto(f"{page.url.partition('?')[0]}?session={id}")
    page.wait_for_selector('.heatmap[data-tensor="dW"] canvas')
    page.locator(f"#tab-{tab}").click()
