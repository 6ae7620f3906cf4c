"""axe-core finds no violation, in any view, in both schemes, on a desk and on a phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pages import fits, small_print, violations
from playwright.sync_api import Browser, Page, expect
from runs import open_run

SPIRALS: dict[str, Any] = {"dataset": {"name": "spirals"}}
LINE: dict[str, Any] = {
    "dataset": {"name": "csv", "text": "x,y\n" + "\n".join(f"{x},{x * x}" for x in range(-20, 20)), "target": "y", "targets": "numbers"},
    "batch_size": 8,
}


def bring_csv(shown: Page) -> None:
    shown.get_by_role("button", name="New run").click()
    form = shown.locator("dialog")
    form.get_by_label("Dataset").select_option("csv")
    form.locator("#form-layers").click()
    content = b'a,b,price,kind\n1,2,"1,200",x\n2,oops,3,y\n3,,4,x\n4,5,6,y\n'
    form.locator("#form-dataset-text").set_input_files({"name": "own.csv", "mimeType": "text/csv", "buffer": content})
    form.locator(".csv__problems").wait_for()
    form.get_by_role("button", name="Read as decimals").wait_for()
    form.evaluate("form => form.querySelectorAll('details').forEach((fold) => { fold.open = true })")


# how each is entered: a script, or what a person does
VIEWS: dict[str, str | Callable[[Page], None]] = {
    "lens": "() => {}",
    "gate": "() => document.querySelector('#tab-gate').click()",
    "agreement": "() => document.querySelector('#tab-agreement').click()",
    "proof": "() => document.querySelector('#tab-proof').click()",
    "cell": "() => document.querySelectorAll('.overview .link')[1]?.click()",
    "health": "() => document.querySelector('#tab-health').click()",
    "curves": "() => document.querySelector('#tab-curves').click()",
    "batch": "() => document.querySelector('#tab-batch').click()",
    "boundary": "() => document.querySelector('#tab-boundary').click()",
    "pictures": "() => document.querySelector('#tab-pictures').click()",
    "phase": "() => document.querySelectorAll('.phases__phase')[6].click()",
    "form": "() => [...document.querySelectorAll('button')].find((b) => b.textContent === 'New run').click()",
    "csv in the form": bring_csv,
    "help": "() => [...document.querySelectorAll('button')].find((b) => b.textContent === 'Help').click()",
}


@pytest.fixture(params=[("light", 1440), ("dark", 1440), ("light", 390)], ids=lambda p: f"{p[0]}-{p[1]}")
def shown(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    page.goto(server)
    page.wait_for_selector('.heatmap[data-tensor="dW"] canvas')
    page.evaluate("document.fonts.ready.then(() => true)")
    yield page
    context.close()


def test_every_view_is_for_everyone(shown: Page) -> None:
    size = shown.viewport_size or {"width": 0, "height": 0}
    for width in (size["width"], 640, 680):  # as it is, and at 200 % of a small screen
        shown.set_viewport_size({"width": width, "height": 360})
        fits(shown)
    shown.set_viewport_size({"width": size["width"], "height": size["height"]})
    found = {}
    for view, enter in VIEWS.items():
        if isinstance(enter, str):
            shown.evaluate(enter)
        else:
            enter(shown)
        expect(shown.locator(".brought")).to_have_count(0)
        shown.wait_for_timeout(150)  # a dialog comes to rest
        # what is around the tabs is the same with every tab
        within = ".tabs" if isinstance(enter, str) and "#tab-" in enter else None
        found |= {f"{view}: {rule}": places for rule, places in violations(shown, within).items()}
        if isinstance(shown.viewport_size, dict) and shown.viewport_size["width"] > 1000:
            found |= {f"{view}: small {text}": [f"{size:.2f} px"] for text, size in small_print(shown).items()}
        shown.keyboard.press("Escape")
        expect(shown.locator("dialog")).to_have_count(0)  # a moment later: a click before would reach what is on its way out
    for config in (SPIRALS, LINE):
        open_run(shown, config, "boundary")
        shown.locator(".plane__frame").wait_for()
        found |= {f"{config['dataset']['name']}: {rule}": places for rule, places in violations(shown, ".tabs").items()}
        fits(shown)
    assert found == {}
