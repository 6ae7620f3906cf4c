"""The inspector: where a number came from, walked on to the loss, per example, what it leads to, and the proof of it."""

import math
import re
from typing import Any

import numpy as np
from pages import copied, shows, watched
from playwright.sync_api import BrowserContext, Page, expect

ASK = """async (path) => {
    const id = new URLSearchParams(location.search).get("session")
    return await (await fetch(`/api/v1/sessions/${id}/steps/${document.querySelector(".transport__step strong").textContent}${path}`)).json()
}"""


def choose(lens: Page, tensor: str, layer: int, row: int, col: int) -> None:
    """Goes to a cell by its address, as a link does."""
    base = lens.url.partition("&")[0]
    lens.goto(f"{base}&cell={tensor}.{layer}.{row}.{col}")
    expect(lens.locator(".cell-card__exact")).not_to_be_empty()


def largest(lens: Page, layer: int) -> tuple[int, int]:
    """Where dW of a layer has its largest number: there no unit is dead."""
    values = np.abs(lens.evaluate(ASK, f"?include=dW&layers={layer}")["layers"][0]["dW"]["values"])
    row, col = np.unravel_index(values.argmax(), values.shape)
    return int(row), int(col)


def numbers(lens: Page, selector: str) -> list[float]:
    return [
        float(text.replace("−", "-").replace("×10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
        for text in lens.locator(selector).all_inner_texts()
    ]


def test_the_terms_are_those_of_the_api_and_the_equation_ends_in_the_number(lens: Page) -> None:
    choose(lens, "dW", 2, 4, 7)
    told = lens.evaluate(ASK, "/explain?tensor=dW&layer=2&row=4&col=7&order=magnitude&limit=10")
    expect(lens.locator(".term")).to_have_count(10)
    for shown, term in zip(numbers(lens, ".term__product"), told["terms"], strict=True):
        assert math.isclose(shown, term["product"], rel_tol=1e-2, abs_tol=1e-12)
    result = float(lens.locator(".explained .explained__result").inner_text().removeprefix("= ").replace("−", "-"))
    assert math.isclose(result, told["value"], rel_tol=1e-3)
    assert lens.locator(".explained .katex").count() >= 2
    assert lens.locator(".katex-error").count() == 0
    # a number of the equation is a door to its cell
    first = min(told["terms"][:2], key=lambda term: term["position"])["factors"][0]
    lens.locator(".explained [data-doors] .slot").first.click()
    expect(lens).to_have_url(
        re.compile(rf"cell={first['tensor']}\.{first['layer']}\.{first['row']}\.{first['col']}&trail=dW\.2\.4\.7(&|$)")
    )
    lens.go_back()
    expect(lens.locator(".term")).to_have_count(10)
    lens.get_by_role("button", name="Show 22 more").click()
    expect(lens.locator(".term")).to_have_count(32)
    assert lens.locator(".terms__rest").count() == 0
    expect(lens.locator(".terms__axis")).not_to_contain_text("% of sum")  # which is 0 here: there are no shares of it
    lens.get_by_role("button", name="in order").click()
    expect(lens.locator(".term__example").first).to_have_attribute("aria-label", re.compile("^Example 0:"))


def test_a_path_of_blame_leads_from_a_weight_to_the_loss_and_back(lens: Page) -> None:
    choose(lens, "dW", 1, *largest(lens, 1))
    walked = ["dW"]
    for tensor, layer in (("dZ", 1), ("dA", 1), ("dZ", 2), ("A", 2), ("Z", 2)):
        door = lens.locator(".explained .factor.link").filter(has_text=re.compile(rf"{tensor}\s*\[{layer}\]")).first
        if tensor == "Z":
            door = lens.locator(".explained .factor.link").first
        door.click()
        expect(lens.locator(".cell-card__name")).to_contain_text(re.compile(rf"^\s*{tensor}"))
        walked.append(tensor)
        expect(lens.locator(".trail__cell")).to_have_count(len(walked))
        expect(lens.locator(f'.heatmap[data-tensor="{tensor}"][data-layer="{layer}"] [data-mark="cell"]')).to_have_count(1)
    assert lens.locator('.heatmap [data-mark="trail"]').count() >= 4
    # Back is one cell back, also after a reload, and on a step further on
    count = len(walked)
    lens.go_back()
    expect(lens.locator(".trail__cell")).to_have_count(count - 1)
    expect(lens.locator(".cell-card__name")).to_contain_text(re.compile(rf"^\s*{walked[-2]}"))
    lens.reload()
    expect(lens.locator(".trail__cell")).to_have_count(count - 1)
    lens.go_forward()
    expect(lens.locator(".trail__cell")).to_have_count(count)
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    lens.go_back()
    expect(lens.locator(".trail__cell")).to_have_count(count - 1)
    expect(lens.locator(".transport__step strong")).to_have_text("1")
    lens.locator(".trail__cell").nth(1).click()
    expect(lens.locator(".trail__cell")).to_have_count(2)
    expect(lens.locator(".cell-card__name")).to_contain_text("dZ")


def test_the_loss_is_explained_by_its_examples_and_each_by_its_targets(lens: Page) -> None:
    lens.get_by_role("button", name="Where the loss came from").click()
    told = lens.evaluate(ASK, "/explain?tensor=loss")
    assert float(lens.locator(".cell-card__exact").inner_text()) == told["value"]
    lens.locator(".explained .factor.link").first.click()
    expect(lens.locator(".cell-card__words")).to_contain_text("The loss of example")
    lens.locator(".explained .factor.link").filter(has_text="Y").first.click()
    expect(lens.locator(".explained")).to_contain_text("It is given")
    # a sum that is told whole stays in its order, however its terms change from step to step
    choose(lens, "A", 2, 4, 7)
    expect(lens.locator(".term__who")).to_have_text([re.compile(rf"= {row}$") for row in range(10)])
    expect(lens.get_by_role("button", name="in order")).to_have_attribute("aria-pressed", "true")


def test_numbers_change_in_place_and_nothing_is_typeset_again(lens: Page) -> None:
    row, col = largest(lens, 2)
    choose(lens, "dW", 2, row, col)
    lens.locator(".phases__phase").nth(7).click()  # dW2
    result = lens.locator(".phase-note .explained__result")
    before = result.inner_text()
    # the nodes themselves are marked: after a step they must be the same ones
    lens.evaluate("document.querySelectorAll('.phase-note .slot').forEach((node) => { node.wasThere = node.textContent })")
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    expect(result).not_to_have_text(before)
    kept, changed = lens.evaluate("""() => {
        const slots = [...document.querySelectorAll(".phase-note .slot")]
        return [slots.every((node) => node.wasThere !== undefined), slots.some((node) => node.wasThere !== node.textContent)]
    }""")
    assert kept
    assert changed


def test_every_phase_shows_its_equation_with_the_numbers_of_its_cell(lens: Page) -> None:
    count = lens.locator(".phases__phase").count()
    for position in range(1, count):
        lens.locator(".phases__phase").nth(position).click()
        expect(lens.locator(".phase-note__whole .katex")).to_be_visible()
        expect(lens.locator(".phase-note .explained__result")).to_be_visible()
        lens.get_by_role("button", name="Open the number").click()
        exact = float(lens.locator(".cell-card__exact").inner_text())
        text = lens.locator(".phase-note .explained__result").inner_text().removeprefix("= ").replace("−", "-")
        text = re.sub(r"×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "e" + m[1].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")), text)
        assert math.isclose(float(text), exact, rel_tol=1e-3, abs_tol=1e-12), position
        if "∂" not in text and lens.locator(".phase-note__whole").inner_text().count("×"):
            assert lens.locator(".phase-note__whole").inner_text().count("×") >= 2  # the shape under each factor
    assert lens.locator(".katex-error").count() == 0


