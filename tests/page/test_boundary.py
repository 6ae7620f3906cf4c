"""What the network says everywhere: colours, points, arrows and words are those of the API, and points are doors."""

import re

import numpy as np
from pages import shows
from playwright.sync_api import Page, expect
from runs import ASK, open_run

SPIRALS = {"dataset": {"name": "spirals"}, "layer_sizes": [2, 16, 3], "batch_size": 20}
LINE = {
    "dataset": {"name": "csv", "text": "x,y\n" + "\n".join(f"{x},{x * x}" for x in range(-20, 20)), "target": "y", "targets": "numbers"},
    "batch_size": 8,
}
RINGS = "[...document.querySelectorAll('.plane__svg .plane__batch')].map((ring) => [ring.cx.baseVal.value, ring.cy.baseVal.value])"


def test_rings_and_arrows_are_the_examples_and_their_input_gradients(lens: Page) -> None:
    open_run(lens, SPIRALS, "boundary", 5)
    expect(lens.locator(".plane__svg .plane__batch")).to_have_count(20)
    layer = lens.evaluate(ASK, "?include=A,dA&layers=0")["layers"][0]
    X, dX = np.array(layer["A"]["values"]), np.array(layer["dA"]["values"])
    rings = np.array(lens.evaluate(RINGS)).T
    # one linear map from data to pixels on each axis, upwards for y
    for values, pixels, sign in ((X[0], rings[0], 1), (X[1], rings[1], -1)):
        slope, start = np.polyfit(values, pixels, 1)
        assert np.sign(slope) == sign
        np.testing.assert_allclose(slope * values + start, pixels, atol=0.1)
    path = lens.locator(".plane__svg .plane__arrows").get_attribute("d") or ""
    lines = np.array([[float(n) for n in match] for match in re.findall(r"M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)(?=M|$)", path)])
    along = lines[:, 2:] - lines[:, :2]
    longest = np.hypot(*dX).argmax()
    drawn = np.hypot(*along.T).argmax()
    # it begins at its ring, not over the mark
    np.testing.assert_allclose(lines[drawn, :2], rings[:, longest] + 6 * along[drawn] / np.hypot(*along[drawn]), atol=0.11)
    assert 12 <= np.hypot(*along[drawn]) < 36.5
    assert np.sign(along[drawn][0]) == np.sign(dX[0, longest])
    assert np.sign(along[drawn][1]) == -np.sign(dX[1, longest])
    expect(lens.locator(".boundary__legend")).to_contain_text(f"the longest is {np.hypot(*dX).max():.3g} nats")


def test_the_ground_has_the_colour_of_the_class_that_the_network_says(lens: Page) -> None:
    smoothed = {"name": "cross_entropy", "label_smoothing": 0.2}
    open_run(lens, {**SPIRALS, "loss": smoothed}, "boundary", 3)
    expect(lens.locator(".plane__svg .plane__batch")).to_have_count(20)
    # how dZ comes from the loss is this loss's own equation
    expect(lens.locator(".lens__joined")).to_contain_text("ϵ")
    told = lens.evaluate(ASK, "/predictions?resolution=60")
    corner = lens.evaluate("[...document.querySelector('.plane__ground').getContext('2d').getImageData(0, 0, 1, 1).data]")
    outputs = [rows[-1][0] for rows in told["outputs"]]  # left, at the top
    best = int(np.argmax(outputs))
    expected = lens.evaluate(
        """async ([best, lead]) => {
            const { mixed, rgbOf } = await import("/static/draw/boundary.js")
            const { tokenColors } = await import("/static/lib/css_colors.js")
            const token = ["--tensor-forward", "--tensor-parameter", "--tensor-backward"][best]
            const colors = tokenColors([token, "--surface"])
            const color = mixed(rgbOf(colors[token]), rgbOf(colors["--surface"]), lead)
            return [color & 255, (color >> 8) & 255, (color >> 16) & 255, 255]
        }""",
        [best, sorted(outputs)[-1] - sorted(outputs)[-2]],
    )
    assert corner == expected


