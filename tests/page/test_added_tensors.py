"""What ingredients add to a step, on the page: its pictures, its words, its phases, and the lane of the update."""

import re
from typing import Any

import pytest
from pages import fits, violations
from playwright.sync_api import Browser, Page, expect
from runs import ASK, MAKE
from test_lens import READ_BACK

SMALL = {"dataset": {"name": "moons"}, "layer_sizes": [2, 6, 4, 2], "batch_size": 8}
ALL: dict[str, Any] = {
    **SMALL,
    "normalisation": ["batch_norm", None],
    "dropout": [0, 0.5],
    "optimizer": {"name": "adam"},
    "clipping": {"name": "norm", "max_norm": 0.1},
}
DEEP = {**SMALL, "layer_sizes": [2, 16, 16, 16, 16, 16, 16, 2], "batch_size": 32}
LAYER_NORM = {**SMALL, "normalisation": "layer_norm", "optimizer": {"name": "momentum"}}
MSE = {"dataset": {"name": "penguins"}, "loss": "mse", "output_activation": "identity", "layer_sizes": [3, 4, 1], "batch_size": 8}


def open_at(page: Page, server: str, config: dict[str, Any], place: str = "") -> None:
    """The page on a new run of two steps, at a phase or a cell of its address."""
    page.goto(f"{server}/docs")
    id = page.evaluate(MAKE, [config, 2])
    page.goto(f"{server}/?session={id}{place}")
    page.wait_for_selector('.heatmap[data-tensor="dW"] canvas')


def names(page: Page, layer: int) -> set[str]:
    """The tensors of a layer that are drawn."""
    figures = page.locator(f'.heatmap[data-layer="{layer}"]')
    return set(figures.evaluate_all("(all) => all.map((one) => one.dataset.tensor)"))


def of_the_api(page: Page, layer: int) -> set[str]:
    told = page.evaluate(ASK, f"?layers={layer}")["layers"][0]
    return {name for name, found in told.items() if isinstance(found, dict)}