def test_one_example_alone_on_the_whole_page_and_back(lens: Page, server: str) -> None:
    choose(lens, "dW", 2, 4, 7)
    lens.locator(".term__example").first.click()
    expect(lens.locator(".alone")).to_be_visible()
    example = int(re.search(r"Example (\d+)", lens.locator(".alone").inner_text())[1])
    shows(lens, f"example={example}")
    batch = lens.evaluate(ASK, "?include=A,dZ,dW")
    alone = lens.evaluate(ASK, f"?include=dW&example={example}")
    expect(lens.locator('.heatmap[data-tensor="A"][data-layer="1"] .heatmap__shape')).to_have_text("32×1")
    own = batch["layers"][2]["dZ"]["values"][4][example] * batch["layers"][1]["A"]["values"][7][example]
    assert math.isclose(float(lens.locator(".cell-card__exact").inner_text()), own, rel_tol=1e-12)
    np.testing.assert_allclose(alone["layers"][2]["dW"]["values"][4][7], own, rtol=1e-12)
    lens.reload()
    expect(lens.locator(".alone")).to_contain_text(f"Example {example} alone")
    told = lens.locator(".transport__numbers")  # of it, and named so
    expect(told).to_contain_text(f"loss of example {example}")
    expect(told).to_contain_text(re.compile(rf"example {example}(right|wrong)test accuracy"))
    lens.get_by_role("button", name="Whole batch").click()
    expect(lens.locator(".alone")).to_have_count(0)
    expect(lens.locator('.heatmap[data-tensor="A"][data-layer="1"] .heatmap__shape')).to_have_text("32×32")
    lens.get_by_role("tab", name="Batch").click()
    lens.locator(".example").nth(3).click()
    expect(lens.locator(".alone")).to_contain_text("Example 3 alone")
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    expect(lens.locator(".alone")).to_have_count(0)


