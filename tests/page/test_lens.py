"""The lens: a session is made, stepped, played; pictures are the tensors."""

import json
import re
from typing import Any

import pytest
from pages import fits, shows
from playwright.sync_api import Page, Route, expect
from runs import UNTIL_TAKEN

# Reads a heatmap's pixels back and, beside them, what its scale says each number of the API's tensor should look like
READ_BACK = """
async ([tensor, layer]) => {
  const { makeScale } = await import("/static/draw/color_scales.js")
  const { kindOf } = await import("/static/lib/notation.js")
  const id = new URLSearchParams(location.search).get("session")
  const step = document.querySelector(".transport__step strong").textContent
  const answer = await fetch(`/api/v1/sessions/${id}/steps/${step}/tensors/${tensor}/${layer}`)
  const { values, stats } = await answer.json()
  const canvas = document.querySelector(`.heatmap[data-tensor="${tensor}"][data-layer="${layer}"] canvas`)
  const { width, height } = canvas
  // through a copy, so that reading does not turn the page's own canvas into one made for reading
  const copy = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true })
  copy.drawImage(canvas, 0, 0)
  const pixels = copy.getImageData(0, 0, width, height).data
  const hex = (at) => "#" + [0, 1, 2].map((c) => pixels[at + c].toString(16).padStart(2, "0")).join("")
  const kind = kindOf(tensor)
  const scale = makeScale({
    kind, scheme: document.documentElement.dataset.scheme, mode: "linear",
    extent: Math.max(Math.abs(stats.min), Math.abs(stats.max)), signed: kind === "backward" || kind === "parameter" || stats.min < 0,
  })
  const drawn = [], expected = []
  values.forEach((row, r) => row.forEach((value, c) => {
    drawn.push(hex(4 * (r * width + c)))
    expected.push(scale.colorCss(value))
  }))
  return { size: [height, width], shape: [values.length, values[0].length], drawn, expected }
}
"""

# as a tab that nobody sees: it hears of nothing
HIDE = """() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true })
    document.dispatchEvent(new Event("visibilitychange"))
}"""

TENSORS = [
    *(("A", 0), ("dA", 0)),
    *((name, layer) for layer in (1, 2) for name in ("W", "b", "Z", "A", "dW", "db", "dZ")),
    ("dA", 1),
]


def test_every_heatmap_has_the_pixels_of_its_tensor(lens: Page) -> None:
    for tensor, layer in TENSORS:
        read = lens.evaluate(READ_BACK, [tensor, layer])
        assert read["size"] == read["shape"], f"{tensor}[{layer}] has a pixel a cell"
        assert read["drawn"] == read["expected"], f"{tensor}[{layer}]"
        if tensor not in ("b",):
            assert len(set(read["drawn"])) > 1, f"{tensor}[{layer}] is one flat colour"


