"""Gradients and weights of image data as images: every pixel is a number of the trace, and a door to it."""

import re

import numpy as np
from pages import shows
from playwright.sync_api import Page, expect
from runs import ASK, open_run


def test_examples_stand_by_the_size_of_their_gradient(lens: Page) -> None:
    lens.locator("#tab-pictures").click()
    expect(lens.locator(".pair")).to_have_count(24)
    dA = np.array(lens.evaluate(ASK, "?include=dA&layers=0")["layers"][0]["dA"]["values"])
    order = np.argsort(-np.linalg.norm(dA, axis=0), kind="stable")
    shown = [int(text.split(":")[0]) for text in lens.locator(".pair__name").all_inner_texts()]
    assert shown == order[:24].tolist()
    lens.get_by_role("button", name="Next", exact=True).click()
    expect(lens.locator(".pair")).to_have_count(8)
    lens.get_by_label("Sort").select_option("index")
    assert lens.locator(".pair__name").first.inner_text().startswith("0:")


def test_a_pixel_of_a_gradient_is_drawn_in_its_colour_and_leads_to_its_cell(lens: Page) -> None:
    lens.locator("#tab-pictures").click()
    lens.get_by_label("Sort").select_option("index")
    picture = lens.get_by_role("button", name="dA[0] of example 3: to its largest number")
    pixels = picture.locator("canvas").evaluate("(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 8, 8).data]")
    dA = np.array(lens.evaluate(ASK, "?include=dA&layers=0")["layers"][0]["dA"]["values"])
    expected = lens.evaluate(
        """async ([values, extent]) => {
            const { makeScale } = await import("/static/draw/color_scales.js")
            const scale = makeScale({ kind: "backward", scheme: "light", extent })
            return values.flatMap((value) => { const color = scale.colors[scale.lookup(value)]; return [color & 255, (color >> 8) & 255, (color >> 16) & 255, 255] })
        }""",
        [dA[:, 3].tolist(), float(np.abs(dA).max())],
    )
    assert pixels == expected
    box = picture.locator("canvas").bounding_box()
    assert box is not None
    picture.locator("canvas").click(position={"x": box["width"] * 2.5 / 8, "y": box["height"] * 5.5 / 8})
    shows(lens, f"cell=dA.0.{5 * 8 + 2}.3")
    picture.press("Enter")
    shows(lens, f"cell=dA.0.{np.abs(dA[:, 3]).argmax()}.3")


def test_units_of_the_first_layer_lead_to_their_row(lens: Page) -> None:
    lens.locator("#tab-pictures").click()
    lens.get_by_label("Show").select_option("units")
    dW = np.array(lens.evaluate(ASK, "?include=dW&layers=1")["layers"][0]["dW"]["values"])
    unit = int(np.linalg.norm(dW, axis=1).argmax())
    expect(lens.locator(".pair__name").first).to_have_text(f"unit {unit}")
    lens.get_by_role("button", name=f"dW of unit {unit}: to its largest number").press("Enter")
    shows(lens, f"cell=dW.1.{unit}.{np.abs(dW[unit]).argmax()}")


def test_a_layer_that_came_pooled_is_asked_for_page_by_page(lens: Page) -> None:
    open_run(lens, {"dataset": {"name": "mnist"}, "layer_sizes": [784, 96, 10], "batch_size": 8}, "pictures")
    lens.get_by_label("Show").select_option("units")
    expect(lens.locator(".pair")).to_have_count(24)
    lens.get_by_role("button", name="Next", exact=True).click()
    expect(lens.locator(".pair__name").first).to_have_text("unit 24")
    lens.get_by_role("button", name="W of unit 30: to its largest number", exact=True).press("Enter")
    expect(lens).to_have_url(re.compile(r"cell=W\.1\.30\."))


def test_data_without_images_is_told_so(lens: Page) -> None:
    open_run(lens, {"dataset": {"name": "moons"}}, "pictures")
    expect(lens.locator(".tabs__panel")).to_contain_text("no pictures")