# Pauses of 60 ms, as the inspector makes before it asks, end when an example alone is there, before the page has let go of what was drawn
LATE = """
const held = (window.held = new Map()), [set, clear] = [window.setTimeout, window.clearTimeout]
window.setTimeout = (act, wait, ...rest) => {
  const id = set(wait === 60 ? () => held.set(id, act) : act, wait, ...rest)
  return id
}
window.clearTimeout = (id) => void (held.delete(id), clear(id))
new MutationObserver(() => {
  if (!document.querySelector(".alone")) return
  held.forEach((act) => act())
  held.clear()
}).observe(document, { childList: true, subtree: true })
"""


def test_what_is_asked_late_is_asked_about_what_was_drawn(context: BrowserContext, server: str) -> None:
    with watched(context, server) as page:
        page.add_init_script(LATE)
        page.goto(server)
        shows(page, "step=1")
        choose(page, "dW", 2, 4, 7)
        page.get_by_role("tab", name="Batch").click()
        page.locator(".example").nth(4).hover()
        while page.evaluate("window.held.size") == 0:  # it has been pointed at for longer than the pause
            page.wait_for_timeout(20)
        with page.expect_request(re.compile("/explain[?].*col=4")) as asked:
            page.locator(".example").nth(4).click()
        assert "example=" not in asked.value.url  # of one example alone there is no such cell
        expect(page.locator(".alone")).to_contain_text("Example 4 alone")


def test_a_gradient_is_proven_beside_its_number(lens: Page) -> None:
    choose(lens, "dW", 2, 4, 7)
    lens.get_by_role("button", name="Check by difference").click()
    expect(lens.locator('.verdict[data-outcome="agrees"]')).to_be_visible()
    mean, total = numbers(lens, ".proof-of-cell__numbers td:nth-child(2)")
    assert math.isclose(total, 32 * mean, rel_tol=1e-5)
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    expect(lens.locator(".verdict")).to_have_count(0)  # it was about another step


def test_what_a_weight_leads_to_adds_up_to_its_gradient(lens: Page) -> None:
    row, col = largest(lens, 2)
    choose(lens, "W", 2, row, col)
    lens.locator(".paths summary").click()
    expect(lens.locator(".path__units").first).to_have_text(f"output {row}")  # beside the example's class
    told = lens.evaluate(ASK, f"/paths?tensor=W&layer=2&row={row}&col={col}&limit=5")
    for shown, path in zip(numbers(lens, ".path__head strong"), told["paths"], strict=True):
        assert math.isclose(shown, path["product"], rel_tol=1e-2)
    assert math.isclose(sum(path["product"] for path in told["paths"]) + told["rest"], told["gradient"], rel_tol=1e-9)
    choose(lens, "dW", 2, row, col)
    expect(lens.locator(".terms__axis")).to_contain_text("% of sum")
    expect(lens.locator(".term__share").first).to_have_text(re.compile(r"^−?[\d.]+ % of the sum$"))


def test_copied_numpy_computes_the_number_on_the_page(lens: Page) -> None:
    lens.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(lens, "dW", 2, 4, 7)
    script = copied(lens, lens.locator(".cell-card__actions").get_by_role("button", name="Copy as NumPy"))
    names: dict[str, Any] = {"print": lambda *_, **__: None}
    exec(script, names)
    assert names["dW2"][4, 7] == float(lens.locator(".cell-card__exact").inner_text())