def test_every_tensor_of_a_layer_is_drawn_as_it_is(page: Page, server: str) -> None:
    open_at(page, server, ALL, "&phase=update")  # which opens the update's lane
    assert page.evaluate("scrollY") == 0  # what was not walked to does not scroll
    page.get_by_role("button", name="Before the update").click()
    for layer in (1, 2, 3):
        assert names(page, layer) == of_the_api(page, layer)
    page.get_by_role("button", name="whole step").click()
    for tensor, layer in (
        ("Zhat", 1),
        ("V", 1),
        ("dV", 1),
        ("gamma", 1),
        ("dN", 1),
        ("D", 2),
        ("dG", 2),
        ("gW", 1),
        ("mW", 2),
        ("sb_next", 3),
    ):
        read = page.evaluate(READ_BACK, [tensor, layer])
        assert read["size"] == read["shape"]
        assert read["drawn"] == read["expected"], f"{tensor}[{layer}]"
    boxes = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".heatmap[data-tensor]:has(canvas)")].map((figure) => {
        const { x, width } = figure.querySelector("canvas").getBoundingClientRect()
        return [figure.dataset.tensor + figure.dataset.layer, [x, width]]
    }))""")
    for tensor in ("W", "b", "gamma", "beta"):
        assert boxes[f"{tensor}1"] == boxes[f"d{tensor}1"] == boxes[f"m{tensor}_next1"] == boxes[f"{tensor}_next1"]
    for tensor in ("M", "V", "Zhat", "N"):
        assert boxes[f"{tensor}1"] == boxes[f"d{tensor}1"]
    expect(page.locator(".lens__joined").filter(has_text="the mask is given")).to_have_count(1)
    # a count is a number, and no picture
    count = page.locator('.heatmap[data-tensor="tW_next"][data-layer="1"]')
    expect(count.locator("canvas")).to_have_count(0)
    expect(count.locator("button")).to_have_text("2")
    # no range runs into the next
    assert (
        page.evaluate("""() => {
        const boxes = [...document.querySelectorAll(".heatmap__range")].map((one) => {
            const words = document.createRange()
            words.selectNodeContents(one)
            return words.getBoundingClientRect()
        })
        return boxes.filter((one) => boxes.some((other) => other.left > one.left && other.left < one.right + 2 && Math.abs(other.top - one.top) < 8)).length
    }""")
        == 0
    )


def test_the_update_opens_where_it_is_looked_at_and_stays_as_it_was_left(page: Page, server: str) -> None:
    open_at(page, server, ALL)
    fold = page.locator(".lens__fold").first
    expect(fold).to_have_attribute("aria-expanded", "false")
    assert not {"gW", "mW", "W_next"} & names(page, 1)
    # what is walked to comes into sight under its equation, which stays, and so does what is walked back to
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("button", name="update: ").click()
    for tensor in ("gW", "Z"):
        expect(page.locator(f'.heatmap[data-tensor="{tensor}"][data-layer="1"]')).to_be_in_viewport(ratio=1)
        expect(page.locator(".phase-note")).to_be_in_viewport(ratio=1)
        if tensor == "gW":
            page.locator(".phases__strip").get_by_role("button", name="forward 1, hidden 1").click()
    page.get_by_role("button", name="update: ").click()
    expect(page.locator(".phases__phase[aria-pressed=true]")).to_have_text("gW")
    page.locator(".phases__phase", has_text=re.compile("^W′$")).click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    assert not {"mW", "tW"} & names(page, 1)
    page.get_by_role("button", name="Before the update").click()
    for tensor, role in (("gW", "idle"), ("mW_next", "reads"), ("W", "reads"), ("W_next", "writes"), ("Z", "idle")):
        expect(page.locator(f'.heatmap[data-tensor="{tensor}"][data-layer="1"]')).to_have_attribute("data-role", role)
    fold.click()
    expect(page.locator('.heatmap[data-tensor="W"][data-layer="1"]')).to_have_attribute("data-role", "writes")
    page.get_by_role("button", name="Next batch").click()
    expect(page.locator(".transport__step strong")).to_have_text("3")
    expect(fold).to_have_attribute("aria-expanded", "false")
    # folded layers unfold where a phase needs them
    page.get_by_text("W, b, Z, A", exact=True).click()
    assert names(page, 1) == {"W", "b", "Z", "A", "dW", "db", "dZ", "dA"}
    strip = page.locator(".phases__strip")
    strip.get_by_role("button", name="backward 1, hidden 1").click()
    strip.get_by_role("button", name="dV[1]").click()
    expect(page.locator('.heatmap[data-tensor="dV"][data-layer="1"]')).to_have_attribute("data-role", "writes")
    expect(page.locator('.heatmap[data-tensor="dZhat"][data-layer="1"]')).to_have_attribute("data-role", "reads")
    # dV, V, dZhat, Z and M have their shapes under them
    assert page.locator(".phase-note__whole .katex-html").inner_text().count("×") == 5


def test_every_layer_and_phase_of_a_deep_network_is_a_key_away(page: Page, server: str) -> None:
    open_at(page, server, DEEP)
    rail, strip = page.locator(".rail__layer"), page.locator(".phases__phase")
    lanes = "() => { const { scrollLeft, clientWidth, scrollWidth } = document.querySelector('.lens__scroll'); return [scrollLeft, scrollWidth - clientWidth] }"
    expect(page.locator('.lens__edge[data-side="end"]')).to_have_count(1)
    expect(page.locator('.lens__edge[data-side="start"]')).to_have_count(0)
    expect(rail.nth(0)).to_have_attribute("aria-label", "input, in sight")
    expect(rail.last).not_to_have_attribute("data-seen", "")
    # by keyboard to the end, and on into the layer
    rail.nth(0).focus()
    page.keyboard.press("End")
    expect(rail.last).to_be_focused()
    expect(rail.last).to_have_attribute("data-seen", "")
    expect(page.locator('.lens__edge[data-side="end"]')).to_have_count(0)
    left, most = page.evaluate(lanes)
    assert abs(left - most) <= 1
    page.keyboard.press("Enter")
    expect(page.locator("#heatmap-W-7")).to_be_focused()
    # the phases are one line, all of them in sight, whichever is looked at
    box = "() => { const strip = document.querySelector('.phases__strip'); return strip.scrollWidth <= strip.clientWidth && strip.clientHeight < 45 }"
    assert page.evaluate(box)
    strip.filter(has_text=re.compile("^3$")).first.click()
    expect(strip.filter(has_text="Ẑ").or_(strip.filter(has_text="Z[3]")).first).to_be_visible()
    pressed = page.locator(".phases__phase[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    pressed.focus()
    page.keyboard.press("PageDown")
    expect(pressed).to_be_focused()
    expect(page.locator(".phase-note")).to_contain_text("Z")
    assert page.evaluate("document.activeElement.textContent").startswith("Z")
    assert page.evaluate(box)
    page.keyboard.press("ArrowLeft")  # the last of the layer before, which unfolds and takes the focus along
    expect(pressed).to_be_focused()
    assert page.evaluate("document.activeElement.textContent").startswith("A")


def test_a_cell_of_a_state_is_explained_and_walked_and_has_an_address(page: Page, server: str) -> None:
    open_at(page, server, ALL, "&cell=mW_next.1.3.1")
    card = page.locator(".cell-card")
    told = page.evaluate(ASK, "/explain?tensor=mW_next&layer=1&row=3&col=1")
    expect(card.locator(".cell-card__exact")).to_have_text(str(told["value"]).replace("e-0", "e-"))
    expect(card.locator(".cell-card__words")).to_contain_text(
        "The first moment, a running mean of the gradient, of the weight from feature 1 to unit 3"
    )
    for tensor in ("mW", "gW", "W"):
        expect(page.locator(f'.heatmap[data-tensor="{tensor}"][data-layer="1"] [data-mark="source"]')).to_have_count(1)
    expect(page.locator(".explained .katex-error")).to_have_count(0)
    expect(page.locator(".explained__equation annotation").first).to_contain_text("{mW'}^{[1]}_{3,1}")  # as the cell is called
    card.locator(".factor.link").filter(has_text="gW").first.click()
    expect(page).to_have_url(re.compile(r"cell=gW\.1\.3\.1"))
    expect(card.locator(".cell-card__words")).to_contain_text("what the update takes")
    card.get_by_role("button", name="Show as table").click()
    chosen = page.locator(".table__choice select")
    expect(chosen).to_have_value("gW.1")
    chosen.select_option("Zhat.1")
    expect(page.locator(".table__corner")).to_have_text("unit ↓ example →")
    chosen.select_option("V.1")
    expect(page.locator(".table__corner")).to_have_text("unit ↓ column →")
    chosen.select_option("tW_next.1")
    expect(page.locator(".table__here strong")).to_have_text("2")


def test_what_a_phase_comes_to_is_in_sight_at_any_width_and_rounding_is_called_so(page: Page, server: str) -> None:
    open_at(page, server, {**ALL, "hidden_activations": "tanh"}, "&phase=dZ1&cell=db.1.2.0")
    result = page.locator(".phase-note .explained__result")
    for width, height in ((1440, 900), (1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.locator(".phase-note").scroll_into_view_if_needed()
        expect(result).to_be_in_viewport(ratio=0.99)  # of a batch-normalised dZ, whose numbers are the longest
    # on a phone they take more lines: cut before their result they would be another equation
    expect(page.locator(".phase-note__line")).not_to_have_attribute("data-more", re.compile("end"))
    card = page.locator(".cell-card")
    expect(card.locator(".cell-card__words").nth(1)).to_contain_text("it is 0 by algebra")
    expect(card.locator(".terms__agreement")).to_contain_text("only rounding is left")
    expect(card.locator(".term__share")).to_have_text([""] * 8)  # no share of nothing
    expect(card.locator(".cell-card__relations")).to_contain_text(re.compile(r"the gradient of\s*loss\s*which is"))
    said = page.locator(".heatmap").filter(has_text="rounding")
    expect(said).to_have_count(1)  # the first layer alone is normalised
    expect(said).to_have_attribute("data-tensor", "db")
    expect(said).to_have_attribute("data-layer", "1")
    # sums over matrices and over their cells are counted alike
    for _ in range(2):
        page.locator("body").press("ArrowRight")
    for form in ("whole", "symbols"):
        expect(page.locator(f".phase-note__{form} annotation")).to_contain_text("i=0")
    expect(said).to_have_attribute("data-role", "writes")
    expect(said.locator("canvas")).to_have_css("opacity", "0.2")


def test_layer_normalisation_has_a_mean_of_each_example(page: Page, server: str) -> None:
    open_at(page, server, LAYER_NORM, "&cell=M.1.0.5")
    expect(page.locator(".cell-card__words")).to_have_text("The mean of Z of example 5 over the units of layer 1.")
    expect(page.locator('.heatmap[data-tensor="M"][data-layer="1"] .heatmap__shape')).to_have_text("1×8")
    expect(page.locator('.heatmap[data-tensor="Z"][data-layer="1"] [data-mark="source"]')).to_have_count(1)
    for tensor in ("M", "dV"):
        read = page.evaluate(READ_BACK, [tensor, 1])
        assert read["drawn"] == read["expected"]
    page.goto(f"{page.url.partition('&')[0]}&example=3&cell=M.1.0.0")
    expect(page.locator(".alone")).to_be_visible()
    expect(page.locator(".cell-card__words")).to_have_text("The mean of Z of example 3 over the units of layer 1.")
    expect(page.locator(".lens__fold")).to_have_count(0)  # an update is of the whole batch
    page.get_by_role("button", name="Whole batch").click()
    expect(page).to_have_url(re.compile(r"cell=M\.1\.0\.3"))  # the cell stays the same example's


def test_a_regressions_loss_is_not_counted_in_nats(page: Page, server: str) -> None:
    open_at(page, server, MSE, "&cell=loss.2.0.0")
    expect(page.locator(".cell-card__words")).to_have_text("The mean of the losses of the batch.")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_in_the_lanes(browser: Browser, server: str, scheme: Any, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    open_at(page, server, ALL, "&phase=update&cell=sW_next.1.3.1")
    page.locator('.heatmap[data-tensor="sW_next"]').first.wait_for()
    assert violations(page) == {}
    fits(page)
    # on a phone the number comes to the person, with a door to the inspector below the lens
    bar = page.locator(".cell-bar")
    if width == 390:
        told = page.evaluate(ASK, "/explain?tensor=sW_next&layer=1&row=3&col=1")
        shown = (
            bar.locator("strong").inner_text().replace("−", "-").replace("×10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        )
        assert float(shown) == pytest.approx(told["value"], rel=1e-4)
        bar.get_by_role("button", name="Open").click()
        expect(page.locator("#inspector")).to_be_focused()
        expect(page.locator(".cell-card__value")).to_be_in_viewport()
        expect(bar).to_have_count(0)
    else:
        expect(bar).not_to_be_visible()
    context.close()
