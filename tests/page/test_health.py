"""The health of a step on the page: every number is the API's, every summary a door, and playing asks no more than it is answered."""

import json
import re

from pages import shows
from playwright.sync_api import Page, Request, expect
from runs import ASK, UNTIL_TAKEN, open_run

SIGMOIDS = {
    "dataset": {"name": "moons"},
    "layer_sizes": [2, *[16] * 8, 2],
    "hidden_activations": "sigmoid",
    "initializer": {"name": "xavier_normal"},
}


def test_the_table_has_the_layers_and_numbers_of_the_api(lens: Page) -> None:
    open_run(lens, SIGMOIDS, "health")
    rows = lens.locator(".health__table tbody tr")
    expect(rows).to_have_count(10)
    told = lens.evaluate(ASK, "/health")
    names = [text.split("\n")[0] for text in rows.locator("th").all_inner_texts()]
    assert names == [layer["name"] for layer in reversed(told["layers"])]
    shares = rows.nth(1).locator("td").nth(5).inner_text()
    assert shares == f"{told['layers'][8]['through_weights']:.2g}"
    # a bar ten times shorter in the number is a tenth of its axis' decades shorter in length
    widths = lens.evaluate(
        "[...document.querySelectorAll('.health__table tbody tr td:nth-of-type(3) .health__bar > span')].map((bar) => parseFloat(bar.style.inlineSize))"
    )
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] > 0
    # what the short headings mean is written out, and a table that scrolls says so
    expect(lens.locator(".health__legend")).to_contain_text("what Wᵀ did to the gradient")
    expect(lens.locator(".health__legend dt")).to_have_text(["Wᵀ", "g′", "g′ = 0", "dead", "flat", "agree"])
    # a rule that many layers break is said once, and on a phone the table does not wait for all of them
    rules = {one["rule"]["name"] for one in told["findings"]}
    assert len(told["findings"]) > len(rules) > 2
    expect(lens.locator(".finding")).to_have_count(len(rules))
    expect(lens.get_by_text("Also in layers").first).to_be_visible()
    lens.set_viewport_size({"width": 390, "height": 844})
    expect(lens.locator(".finding")).to_have_count(2)
    expect(lens.get_by_role("button", name=f"Show {len(rules) - 2} more")).to_be_visible()
    expect(lens.locator(".health__scroll")).to_have_attribute("data-more", "end")
    lens.locator(".health__scroll").evaluate("(box) => box.scrollTo(box.scrollWidth, 0)")
    expect(lens.locator(".health__scroll")).not_to_have_attribute("data-more", re.compile("."))


def test_a_click_on_a_heading_sorts_and_another_one_turns_it(lens: Page) -> None:
    open_run(lens, SIGMOIDS, "health")
    first = lens.locator(".health__table tbody tr th").first
    expect(first).to_contain_text("output")
    lens.get_by_role("button", name="|dZ|").click()
    expect(first).to_contain_text("output")
    lens.get_by_role("button", name="|dZ|").click()
    expect(first).to_contain_text("hidden 1")
    expect(lens.locator("th[aria-sort=ascending]")).to_contain_text("|dZ|")
    expect(lens.locator(".health__table tbody tr th").last).to_contain_text("input")  # it has no dZ


def test_a_finding_says_its_rule_and_source_and_leads_to_its_cell(lens: Page) -> None:
    open_run(lens, SIGMOIDS, "health")
    told = next(one for one in lens.evaluate(ASK, "/health")["findings"] if one["rule"]["name"] == "vanishing")
    finding = lens.locator(".finding").first
    expect(finding).to_contain_text("Warning")
    # powers of ten are written as everywhere on the page
    around = re.split(r"\d\S*e-\d+", told["words"])
    assert len(around) > 1
    expect(finding).to_contain_text(re.compile(r"[\d.]+×10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+".join(map(re.escape, around))))
    expect(finding.get_by_text(told["rule"]["bound"])).to_be_hidden()
    finding.get_by_text("Rule and source").click()
    expect(finding.get_by_text(told["rule"]["bound"])).to_be_visible()
    expect(finding.get_by_text(told["rule"]["source"])).to_be_visible()
    finding.get_by_role("button").click()
    cell = told["cell"]
    shows(lens, f"cell={cell['tensor']}.{cell['layer']}.{cell['row']}.{cell['col']}")


