"""Looking back over a run: scrubber, jump, past, curves, histograms, files."""

import csv
import re
from pathlib import Path

from pages import shows
from playwright.sync_api import Page, expect
from runs import ASK, open_run

MOONS = {"dataset": {"name": "moons"}, "layer_sizes": [2, 6, 4, 2], "batch_size": 8}
DIVERGING = {
    "dataset": {"name": "blobs"},
    "layer_sizes": [2, 3, 3],
    "batch_size": 4,
    "optimizer": {"name": "sgd", "learning_rate": 10, "weight_decay": 10},
}
# whether something stands on the canvas left of each plot, above the numbers of its steps
LABELLED = """boxes => boxes.map((box) => {
    const canvas = box.querySelector("canvas")
    const left = parseFloat(box.querySelector(".u-over").style.left) * devicePixelRatio
    return left >= 40 && canvas.getContext("2d").getImageData(0, 0, left - 4, canvas.height * 0.8).data.some(Boolean)
})"""
HISTORY = """async () => {
    const id = new URLSearchParams(location.search).get("session")
    return await (await fetch(`/api/v1/sessions/${id}/history`)).json()
}"""


def step(page: Page):
    return page.locator(".transport__step strong")


def click_at(page: Page, selector: str, share: float) -> None:
    """A click on a plot, at a share of its width."""
    area = page.locator(selector)
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)


def test_the_past_is_shown_as_it_was_and_says_so(page: Page, server: str) -> None:
    page.goto(server)
    open_run(page, MOONS, "boundary", count=12)
    entries = page.evaluate("history.length")
    expect(step(page)).to_have_text("12")
    expect(page.locator(".past-note")).to_have_count(0)
    expect(page.locator(".plane")).to_be_visible()
    places = """() => ['.transport__phases', '.jump', '.lens__grid', '.tabs__panel', '.plane'].map((name) => {
        const { x, y, width, height } = document.querySelector(name).getBoundingClientRect()
        return [name, x, y + scrollY, width, height]
    })"""
    stood = page.evaluate(places)

    # typed, and refused beside the field
    jump = page.get_by_label("Go to step")
    page.keyboard.press("g")
    expect(jump).to_be_focused()
    for text, words in (("99", "Step 99 was not taken; it must be a whole number from 1 to 12."), ("1.5", "“1.5” is no step")):
        jump.fill(text)
        jump.press("Enter")
        expect(page.locator(".jump__refusal")).to_contain_text(words)
        expect(jump).to_have_value(text)
        note, field, phases = (page.locator(name).bounding_box() for name in (".jump__refusal", ".jump__step", ".phases"))
        assert note["x"] >= field["x"] + field["width"], "what it is about is covered"
        assert note["y"] + note["height"] <= phases["y"] + 6, "the phases are covered"
        assert page.evaluate(places) == stood, "a notice moves what is looked at"
    # let go of, it gives the keyboard back to what had it
    jump.press("Escape")
    expect(page.locator(".jump__refusal")).to_have_count(0)
    expect(jump).not_to_be_focused()
    page.locator("#heatmap-Z-1").focus()
    page.keyboard.press("g")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(step(page)).to_have_text("4")
    expect(page.locator("#heatmap-Z-1")).to_be_focused()

    # the numbers are those of that step, and the page says that it is the past
    told = page.evaluate(HISTORY)
    assert page.evaluate(ASK, "")["loss"] == told["loss"][3]
    loss = page.locator(".transport__numbers dd").first.inner_text().split()[0]
    assert abs(float(loss) - told["loss"][3]) < 1e-3
    note = page.locator(".past-note")
    expect(note).to_contain_text("step 4 of 12, exactly as it was")
    expect(note).to_contain_text("A new batch is taken after step 12")
    expect(page.locator(".transport__past")).to_contain_text("newest is 12")
    assert page.evaluate(places) == stood, "the past moves what is looked at"

    # shift moves by batches, without it the arrows move by phases
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("Shift+ArrowLeft")
    expect(step(page)).to_have_text("3")
    page.keyboard.press("Shift+ArrowRight")
    expect(step(page)).to_have_text("4")
    page.keyboard.press("ArrowRight")
    expect(step(page)).to_have_text("4")
    expect(page.locator(".phases__phase[aria-pressed=true]")).not_to_have_text("whole step")

    # the scrubber: by keyboard, and dragged through many steps, of which the last is shown
    scrubber = page.get_by_label("Step that is looked at, over the loss of the past")
    scrubber.focus()
    scrubber.press("Home")
    expect(step(page)).to_have_text("1")
    box = scrubber.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 10, steps=25)
    aimed = scrubber.input_value()
    expect(page.locator(".scrubber__aim")).to_contain_text(aimed)
    page.mouse.up()
    expect(step(page)).to_have_text(aimed)
    expect(page).to_have_url(re.compile(f"step={aimed}(&|$)"))
    assert page.evaluate("history.length") == entries + 1, "the step that was leapt to is an entry, one that was scrubbed to is none"

    note.get_by_role("button", name="Back to the newest step").click()
    expect(step(page)).to_have_text("12")
    expect(note).to_have_count(0)

    # a batch that is taken from the past comes after the newest step
    page.keyboard.press("Shift+ArrowLeft")
    expect(step(page)).to_have_text("11")
    page.keyboard.press("n")
    expect(step(page)).to_have_text("13")


