"""Edits by hand: tried on the step that is looked at, kept, undone, ended, forked with; every number shown is one of the API's."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pages import fits, violations
from playwright.sync_api import Browser, Locator, Page, expect
from runs import ASK, MAKE

SMALL = {"dataset": {"name": "spirals"}, "layer_sizes": [2, 6, 3], "batch_size": 8}
LOG = """async () => (await fetch(`/api/v1/sessions/${new URLSearchParams(location.search).get("session")}/edits`)).json()"""
WHAT_IF = """async ([n, edit]) => {
    const id = new URLSearchParams(location.search).get("session")
    const body = JSON.stringify({ edits: [edit], difference: true })
    return (await fetch(`/api/v1/sessions/${id}/steps/${n}/what_if`, { method: "POST", headers: { "Content-Type": "application/json" }, body })).json()
}"""


def open_at(page: Page, server: str, cell: str, *, count: int = 2, config: dict[str, object] = SMALL) -> None:
    """The page on a run of its own after some steps, with a cell chosen."""
    page.goto(server)
    page.wait_for_selector('.heatmap[data-tensor="dW"] canvas')
    id = page.evaluate(MAKE, [config, count])
    page.goto(f"{server}?session={id}&cell={cell}")
    expect(page.locator(".transport__step strong")).to_have_text(str(count))
    if cell:
        expect(page.locator(".cell-card__exact")).not_to_be_empty()


def choose(page: Page, cell: str) -> None:
    page.goto(re.sub(r"&cell=[^&]*|$", f"&cell={cell}", page.url, count=1))
    expect(page.locator(".cell-card__exact")).not_to_be_empty()


def number(place: Locator) -> float:
    text = place.inner_text().replace("−", "-").replace("×10", "e")
    return float(text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))


def compared(page: Page, position: int = 0) -> dict[str, float]:
    """What a table of before and after says, once the service has answered for what was typed last."""
    expect(page.locator(".what-if")).to_have_attribute("aria-busy", "false")
    table = page.locator(".compared").nth(position)
    return {side: number(table.locator(f'[data-side="{side}"] td')) for side in ("before", "after", "difference")}


def cell_of(told: dict[str, Any], tensor: str, layer: int, row: int, col: int) -> float:
    return float(told["layers"][layer][tensor]["values"][row][col])


def keep(page: Page) -> None:
    page.get_by_role("button", name="Keep from the next batch on").click()
    expect(page.locator(".edit-doors")).to_have_count(0)


def test_a_dragged_weight_shows_before_after_and_difference_as_the_api_has_them(page: Page, server: str) -> None:
    open_at(page, server, "W.2.1.3")
    before = page.evaluate(ASK, "")
    handle = page.locator(".number-field__handle").bounding_box()
    assert handle is not None
    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] + 210, handle["y"] + 10, steps=8)
    page.mouse.up()
    field = page.get_by_role("spinbutton", name="Value")
    expect(page.locator(".what-if")).to_contain_text(f"W[2] at 1, 3 set to {float(field.input_value())}".replace("-", "−"))
    value = float(field.input_value())
    assert not math.isclose(value, cell_of(before, "W", 2, 1, 3))
    told = page.evaluate(WHAT_IF, [2, {"name": "set", "tensor": "W", "layer": 2, "row": 1, "col": 3, "value": value}])
    expect(page.locator(".what-if")).to_have_attribute("aria-busy", "false")
    # the lens shows what changed and dims the rest, in each of the three views
    lit = page.evaluate(
        """() => [...document.querySelectorAll('.heatmap[data-role="changed"]')].map(({ dataset }) => `${dataset.tensor}.${dataset.layer}`)"""
    )
    shown = page.evaluate(
        "() => [...document.querySelectorAll('.heatmap[data-tensor]')].map(({ dataset }) => `${dataset.tensor}.${dataset.layer}`)"
    )
    changed = {f"{one['tensor']}.{one['layer']}" for one in told["changed"]}
    assert set(lit) == changed & set(shown)
    assert "dZ.2" in lit
    assert "A.0" not in lit
    sides = compared(page)
    assert math.isclose(sides["before"], cell_of(before, "W", 2, 1, 3), rel_tol=1e-5)
    assert sides["after"] == value
    # any other cell is compared too
    page.locator("#heatmap-dZ-2").hover(position={"x": 5, "y": 5})
    expect(page.locator(".compared")).to_have_count(2)
    expect(page.locator(".tooltip")).to_contain_text("what if")
    sides = compared(page, 1)
    at = ("dZ", 2, 0, 0)
    assert math.isclose(sides["after"], cell_of(told["trace"], *at), rel_tol=1e-5)
    assert math.isclose(sides["difference"], cell_of({"layers": told["difference"]}, *at), rel_tol=1e-5)
    page.get_by_role("radio", name="After").focus()
    page.keyboard.press("ArrowRight")
    stats = told["difference"][2]["dZ"]["stats"]
    expect(page.locator("#heatmap-dZ-2")).to_have_attribute("aria-label", re.compile("What if, difference: dZ"))
    label = page.locator("#heatmap-dZ-2").get_attribute("aria-label") or ""
    low, high = re.search(r"from (\S+) to (\S+)\.", label).groups()  # type: ignore[union-attr]
    for text, name in ((low, "min"), (high, "max")):
        digits = text.replace("−", "-").replace("×10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        assert math.isclose(float(digits), stats[name], rel_tol=1e-3), name
    expect(page.locator(".explained")).to_have_count(0)
    expect(page.locator(".phases__strip")).to_have_count(0)
    expect(page.locator(".tabs__note")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".what-if")).to_have_count(0)
    expect(page.locator(".explained")).to_have_count(1)
    assert page.evaluate(LOG)["edits"] == []


def test_an_edit_is_kept_undone_and_done_again_and_a_step_taken_with_it_offers_a_fork(page: Page, server: str) -> None:
    open_at(page, server, "A.1.4.0")
    places = """() => [...document.querySelectorAll('.lens__grid .heatmap__cells, .tabs__panel, .edit-buttons')].map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect()
        return [one.id, x, y, width, height]
    })"""
    stood = page.evaluate(places)
    page.get_by_role("button", name="Ablate unit 4 of layer 1").click()
    expect(page.locator(".what-if")).to_contain_text("unit 4 of layer 1 ablated")
    expect(page.locator(".what-if")).to_contain_text("New with it: G[1], D[1].")
    assert page.evaluate(places) == stood  # what is compared does not move
    keep(page)
    chip = page.locator(".standing__edit")
    expect(chip).to_contain_text("unit 4 of layer 1 ablated")
    expect(page.locator(".notices .notice")).to_contain_text("Kept: unit 4 of layer 1 ablated")
    assert page.evaluate(places) == stood  # nor does anything for what is said and what stands
    expect(page.locator(".standing-sign[data-next]")).to_have_count(1)  # the step on the page was taken without it
    page.locator("#heatmap-A-1").focus()
    page.keyboard.press("Control+z")
    expect(chip).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(chip).to_have_count(1)
    assert [entry["action"]["name"] for entry in page.evaluate(LOG)["edits"]] == ["ablate", "undo", "redo"]
    expect(page.get_by_role("button", name="Edits")).to_have_text("Edits 1")  # one edit acts, whatever was undone on the way
    expect(page.get_by_role("button", name="Restore unit 4 of layer 1")).to_be_visible()
    page.get_by_role("button", name="Next batch").click()
    expect(page.locator(".transport__step strong")).to_have_text("3")
    # the step has the mask, its phases are its own, and those of the past stay theirs
    expect(page.locator(".phases__phase").filter(has_text=re.compile("dG"))).to_have_count(1)
    expect(page.locator('.heatmap[data-tensor="A"][data-layer="1"] .heatmap__standing:not([data-next])')).to_have_count(1)
    assert set(page.evaluate(ASK, "?include=A&layers=1")["layers"][0]["A"]["values"][4]) == {0}
    page.get_by_role("button", name="Step back").click()
    expect(page.locator(".transport__step strong")).to_have_text("2")
    expect(page.locator(".phases__phase").filter(has_text=re.compile("dG"))).to_have_count(0)
    expect(page).to_have_url(re.compile("step=2"))
    parent = page.url
    # known beforehand: the server is not asked, and the note goes when one walks on
    why = page.get_by_role("dialog", name="Too late to undo")
    page.locator("#heatmap-A-1").focus()
    page.keyboard.press("Control+z")
    expect(why).to_contain_text("Step 3 was taken with it")
    expect(page.locator(".notices .notice")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(why).to_have_count(0)
    expect(page.locator("#heatmap-A-1")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(why).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator(".transport__step strong")).to_have_text("4")
    expect(why).to_have_count(0)
    # it lies over nothing that is opened after it
    page.get_by_role("button", name="Undo").click()
    page.locator(".edit-buttons").get_by_role("button", name="Edits").click()
    expect(page.get_by_role("heading", name="Edits of this run")).to_be_visible()
    expect(why).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).not_to_be_focused()
    page.locator(".edit-buttons").get_by_role("button", name="Edits").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("dialog", name="Share this run")).to_be_visible()
    expect(why).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    why.get_by_role("button", name="Fork after step 2, without it").click()
    expect(page).not_to_have_url(re.compile(re.escape(parent.partition("&")[0])))
    expect(chip).to_have_count(0)
    expect(page.get_by_role("button", name="Next batch")).to_be_enabled()
    expect(page.locator(".notices .notice")).to_contain_text("without unit 4 of layer 1 ablated")
    # in the parent it stands, until it is ended; the step before it knows nothing of it
    page.goto(parent)
    expect(page.locator(".transport__step strong")).to_have_text("2")
    expect(chip).to_have_count(0)
    page.get_by_role("button", name="Back to the newest step").first.click()
    page.get_by_role("button", name="End: unit 4 of layer 1 ablated").click()
    expect(chip).to_have_count(0)
    page.get_by_role("button", name="Edits").click()
    expect(page.locator(".done__entry").first).to_contain_text("unit 4 of layer 1 ablated no more")
    page.locator(".done__entry").nth(1).get_by_role("button").click()
    expect(page.locator(".transport__step strong")).to_have_text("3")
    # and a fork says beforehand what it would be without, from wherever it begins
    page.get_by_role("button", name="Compare", exact=True).click()
    without = page.locator(".fork__without")
    expect(without).to_contain_text(
        "without 2 edits of this run: after step 2, unit 4 of layer 1 ablated; after step 4, unit 4 of layer 1 ablated no more."
    )
    page.get_by_role("radio", name="from step 3 on").check()
    expect(without).to_have_text("The fork is without an edit of this run: after step 4, unit 4 of layer 1 ablated no more.")


def test_a_frozen_layer_and_a_zeroed_gradient_are_marked_and_left_as_they_are(page: Page, server: str) -> None:
    open_at(page, server, "dW.2.0.0")
    page.get_by_role("button", name="Freeze layer 2").click()
    keep(page)
    # what scaling changes is what the update takes: told beside the gradient, which stays
    page.get_by_role("button", name="Scale dW[2]").click()
    page.get_by_role("spinbutton", name="Factor").fill("5")
    expect(page.locator(".used-gradient")).to_contain_text("stays as the pass makes it")
    made, taken = compared(page), compared(page, 1)
    assert made["difference"] == 0
    assert taken["before"] == made["before"]
    assert math.isclose(taken["after"], 5 * made["before"], rel_tol=1e-5)
    assert math.isclose(taken["difference"], 4 * made["before"], rel_tol=1e-5)
    keep(page)
    page.get_by_role("button", name="Clip dW[2]").click()
    page.get_by_role("spinbutton", name="Max abs").fill("0.001")
    expect(page.locator(".what-if")).to_contain_text("clipped at ±0.001")
    keep(page)
    choose(page, "dA.1.0.0")
    page.get_by_role("button", name="Scale dA[1]").click()
    keep(page)
    page.get_by_role("button", name="Next batch").click()
    expect(page.locator(".transport__step strong")).to_have_text("3")
    expect(page.locator(".standing__edit")).to_have_count(4)
    assert page.locator('.heatmap[data-tensor="dW"][data-layer="2"] .standing-sign').all_inner_texts() == ["×5", "≤0.001"]
    expect(page.locator('.heatmap[data-tensor="dA"][data-layer="1"] .standing-sign')).to_contain_text("×0")
    expect(page.locator(".lens__layer").nth(2).locator(".standing-sign")).to_contain_text("layer 2 frozen")
    layer = page.evaluate(ASK, "?layers=1,2")["layers"]
    assert layer[1]["W"] == layer[1]["W_next"]
    assert not any(map(any, layer[0]["dA"]["values"]))
    page.locator(".phases__phase").last.click()
    expect(page.locator(".phase-note")).to_be_visible()
    # what ends an edit is told by what comes of it; the phase keeps its place, without numbers
    choose(page, "dW.2.0.0")
    expect(page.locator(".phase-note__doors")).to_be_visible()
    page.get_by_role("button", name="Unfreeze layer 2").click()
    expect(page.locator(".edit-part__fields")).to_contain_text("are updated again")
    expect(page.locator(".phase-note[data-tried]")).to_contain_text("As the step was taken")
    expect(page.locator(".phase-note__doors")).to_have_count(0)
    # and is looked at again once the edit is let go of
    page.get_by_role("button", name="Discard").first.click()
    expect(page.locator(".phases__phase").last).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".phase-note__doors")).to_be_visible()


def test_a_fork_takes_the_step_with_the_edit_also_for_who_may_only_look(page: Page, server: str) -> None:
    open_at(page, server, "b.1.2.0")
    parent = page.url
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.locator(".cell-card__exact")).not_to_be_empty()
    field = page.get_by_role("spinbutton", name="Value")
    field.fill("0.75")
    expect(page.locator(".what-if")).to_contain_text("b[1] at 2 set to 0.75")
    expect(page.get_by_role("button", name="Keep from the next batch on")).to_be_disabled()
    told = page.evaluate(WHAT_IF, [2, {"name": "set", "tensor": "b", "layer": 1, "row": 2, "col": 0, "value": 0.75}])
    page.get_by_role("button", name="Fork here, and take step 2 with it").click()
    expect(page.locator(".edit-doors")).to_have_count(0)
    expect(page.locator(".page__run")).not_to_contain_text("read only")
    expect(page).not_to_have_url(re.compile(re.escape(parent.partition("&")[0])))
    taken = page.evaluate(ASK, "")
    assert json.dumps(taken) == json.dumps(told["trace"])
    assert (
        page.evaluate("JSON.parse(localStorage.getItem('backscope-sessions')).find(({ parent }) => parent).change")
        == "b[1] at 2 set to 0.75"
    )
    page.go_back()
    expect(page.locator(".page__run")).to_contain_text("read only")
    assert page.evaluate(LOG)["edits"] == []


def test_the_learning_rate_changes_from_here_on_and_a_refusal_stands_beside_its_field(page: Page, server: str) -> None:
    open_at(page, server, "", count=1)
    page.get_by_role("button", name="Edits").click()
    rate = page.get_by_role("spinbutton", name="Learning rate")
    expect(rate).to_have_value("0.1")
    rate.fill("-1")
    problem = page.locator(".number-field", has=rate).locator(".field__problem")
    expect(problem).to_contain_text("above 0 and at most 10")  # the catalogue says so: the server is not asked
    expect(rate).to_have_value("-1")
    expect(page.locator(".what-if")).to_have_count(0)
    expect(page.get_by_role("button", name="Keep from the next batch on")).to_be_disabled()
    rate.fill("0.5")
    expect(problem).to_have_count(0)
    expect(page.locator(".what-if")).to_contain_text("learning rate 0.5")
    expect(page.get_by_role("button", name="Keep from the next batch on")).to_be_enabled()
    page.reload()  # what is tried stays, as those who watch are shown it
    expect(page.locator(".what-if")).to_contain_text("learning rate 0.5")
    expect(rate).to_have_value("0.5")
    # somebody else edits the run meanwhile: said here, and what was typed stays
    page.evaluate("""async () => {
        const id = new URLSearchParams(location.search).get("session")
        const headers = { "Content-Type": "application/json", Authorization: `Bearer ${localStorage.getItem(`backscope-key-${id}`)}` }
        await fetch(`/api/v1/sessions/${id}/edits`, { method: "POST", headers, body: JSON.stringify({ action: { name: "freeze", layer: 1 } }) })
    }""")
    expect(page.locator(".standing__edit").filter(has_text="frozen")).to_have_count(1)
    expect(rate).to_have_value("0.5")
    keep(page)
    expect(page.locator(".standing__edit").filter(has_text="learning rate 0.5")).to_have_count(1)
    expect(page.locator(".page__run")).to_contain_text("sgd 0.5")
    page.get_by_role("button", name="Next batch").click()
    expect(page.locator(".transport__step strong")).to_have_text("2")
    assert page.evaluate(ASK, "?include=A")["learning_rate"] == 0.5
    page.get_by_role("button", name="End: learning rate 0.5").click()
    expect(page.locator(".standing__edit").filter(has_text="learning rate")).to_have_count(0)
    # an edit by its fields alone
    page.get_by_text("Any edit").click()
    page.get_by_label("What", exact=True).select_option("set_input")
    expect(page.locator(".number-field").filter(has_text="the feature")).to_contain_text("the feature; 0 to 1")
    tried = page.get_by_role("button", name="Try it on this step")
    tried.click()
    expect(page.locator(".what-if")).to_contain_text("feature 0 of example 0 set to 0")
    page.get_by_role("spinbutton", name="Row").fill("9")
    # the page knows the shape: the server is not asked
    expect(page.locator(".number-field", has=page.get_by_role("spinbutton", name="Row")).locator(".field__problem")).to_have_text(
        "Row is 9; it must be 0 to 1: the batch is 2 features by 8 examples."
    )
    # a whole parameter begins with the numbers that it has, and what is chosen before it is tried is tried by the button alone
    page.get_by_label("What", exact=True).select_option("set_all")
    values = page.get_by_label("Values")
    expect(values).to_have_value(re.compile(r"^\S+ \S+(\n\S+ \S+){5}$"))
    assert page.get_by_label("Tensor").locator("option").all_inner_texts() == ["W", "b"]
    page.get_by_label("Tensor").select_option("b")
    expect(values).to_have_value(re.compile(r"^\S+(\n\S+){5}$"))
    values.fill("0\t1")
    expect(page.locator(".whole-field .field__problem")).to_have_text(
        "Values has 1 line; it must be 6 lines of 1 number, or one number for all."
    )
    expect(tried).to_be_disabled()
    page.get_by_role("button", name="Present numbers").click()
    tried.click()
    expect(page.locator(".what-if")).to_contain_text("Nothing changes in this step.")
    page.get_by_label("Fill with").fill("0.25")
    page.get_by_role("button", name="Fill", exact=True).click()
    expect(values).to_have_value("\n".join(["0.25"] * 6))
    expect(page.locator(".what-if")).to_contain_text("all of b[1] set to 0.25")
    # a bound that bounds nothing changes nothing, and the page says by how much
    page.get_by_label("What", exact=True).select_option("clip_gradient")
    page.get_by_role("spinbutton", name="Layer").fill("2")  # the other one is frozen
    tried.click()
    expect(page.locator(".what-if")).to_contain_text("Nothing changes in this step: the largest number to clip is 0.")
    # a fork of a run that has not begun takes along what was done to it
    taken = page.evaluate(
        """async (id) => {
            const headers = { "Content-Type": "application/json", Authorization: `Bearer ${localStorage.getItem(`backscope-key-${id}`)}` }
            await fetch(`/api/v1/sessions/${id}/edits`, { method: "POST", headers, body: JSON.stringify({ action: { name: "freeze", layer: 1 } }) })
            const { forkRun } = await import("/static/fork_actions.js")
            const fork = await forkRun(id, 0, {}, { to: 0, signal: new AbortController().signal, onProgress() {} })
            return (await (await fetch(`/api/v1/sessions/${fork.id}/edits`)).json()).standing
        }""",
        page.evaluate(MAKE, [SMALL, 0]),
    )
    assert taken == [{"name": "freeze", "layer": 1, "on": True}]


def test_the_input_of_an_example_that_is_looked_at_alone_is_that_examples_in_the_batch(page: Page, server: str) -> None:
    open_at(page, server, "")
    page.goto(f"{page.url}&example=3")
    expect(page.locator(".alone")).to_be_visible()
    choose(page, "A.0.1.0")
    page.get_by_role("spinbutton", name="Value").fill("0.5")
    expect(page.locator(".what-if")).to_contain_text("feature 1 of example 3 set to 0.5")
    expect(page.locator(".alone")).to_have_count(0)
    before = page.evaluate(ASK, "?include=A&layers=0")
    assert math.isclose(compared(page)["before"], before["layers"][0]["A"]["values"][1][3], rel_tol=1e-5)


def test_the_keyboard_alone_edits_and_keeps(page: Page, server: str) -> None:
    open_at(page, server, "")
    page.locator("#heatmap-W-1").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    field = page.get_by_role("spinbutton", name="Value")
    before = float(field.input_value())
    field.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".what-if")).to_be_visible()
    expect(field).to_be_focused()
    after = float(field.input_value())
    assert after > before
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Keep from the next batch on":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".edit-doors")).to_have_count(0)
    # a number that waits for the next batch stands among what edits do, and goes with it
    chip = page.locator(".standing__edit[data-next]")
    expect(chip).to_contain_text("for step 3, the next")
    assert page.evaluate(LOG)["edits"][0]["action"] == {"name": "set", "tensor": "W", "layer": 1, "row": 1, "col": 0, "value": after}
    page.locator("#tab-curves").click()
    expect(page.locator(".curves__action")).to_contain_text("after 2 · W[1] at 1, 0 set to ")
    assert page.evaluate("sessionStorage.getItem('backscope-draft')") is None  # what was kept is tried no more, also after a reload
    chip.get_by_role("button", name="Take back").press("Enter")
    expect(chip).to_have_count(0)
    expect(page.locator(".curves__action")).to_have_count(0)  # of what was undone nothing is marked


def test_a_change_is_played_forward_then_backward(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="no-preference")
    page = context.new_page()
    open_at(page, server, "W.1.1.1")
    page.evaluate("""() => {
        window.reached = []
        new MutationObserver(() => {
            const now = document.querySelector('.heatmap[data-role="reached"]')?.dataset
            const name = now && `${now.tensor}.${now.layer}`
            if (name && window.reached.at(-1) !== name) window.reached.push(name)
        }).observe(document.querySelector(".lens"), { subtree: true, attributes: true, attributeFilter: ["data-role"] })
    }""")
    # without an answer it can be asked for again
    page.route("**/what_if*", lambda route: route.abort())
    page.get_by_role("spinbutton", name="Value").fill("3")
    doors = page.locator(".edit-doors")
    expect(doors).to_contain_text("does not answer")
    expect(doors.get_by_role("button", name="Keep from the next batch on")).to_be_enabled()
    page.unroute("**/what_if*")
    doors.get_by_role("button", name="Try again").click()
    expect(page.locator(".what-if__play")).to_have_text("Play the change")
    expect(page.locator('.heatmap[data-role="changed"][data-tensor="dA"][data-layer="0"]')).to_have_count(1)
    reached = page.evaluate("window.reached")
    order = ["W.1", "Z.1", "A.1", "Z.2", "A.2", "dZ.2", "dW.2", "dA.1", "dZ.1", "dW.1", "dA.0"]
    assert [name for name in reached if name in order] == order
    context.close()


@pytest.fixture(params=[("light", 1440), ("dark", 1280), ("light", 390)], ids=lambda p: f"{p[0]}-{p[1]}")
def axed(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_while_an_edit_is_tried_and_where_edits_stand(axed: Page, server: str) -> None:
    open_at(axed, server, "dW.2.0.0")
    found: dict[str, list[str]] = {}

    def look(where: str) -> None:
        found.update({f"{where}: {rule}": places for rule, places in violations(axed).items()})
        fits(axed)

    for name in ("Freeze layer 2", "Scale dW[2]"):
        axed.get_by_role("button", name=name).click()
        expect(axed.locator(".what-if")).to_be_visible()
        look(name)
        keep(axed)
    axed.get_by_role("button", name="Edits").click()
    axed.get_by_text("Any edit").click()
    axed.get_by_label("What", exact=True).select_option("set_all")
    look("the run's edits")
    axed.get_by_role("button", name="Next batch").click()
    expect(axed.locator(".transport__step strong")).to_have_text("3")
    axed.get_by_role("button", name="Undo").click()
    look("too late to undo")
    axed.get_by_role("button", name="Compare", exact=True).click()
    axed.get_by_text("Something else").click()
    axed.wait_for_timeout(150)  # the dialog comes to rest
    look("a fork with something else changed")
    assert found == {}