def test_every_gradient_stands_right_under_its_tensor(lens: Page) -> None:
    boxes = lens.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".heatmap[data-tensor]")].map((figure) => {
        const { x, y, width, height } = figure.querySelector("canvas").getBoundingClientRect()
        return [figure.dataset.tensor + figure.dataset.layer, { x, y, width, height }]
    }))""")
    for name, box in boxes.items():
        twin = boxes.get(f"d{name}")
        if name.startswith("d") or twin is None:
            continue
        assert (twin["x"], twin["width"], twin["height"]) == (box["x"], box["width"], box["height"]), name
        assert twin["y"] > box["y"]


def test_next_batch_takes_one_step(lens: Page) -> None:
    step = lens.locator(".transport__step strong")
    lens.get_by_role("button", name="Next batch").click()
    expect(step).to_have_text("2")
    # pressed faster than steps come, one is taken after the other, and the server refuses none
    asked: list[int] = []
    lens.on("response", lambda answer: asked.append(answer.status) if answer.request.method == "POST" and "/steps?" in answer.url else None)
    for _ in range(12):
        lens.keyboard.press("n")
    lens.evaluate(UNTIL_TAKEN)
    assert set(asked) == {200}
    assert step.inner_text() == (reached := str(2 + len(asked)))
    # in play the next batch comes by itself, and no press ends it
    lens.keyboard.press(" ")
    for _ in range(8):
        lens.keyboard.press("n")
        lens.wait_for_timeout(60)
    expect(step).not_to_have_text(reached)
    assert set(asked) == {200}
    expect(lens.get_by_role("button", name="Pause")).to_be_visible()


def test_play_steps_until_pause(lens: Page) -> None:
    lens.locator(".transport__speed select").select_option("10")
    lens.get_by_role("button", name="Play").click()
    expect(lens.locator(".transport__step strong")).to_have_text(re.compile(r"^([8-9]|\d\d+)$"))
    lens.get_by_role("button", name="Pause").click()
    expect(lens.get_by_role("button", name="Play")).to_be_visible()
    step = int(lens.locator(".transport__step strong").inner_text())
    lens.evaluate("new Promise((resolve) => setTimeout(resolve, 400))")
    assert int(lens.locator(".transport__step strong").inner_text()) <= step + 1


def test_a_past_step_is_shown_as_past_and_as_it_was(lens: Page) -> None:
    first = lens.evaluate(READ_BACK, ["dW", 1])["drawn"]
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    assert lens.evaluate(READ_BACK, ["dW", 1])["drawn"] != first
    lens.get_by_role("button", name="Step back").click()
    expect(lens.locator(".transport__step strong")).to_have_text("1")
    expect(lens.locator(".transport__past")).to_contain_text("newest is 2")
    assert lens.evaluate(READ_BACK, ["dW", 1])["drawn"] == first


def test_pointing_shows_the_exact_number_and_lights_the_twin(lens: Page) -> None:
    cells = lens.locator("#heatmap-dW-1")
    cells.hover(position={"x": 40, "y": 2})
    name = lens.locator(".cell-card__name").inner_text()
    col = int(name.split(",")[-1])
    answer = lens.evaluate(
        """async (col) => {
            const id = new URLSearchParams(location.search).get("session")
            const answer = await fetch(`/api/v1/sessions/${id}/steps/1/tensors/dW/1?rows=0:1&cols=${col}:${col + 1}`)
            return (await answer.json()).values[0][0]
        }""",
        col,
    )
    assert float(lens.locator(".cell-card__exact").inner_text()) == answer
    assert lens.locator('.heatmap[data-tensor="W"][data-layer="1"] [data-mark="twin"]').count() == 1
    assert lens.locator('.heatmap[data-tensor="dZ"][data-layer="1"] [data-mark="source"]').count() == 1
    assert lens.locator('.heatmap[data-tensor="A"][data-layer="0"] [data-mark="source"]').count() == 1


def test_the_keyboard_reaches_every_cell_and_its_twin(lens: Page) -> None:
    lens.locator("#heatmap-Z-1").focus()
    lens.keyboard.press("ArrowDown")
    lens.keyboard.press("ArrowRight")
    expect(lens.locator(".cell-card__name")).to_contain_text("1,1")
    expect(lens.locator('#heatmap-Z-1 [aria-live="polite"]')).to_contain_text("Row 1, column 1")
    lens.keyboard.press("t")
    expect(lens.locator("#heatmap-dZ-1")).to_be_focused()
    lens.keyboard.press("Enter")
    shows(lens, "cell=dZ.1.1.1")
    # kept; once more leads to its number, walking on stays there, and Escape leads back to the lens
    lens.keyboard.press("Enter")
    name = lens.locator(".cell-card__name")
    expect(name).to_be_focused()
    lens.locator(".explained .factor.link").first.focus()
    lens.keyboard.press("Enter")
    expect(name).to_contain_text("dA")
    expect(name).to_be_focused()
    lens.keyboard.press("Escape")
    expect(lens.locator("#heatmap-dA-1")).to_be_focused()
    expect(lens).not_to_have_url(re.compile("cell="))
    # an example's pass alone takes its own door away
    lens.locator("#heatmap-dW-2").focus()
    lens.keyboard.press("Enter")
    lens.locator(".term__example").first.focus()
    lens.keyboard.press("Enter")
    expect(lens.locator(".alone")).to_be_visible()
    expect(name).to_be_focused()


def test_phases_run_as_the_derivation_is_written(lens: Page) -> None:
    strip = lens.locator(".phases__phase")
    names = [text.replace("\n", "") for text in strip.all_inner_texts()][1:]
    forward = ["Z[1]", "A[1]", "Z[2]", "A[2]", "loss"]
    backward = ["dZ[2]", "dW[2]", "db[2]", "dA[1]", "dZ[1]", "dW[1]", "db[1]", "dA[0]"]
    update = ["W′", "b′"]
    assert names == forward + backward + update
    on = lens.get_by_role("button", name="Phase on")
    place = on.bounding_box()
    assert place
    assert place["x"] < 100  # before the strip, whatever that is long
    for position in range(1, len(names) + 1):
        on.click() if position % 2 else lens.keyboard.press("ArrowRight")
        assert on.bounding_box() == place  # it can be pressed without looking
        expect(strip.nth(position)).to_have_attribute("aria-pressed", "true")
        expect(lens.locator(".phase-note .katex").first).to_be_visible()
        assert lens.locator(".phase-note .katex-error").count() == 0
    # a phase of the update is about all layers, and its note tells the chosen one's equation
    lens.get_by_role("button", name="layer 2", exact=True).click()
    expect(lens.get_by_role("button", name="layer 2", exact=True)).to_have_attribute("aria-pressed", "true")
    shows(lens, "phase=b_next1")
    lens.keyboard.press("ArrowLeft")
    expect(strip.nth(len(names) - 1)).to_have_attribute("aria-pressed", "true")
    lens.keyboard.press("ArrowLeft")
    expect(lens.locator('.heatmap[data-tensor="dA"][data-layer="0"]')).to_have_attribute("data-role", "writes")
    expect(lens.locator('.heatmap[data-tensor="W"][data-layer="1"]')).to_have_attribute("data-role", "reads")


def test_the_address_shows_the_same_to_someone_else(lens: Page, server: str, browser: Any) -> None:
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    lens.get_by_role("button", name="Step back").click()
    expect(lens.locator(".transport__step strong")).to_have_text("1")
    lens.locator("#heatmap-dZ-2").click(position={"x": 30, "y": 30})
    elsewhere = browser.new_context()
    try:
        other = elsewhere.new_page()
        other.goto(lens.url)
        expect(other.locator(".transport__step strong")).to_have_text("1")
        expect(other.locator(".cell-card__exact")).to_have_text(lens.locator(".cell-card__exact").inner_text())
        expect(other.get_by_role("button", name="Play")).to_have_count(0)  # the key did not travel in the address
    finally:
        elsewhere.close()


def test_an_unknown_session_is_said_and_can_be_left(page: Page, server: str) -> None:
    page.goto(f"{server}/?session=nobody")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    page.mistakes.clear()  # type: ignore[attr-defined]  # Chromium itself logs the 404 that was provoked
    page.get_by_role("link", name="Start a new run").click()
    page.wait_for_selector(".heatmap canvas")


def test_a_lost_server_is_said_beside_the_transport_and_nothing_is_lost(lens: Page) -> None:
    step, problem, again = (
        lens.locator(".transport__step strong"),
        lens.locator(".transport__problem"),
        lens.get_by_role("button", name="Try again"),
    )
    lens.route("**/steps?*", lambda route: route.abort())
    lens.get_by_role("button", name="Next batch").click()
    expect(problem).to_contain_text("does not answer")
    expect(step).to_have_text("1")
    # the server answers all the same: then that is said, and what was lost can be asked for again
    expect(problem).to_contain_text("The server answers again. Step 2 was not taken.")
    assert lens.locator(".heatmap canvas").count() >= len(TENSORS)
    lens.unroute("**/steps?*")
    lens.mistakes.clear()  # type: ignore[attr-defined]  # the network error that was provoked
    again.click()
    expect(step).to_have_text("2")
    expect(problem).to_have_count(0)

    # what was taken although its answer was lost is not taken again, also where nothing else tells of it
    lens.evaluate(HIDE)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    lens.route("**/steps?*", lose)
    lens.get_by_role("button", name="Next batch").click()
    expect(problem).to_contain_text("does not answer")
    lens.unroute("**/steps?*")
    again.click()
    expect(step).to_have_text("3")
    expect(problem).to_have_count(0)
    # a step that does not come at once is said to be asked for, and what is shown is what it was
    held: list[Route] = []
    lens.route("**/steps/1?*", lambda route: held.append(route))
    lens.get_by_label("Go to step").fill("1")
    lens.keyboard.press("Enter")
    expect(lens.locator(".transport__newest")).to_have_text("asking for step 1…")
    expect(lens.locator("#lens")).to_have_attribute("aria-busy", "true")
    expect(step).to_have_text("3")
    held.pop().continue_()
    expect(step).to_have_text("1")
    expect(lens.locator("#lens")).to_have_attribute("aria-busy", "false")
    lens.unroute("**/steps/1?*")
    lens.locator(".transport__past").click()
    expect(step).to_have_text("3")
    # a look that fails is tried again, and no step is taken
    lens.route("**/steps/1?*", lambda route: route.abort())
    for name in ("1", "2", "1"):
        lens.get_by_label("Go to step").fill(name)
        lens.keyboard.press("Enter")
        expect(problem).to_have_count(1 if name == "1" else 0)  # gone with the next look that works
    lens.unroute("**/steps/1?*")
    expect(step).to_have_text("1")  # by itself, now that the server answers
    expect(problem).to_have_count(0)
    expect(lens.locator(".transport__past")).to_contain_text("newest is 3")
    lens.mistakes.clear()  # type: ignore[attr-defined]
    lens.get_by_label("Go to step").fill("2")
    lens.keyboard.press("Enter")
    expect(step).to_have_text("2")
    shows(lens, "step=2")

    # a view whose code does not come says so, and the page comes back where it was
    lens.route("**/help.js", lambda route: route.abort())
    lens.get_by_role("button", name="Help").click()
    expect(lens.get_by_role("alert")).to_contain_text("This view could not be fetched")
    lens.unroute("**/help.js")
    lens.mistakes.clear()  # type: ignore[attr-defined]
    lens.get_by_role("button", name="Try again").click()
    expect(lens.get_by_role("alert")).to_have_count(0)
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    lens.set_viewport_size({"width": 1280, "height": 720})
    lens.get_by_role("button", name="Help").click()
    expect(lens.get_by_role("heading", name="How to read the lens")).to_be_focused()
    assert lens.get_by_role("dialog").evaluate("box => box.scrollTop") == 0  # it begins at its beginning
    expect(lens.locator(".help__letters")).to_contain_text("weights and biases, the parameters")


def test_a_step_is_printed_whole_light_and_without_buttons(lens: Page, server: str) -> None:
    lens.emulate_media(color_scheme="dark")
    lens.goto(f"{server}/?preset=vanishing")
    expect(lens.locator(".transport__step strong")).to_have_text("1")
    lens.locator("#heatmap-dW-1").click()
    lens.emulate_media(media="print", color_scheme="dark")
    lens.set_viewport_size({"width": 703, "height": 994})  # A4 between its margins
    expect(lens.locator(".printed-head")).to_contain_text("Step 1 of 1")
    expect(lens.locator("html")).to_have_attribute("data-scheme", "light")
    expect(lens.locator(".page__run")).to_contain_text("moons")
    expect(lens.locator(".cell-card__exact")).to_be_visible()
    assert lens.locator(".button:visible, input:visible, .flow__mode:has(input:not(:checked)):visible").count() == 0
    sides = lens.locator(".heatmap__cells").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).flatMap(({ left, right }) => [left, right])"
    )
    assert len(sides) > 2 * 9 * len("W b Z A")
    assert min(sides) >= 0
    assert max(sides) <= 703
    lens.emulate_media(media="screen", color_scheme="dark")
    expect(lens.locator("html")).to_have_attribute("data-scheme", "dark")
    expect(lens.get_by_role("button", name="Next batch")).to_be_visible()
    expect(lens.locator(".printed-head")).to_have_count(0)


def test_a_browser_that_keeps_nothing_is_told_what_goes_with_the_page(page: Page, server: str) -> None:
    blocked = "() => { throw new DOMException('Access is denied for this document.', 'SecurityError') }"
    page.add_init_script(
        f"for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {{ configurable: true, get: {blocked} }})"
    )
    page.goto(server)
    page.get_by_role("button", name="Next batch").click()
    expect(page.locator(".transport__step strong")).to_have_text("2")  # its key is in the page's own memory
    expect(page.locator(".forgetful")).to_contain_text("edit link")
    page.locator(".forgetful").get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Dark scheme").click()
    expect(page.locator(".forgetful")).to_have_count(0)
    run = page.url.partition("?session=")[2].partition("&")[0]
    page.goto(f"{server}/compare?sessions={run}")
    expect(page.locator(".forgetful")).to_be_visible()
    page.goto(f"{server}/derivation?session={run}")
    expect(page.locator(".result").first).to_be_visible()


def test_a_second_tab_is_caught_up_with_and_not_stepped_twice(lens: Page) -> None:
    step_elsewhere = """async () => {
        const id = new URLSearchParams(location.search).get("session")
        const key = localStorage.getItem(`backscope-key-${id}`)
        await fetch(`/api/v1/sessions/${id}/steps`, { method: "POST", body: "{}",
          headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" } })
    }"""
    # a page hears of it
    lens.evaluate(step_elsewhere)
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    assert lens.locator(".transport__problem").count() == 0
    # one that was hidden does not
    lens.evaluate(HIDE)
    lens.evaluate(step_elsewhere)
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__problem")).to_contain_text("on to step 3, which is shown now")
    expect(lens.get_by_role("button", name="Try again")).to_have_count(0)
    lens.mistakes.clear()  # type: ignore[attr-defined]  # Chromium logs the 409
    expect(lens.locator(".transport__step strong")).to_have_text("3")
    # what of an address is not there or can't be read is said, and nothing is tried again
    lens.goto(f"{lens.url.partition('&')[0]}&step=abc&cell=W2.3.5&phase=dQ7")
    expect(lens.locator(".transport__problem")).to_contain_text("Step is “abc”, and must be a whole number")
    for words in ("cell is “W2.3.5”", "there is no phase dQ7"):
        expect(lens.locator(".transport__problem")).to_contain_text(words)
    expect(lens.get_by_role("button", name="Try again")).to_have_count(0)
    expect(lens.locator(".transport__step strong")).to_have_text("3")


@pytest.mark.parametrize("sizes", [[2, 2], [2, 8, 8, 8, 2], [2, 64, 2]])
def test_networks_of_other_shapes_fit(page: Page, server: str, sizes: list[int]) -> None:
    config = {"dataset": {"name": "xor"}, "layer_sizes": sizes, "batch_size": 16}
    made = page.request.post(f"{server}/api/v1/sessions", data=json.dumps(config), headers={"Content-Type": "application/json"}).json()
    page.request.post(
        f"{server}/api/v1/sessions/{made['id']}/steps",
        data="{}",
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {made['edit_key']}"},
    )
    page.goto(f"{server}/?session={made['id']}")
    page.wait_for_selector(".heatmap canvas")
    assert page.locator(".heatmap canvas").count() == 2 + 8 * (len(sizes) - 1) - 1
    fits(page)