def test_a_point_says_what_it_is_and_a_click_looks_at_it_alone(lens: Page) -> None:
    open_run(lens, SPIRALS, "boundary", 2)
    plane = lens.locator(".plane")
    words = lens.locator(".boundary__pointed")
    # until then, the example of the longest arrow
    given = np.array(lens.evaluate(ASK, "?include=dA&layers=0")["layers"][0]["dA"]["values"])
    expect(words).to_contain_text(f"Example {int(np.hypot(*given).argmax())} at")
    plane.focus()
    lens.keyboard.press("ArrowRight")
    lens.keyboard.press("ArrowRight")
    expect(words).to_contain_text("Example 1 at")
    gradient = [row[1] for row in lens.evaluate(ASK, "?include=dA&layers=0")["layers"][0]["dA"]["values"]]
    expect(words).to_contain_text("Its input gradient dA[0] is")
    told = [float(n) for n in (words.locator("strong").last.inner_text()).replace("−", "-").split(", ")]
    np.testing.assert_allclose(told, gradient, rtol=5e-3)
    lens.get_by_role("button", name="Where dA[0] came from").click()
    row = int(np.abs(gradient).argmax())
    shows(lens, f"cell=dA.0.{row}.1")
    plane.focus()
    lens.keyboard.press("Enter")
    expect(lens.locator(".alone")).to_contain_text("Example 1 alone")
    # the pointer does the same: the ring that is clicked, and again for the batch
    x, y = lens.evaluate(RINGS)[1]
    box = plane.bounding_box()
    assert box is not None
    lens.mouse.click(box["x"] + x * box["width"] / 460, box["y"] + y * box["height"] / 460)
    expect(lens.locator(".alone")).to_have_count(0)
    # where batch normalisation mixes the examples, it says beforehand that none can be looked at alone
    open_run(lens, {**SPIRALS, "normalisation": "batch_norm"}, "boundary")
    expect(lens.locator(".boundary__legend")).to_contain_text("where the losses of the batch grow")
    expect(lens.locator(".boundary__legend")).to_contain_text("running statistics in the place of this batch's")
    expect(words).to_contain_text("in this training pass")
    expect(lens.get_by_role("button", name="Its pass alone")).to_be_disabled()
    expect(words).to_contain_text("an example has no pass of its own")
    plane.focus()
    lens.keyboard.press("ArrowRight")
    lens.keyboard.press("Enter")
    expect(words).to_contain_text("Example 0 at")
    expect(lens.get_by_role("alert")).to_have_count(0)
    # what an update moves is all that it moves
    lens.locator("#tab-proof").click()
    expect(lens.locator(".after__sum")).to_contain_text(re.compile(r"dW.*db.*dγ.*dβ"))


def test_numbers_of_one_feature_have_a_curve(lens: Page) -> None:
    open_run(lens, LINE, "boundary", 2)
    expect(lens.locator(".curve__svg .plane__batch")).to_have_count(8)
    told = lens.evaluate(ASK, "/predictions?resolution=200")
    path = lens.locator(".curve__svg .curve__line").get_attribute("d") or ""
    points = np.array([[float(n) for n in pair.split(" ")] for pair in re.findall(r"[ML]([-\d.]+ [-\d.]+)", path)])
    assert len(points) == 200
    slope, start = np.polyfit(told["outputs"][0][0], points[:, 1], 1)
    assert slope < 0
    np.testing.assert_allclose(slope * np.array(told["outputs"][0][0]) + start, points[:, 1], atol=0.1)


def test_other_data_is_told_why_it_has_none(lens: Page) -> None:
    lens.locator("#tab-boundary").click()
    expect(lens.locator(".tabs__panel")).to_contain_text("64 features")


def test_a_regression_has_answers_and_no_words_of_classes(lens: Page) -> None:
    config = {
        "dataset": {"name": "inline", "X": [[-1, 0, 1, 2], [0, 1, 0, 1]], "Y": [[0.5, -1.5, 2, 7]]},
        "layer_sizes": [2, 3, 1],
        "batch_size": 2,
    }
    open_run(lens, config, "boundary", 2)
    expect(lens.get_by_role("tab", name="Answers")).to_have_attribute("aria-selected", "true")
    for name in ("batch", "curves", "boundary", "flow", "health"):
        lens.locator(f"#tab-{name}").click()
        expect(lens.locator("#tab-panel")).not_to_contain_text("One moment")
        expect(lens.locator("#tab-panel")).not_to_be_empty()
        words = lens.locator("#tab-panel").inner_text().lower()
        for word in ("class", "label", "accuracy", "taken for", "nan"):
            assert word not in words, (name, word)
    expect(lens.locator(".transport__numbers")).to_contain_text("loss, all examples")
    lens.locator("#tab-curves").click()
    expect(lens.locator("#tab-panel")).to_contain_text("none are held out")
    expect(lens.locator("#tab-panel")).not_to_contain_text("test")