def test_each_row_ends_in_its_picture_which_is_a_door_too(lens: Page) -> None:
    lens.locator("#tab-health").click()
    lens.get_by_role("button", name="dW[1], 32 by 64: to its largest number").click()
    expect(lens).to_have_url(re.compile(r"cell=dW\.1\."))
    # also from one example alone
    lens.locator("#tab-batch").click()
    lens.locator(".example").nth(3).click()
    expect(lens.locator(".alone")).to_be_visible()
    lens.locator("#tab-health").click()
    lens.get_by_role("button", name="dW[2], 10 by 32: to its largest number").click()
    expect(lens.locator(".alone")).to_have_count(0)
    expect(lens).to_have_url(re.compile(r"cell=dW\.2\."))


def test_a_step_that_is_not_finite_is_broken_and_shown_as_it_is(lens: Page) -> None:
    exploding = {
        "dataset": {"name": "moons"},
        "layer_sizes": [2, *[16] * 8, 2],
        "hidden_activations": "relu",
        "initializer": {"name": "normal", "std": 1.1},
    }
    open_run(lens, exploding, "health", 20)
    expect(lens.locator(".health__verdict")).to_contain_text("This step is broken")
    expect(lens.locator(".finding")).to_have_count(1)
    expect(lens.locator(".finding")).to_contain_text("The first that is not finite")
    assert lens.locator(".health__bar[data-broken]").count() > 0
    # the overview says NaN of a layer with one, and not the norm of what is finite in it
    broken = lens.evaluate(ASK, "?include=dW&max_cells=1")["layers"][1]["dW"]["stats"]
    assert broken["nan"] + broken["posinf"] + broken["neginf"] > 0
    expect(lens.locator(".overview__layers tbody tr").nth(1)).to_contain_text("NaN")
    # shares of what is NaN are NaN, and what does not apply is neither
    row = lens.locator(".health__table tbody tr").nth(1)
    head = [text.split("\n")[0] for text in lens.locator(".health__table thead th").all_inner_texts()]
    cells = dict(zip(head[1:], row.locator("td").all_inner_texts(), strict=True))
    assert [cells[name] for name in ("g′ = 0", "dead", "dead in all", "flat")] == ["NaN", "NaN", "NaN", "–"]

    # no view takes it for nothing, or for right
    lens.locator("#tab-flow").click()
    expect(lens.locator(".flow__nothing")).to_contain_text("The gradient of this step is not finite")
    lens.locator("#tab-batch").click()
    expect(lens.locator(".batch__bar")).to_contain_text("0 of 32 right before this step's update, 32 without an answer")
    expect(lens.locator(".batch__table tbody tr").first).to_contain_text("no answer (NaN)")
    lens.locator("#tab-boundary").click()
    expect(lens.locator(".boundary__legend")).to_contain_text("dA[0] is NaN for every example: no arrow")
    lens.locator(".plane").hover(position={"x": 120, "y": 60})
    expect(lens.locator(".boundary__pointed")).to_contain_text("the network has no answer: its outputs are NaN, NaN")
    lens.locator("#tab-curves").click()
    expect(lens.locator("[data-plot=dead_units] .plot__legend li").nth(3)).to_contain_text("NaN")

    # however long ago it began, there is a door to where
    lens.locator("#tab-health").click()
    began = lens.evaluate(ASK, "/health")["findings"][0]["began"]
    expect(lens.locator(".finding")).to_contain_text(f"It began in step {began['step']}.")
    lens.get_by_role("button", name=f"Go to step {began['step']}").click()
    cell = began["cell"]
    shows(lens, f"step={began['step']}&cell={cell['tensor']}.{cell['layer']}.{cell['row']}.{cell['col']}")


def test_playing_asks_for_the_health_of_one_step_at_a_time(lens: Page) -> None:
    lens.locator("#tab-health").click()
    expect(lens.locator(".health__table")).to_be_visible()
    flying: list[int] = [0]
    most: list[int] = [0]
    asked: list[str] = []

    def begin(request: Request) -> None:
        if request.url.endswith("/health"):
            flying[0] += 1
            most[0] = max(most[0], flying[0])
            asked.append(request.url)

    def end(request: Request) -> None:
        if request.url.endswith("/health"):
            flying[0] -= 1

    lens.on("request", begin)
    lens.on("requestfinished", end)
    lens.on("requestfailed", end)
    lens.get_by_role("button", name="Play").click()
    expect(lens.locator(".transport__step strong")).to_have_text(re.compile(r"^([6-9]|\d\d+)$"))
    lens.get_by_role("button", name="Pause").click()
    lens.evaluate(UNTIL_TAKEN)
    step = lens.locator(".transport__step strong").inner_text()
    expect(lens.locator(".health__verdict")).to_contain_text(f"in step {step}")
    assert most[0] == 1, json.dumps(asked)
    assert len(asked) == len(set(asked)) > 2