# twenty steps, with an edit after the fifth
EDITED = """async (config) => {
    const call = async (path, body, key) => {
        const headers = { "Content-Type": "application/json", ...(key ? { Authorization: `Bearer ${key}` } : {}) }
        return (await fetch(`/api/v1/sessions${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json()
    }
    const { id, edit_key } = await call("", config)
    await call(`/${id}/steps`, { count: 5 }, edit_key)
    await call(`/${id}/edits`, { action: { name: "optimizer", changes: { learning_rate: 0.01 } } }, edit_key)
    await call(`/${id}/steps`, { count: 15 }, edit_key)
    return id
}"""


def test_curves_lead_to_their_steps_and_into_files(page: Page, server: str, tmp_path: Path) -> None:
    page.goto(server)
    page.wait_for_selector('.heatmap[data-tensor="dW"] canvas')
    page.goto(f"{server}?session={page.evaluate(EDITED, MOONS)}")
    page.get_by_role("tab", name="Curves").click()
    expect(page.locator(".curves__steps output")).to_contain_text("20")
    told = page.evaluate(HISTORY)
    names = ("loss", "accuracy", "dW_l2", "db_l2", "update_to_weight", "W_l2", "dead_units")
    for name in names:
        expect(page.locator(f"[data-plot={name}] canvas")).to_be_visible()
    expect(page.locator("[data-plot=dead_units] .plot__note")).to_contain_text("every example of the step's own batch")

    # pointing says the step and its values and aims the scrubber at it, by pointer and by keys; a click or Enter goes there
    over = '[data-plot="dW_l2"] .u-over'
    page.locator(over).scroll_into_view_if_needed()
    box = page.locator(over).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 40)
    expect(page.locator(".scrubber__aim")).to_contain_text("10 · loss")
    expect(page.locator(".curves__steps input")).to_have_value("10")
    expect(step(page)).to_have_text("20")
    page.mouse.move(5, 5)
    expect(page.locator(".scrubber__aim")).to_have_count(0)
    plot = page.get_by_role("slider", name="Loss over 20 steps")
    plot.focus()
    plot.press("ArrowLeft")
    plot.press("ArrowLeft")
    expect(plot).to_have_attribute("aria-valuetext", re.compile("At step 18: batch"))
    expect(page.locator(".scrubber__aim")).to_contain_text("18 · loss")
    plot.press("Enter")
    expect(step(page)).to_have_text("18")
    plot.press("Escape")
    expect(page.locator(".scrubber__aim")).to_have_count(0)
    click_at(page, over, 0.5)
    expect(step(page)).to_have_text("10")
    expect(page.locator(".curves__steps output")).to_contain_text("10")
    for layer in (1, 2, 3):
        shown = page.locator(f'[data-plot="dW_l2"] [data-curve="{layer}"] strong').inner_text()
        assert abs(float(shown) / told["layers"][layer - 1]["dW_l2"][9] - 1) < 0.01
    click_at(page, over, 0.02)
    expect(step(page)).to_have_text("1")  # step 0 has no trace

    # what was done to the run leads to the first step that it acted on
    page.get_by_role("button", name="after 5 · ").click()
    expect(step(page)).to_have_text("6")

    # a layer that is switched off is in no plot
    page.get_by_role("button", name="[2] hidden 2").click()
    expect(page.locator('[data-plot="W_l2"] [data-curve]')).to_have_count(2)
    expect(page.locator('[data-plot="W_l2"] canvas')).to_be_visible()
    page.get_by_role("button", name="[2] hidden 2").click()

    # what is plotted as a file, digit for digit
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of Update-to-weight ratio").click()
    download.value.save_as(tmp_path / "ratio.csv")
    rows = list(csv.DictReader((tmp_path / "ratio.csv").read_text().splitlines()))
    for layer in (1, 2, 3):
        column = [row[f"update_to_weight[{layer}]"] for row in rows]
        assert column[0] == ""
        assert [float(cell) for cell in column[1:]] == told["layers"][layer - 1]["update_to_weight"]
    with page.expect_download() as download:
        page.get_by_role("link", name="All curves as CSV").click()
    download.value.save_as(tmp_path / "all.csv")
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 22

    # histograms over time: keyboard and pointer, counts as told
    box = page.locator(".distribution__box")
    box.focus()
    expect(page.locator(".distribution__readout")).to_contain_text("Step 6: ")
    box.press("ArrowRight")
    box.press("ArrowUp")
    expect(page.locator(".distribution__readout")).to_contain_text(re.compile(r"Step 7: \d+ of 12 cells .* from "))
    box.press("Enter")
    expect(step(page)).to_have_text("7")
    page.locator(".distribution__choice select").select_option("A.2")
    shows(page, "distribution=A.2")
    page.reload()  # as whoever gets the link sees it
    expect(box).to_have_attribute("aria-label", re.compile(r"^A\[2\] over 20 steps from 1 to 20"))
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of the distribution").click()
    download.value.save_as(tmp_path / "A.csv")
    for row in csv.DictReader((tmp_path / "A.csv").read_text().splitlines()):
        counts = [int(row[name]) for name in row if name.startswith("bin ") or name in ("zeros", "nan", "posinf", "neginf")]
        assert sum(counts) == int(row["cells"]) == 32


def test_a_run_that_diverges_shows_what_has_no_height(page: Page, server: str) -> None:
    page.goto(server)
    open_run(page, DIVERGING, "curves", count=100)
    expect(page.locator('[data-plot="loss"] .plot__note')).to_contain_text(re.compile("× NaN .*logarithmic axis"))
    assert all(page.locator(".plot__box").evaluate_all(LABELLED)), "numbers beside each axis, whatever the range"
    expect(page.locator(".scrubber__gap")).to_have_count(1)
    expect(page.locator(".transport__numbers")).to_contain_text("NaN")