def test_targets_that_only_look_like_shares_are_numbers(lens: Page) -> None:
    config = {
        "dataset": {"name": "inline", "X": [[0.05], [0.1]], "Y": [[0.01], [0.99]]},
        "layer_sizes": [2, 2, 2],
        "output_activation": "sigmoid",
        "loss": "mse",
        "batch_size": 1,
    }
    open_run(lens, config, "boundary", 1)
    panel = lens.locator("#tab-panel")
    expect(panel).to_contain_text("it is 0.01, 0.99, the network says")
    expect(panel).to_contain_text("the one example of this batch")
    expect(panel.get_by_role("combobox", name="Output")).to_contain_text("output 1")
    assert "class" not in panel.inner_text()
    assert "taken for" not in panel.inner_text()


def test_labels_stand_out_from_the_ground_and_are_counted(lens: Page) -> None:
    config = {
        "dataset": {"name": "inline", "X": [[0, 0, 1, 1], [0, 1, 0, 1]], "Y": [[0, 1, 1, 0]]},
        "layer_sizes": [2, 2, 1],
        "output_activation": "sigmoid",
        "loss": "binary_cross_entropy",
        "batch_size": 4,
    }
    open_run(lens, config, "boundary")
    for is_true in ("yes", "no"):
        expect(lens.locator(f".plane__svg .plane__point[data-is={is_true}]")).to_have_count(2)
    colors = lens.evaluate("[...document.querySelectorAll('.plane__svg .plane__point')].map((one) => getComputedStyle(one).fill)")
    assert len(set(colors)) == 2
    assert lens.locator(".plane__svg .plane__label").all_text_contents() == ["0", "1", "1", "0"]
    # few cells have their numbers in them, and none reaches beyond its cell
    lens.set_viewport_size({"width": 1600, "height": 900})
    told = lens.evaluate(ASK, "")
    for tensor, layer in [("A", 0), ("Z", 1), ("W", 2), ("b", 2)]:
        texts = lens.locator(f".heatmap[data-tensor={tensor}][data-layer='{layer}'] .cell-numbers span").all_text_contents()
        numbers = [float(text.replace("−", "-")) for text in texts]
        np.testing.assert_allclose(numbers, np.ravel(told["layers"][layer][tensor]["values"]), atol=0.051)
    wider = """() => [...document.querySelectorAll(".cell-numbers span")].filter((one) => {
        const text = document.createRange()
        text.selectNodeContents(one)
        return text.getBoundingClientRect().width > one.clientWidth
    }).map((one) => one.textContent)"""
    assert lens.evaluate(wider) == []
    expect(lens.locator(".transport__numbers")).to_contain_text(re.compile(rf"batch accuracy\s*{100 * told['accuracy']:.1f} %"))
    # the words of a joined gradient are inside of their box, though one unit has not the height of a line
    over = lens.locator(".lens__joined").evaluate("(box) => [box.scrollHeight - box.clientHeight, box.scrollWidth - box.clientWidth]")
    assert over == [0, 0]


def test_names_of_a_files_columns_and_classes_stay_in_their_place_however_long(lens: Page) -> None:
    rows = "\n".join(f"{i % 7},{i * 3 % 5},{'very' * 30} long class {i % 3}" for i in range(30))
    text = f"{'a feature with a long name ' * 6},b,kind\n{rows}"
    lens.set_viewport_size({"width": 1280, "height": 720})
    open_run(lens, {"dataset": {"name": "csv", "text": text, "target": "kind"}, "batch_size": 8}, "boundary")
    for tab, ready in [("boundary", ".plane__frame"), ("batch", ".batch__table")]:
        lens.locator(f"#tab-{tab}").click()
        lens.locator(ready).wait_for()
        outside = """() => {
            const end = document.querySelector(".page__inspector").getBoundingClientRect().left
            return [...document.querySelectorAll(".page__tabs *")].filter((one) => one.getBoundingClientRect().right > end).length
        }"""
        assert lens.evaluate(outside) == 0, tab
