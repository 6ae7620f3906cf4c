"""Element by element, the examples' agreement, the proof: what they draw and say are numbers of the step on the page."""

import json
import re

from pages import fits
from playwright.sync_api import Page, Request, Route, expect
from runs import open_run

READ_STEP = """async (step) => {
    const id = new URLSearchParams(location.search).get("session")
    return (await fetch(`/api/v1/sessions/${id}/steps/${step}`)).json()
}"""

READ_NEWEST = """async () => {
    const id = new URLSearchParams(location.search).get("session")
    return (await (await fetch(`/api/v1/sessions/${id}`)).json()).step
}"""


def open_view(lens: Page, name: str) -> None:
    lens.get_by_role("tab", name=name).click()


def test_what_the_gate_says_of_a_cell_is_its_three_numbers(lens: Page) -> None:
    open_view(lens, "Element by element")
    grids = lens.locator(".gate .cell-grid")
    expect(grids).to_have_count(3)
    layer = lens.evaluate(READ_STEP, 1)["layers"][1]
    box = grids.nth(2).bounding_box()
    assert box is not None
    for row, col in ((0, 0), (5, 7), (31, 31)):
        grids.nth(2).hover(position={"x": (col + 0.5) * box["width"] / 32, "y": (row + 0.5) * box["height"] / 32})
        expect(lens.locator(".gate .readout")).to_contain_text(f"Unit {row} of hidden 1, example {col}:")
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", lens.locator(".gate__product").inner_text().replace("\u2212", "-"))]
        dA, slope, dZ = numbers
        assert abs(dA - layer["dA"]["values"][row][col]) < 1e-3
        assert slope == (1 if layer["Z"]["values"][row][col] > 0 else 0)
        assert abs(dZ - layer["dZ"]["values"][row][col]) < 1e-3
        expect(lens.locator(".gate .cell-grid__mark")).to_have_count(3)


def test_the_gate_counts_what_is_stopped(lens: Page) -> None:
    open_view(lens, "Element by element")
    Z = lens.evaluate(READ_STEP, 1)["layers"][1]["Z"]["values"]
    stopped = sum(z <= 0 for row in Z for z in row)
    expect(lens.locator(".gate__words")).to_contain_text(f"{stopped} of the 1,024 numbers of hidden 1 are stopped")
    # the slopes as a table, each a door to its dZ
    lens.get_by_text("Slope of hidden 1 as a table").click()
    table = lens.locator(".matrix-table .table__numbers")
    expect(table.locator("tbody tr")).to_have_count(32)
    assert table.locator("tbody tr").nth(3).locator("td").all_inner_texts() == ["1" if z > 0 else "0" for z in Z[3][:16]]
    lens.get_by_role("button", name="examples after").click()
    expect(table.locator("thead th").nth(1)).to_have_text("16")
    table.locator("tbody tr").nth(3).locator("button").nth(1).click()
    expect(lens).to_have_url(re.compile(r"cell=dZ\.1\.3\.17(&|$)"))
    shown = [int(text.split()[0]) for text in lens.locator(".gate__counts").first.locator("text").all_text_contents()]
    assert shown == [sum(z <= 0 for z in row) for row in Z]
    # a sigmoid stops nothing: nothing to count, and nothing hatched to explain
    open_run(lens, {"hidden_activations": "sigmoid"}, "gate")
    expect(lens.locator(".gate__words")).to_contain_text("None of the 1,024 numbers of hidden 1 is stopped")
    expect(lens.locator(".gate__counts")).to_have_count(0)
    expect(lens.locator(".gate .legend")).not_to_contain_text("stopped")


def test_a_mask_and_a_normalisation_have_pictures_of_their_own(lens: Page) -> None:
    open_run(lens, {"layer_sizes": [64, 12, 10], "batch_size": 16, "dropout": 0.4, "normalisation": "batch_norm"}, "gate")
    layer = lens.evaluate(READ_STEP, 1)["layers"][1]
    stages = lens.locator(".gate__stage")
    expect(stages).to_have_count(3)
    expect(lens.locator(".gate .cell-grid")).to_have_count(3 + 3 + 5)
    grid = stages.nth(1).locator(".cell-grid").nth(2)
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    row, col = next((j, i) for j in range(12) for i in range(16) if layer["dN"]["values"][j][i] != 0)
    grid.hover(position={"x": (col + 0.5) * box["width"] / 16, "y": (row + 0.5) * box["height"] / 12})
    expect(lens.locator(".gate .readout")).to_contain_text(f"Unit {row} of hidden 1, example {col}: kept and made larger by the mask")
    expect(lens.locator(".gate .cell-grid__mark")).to_have_count(3 + 3 + 3)  # dV and dM have no such cell
    said = " ".join(lens.locator(".gate__product").all_inner_texts()).replace("\u2212", "-")
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", said)]
    wanted = [layer[name]["values"][row][col] for name in ("dA", "D", "dG", "dG", "dN", "dZhat", "dZ")]
    wanted.insert(4, 1)  # the slope where something passes
    assert len(numbers) == len(wanted)
    for number, value in zip(numbers, wanted, strict=True):
        assert abs(number - value) <= 1e-3 * abs(value) + 1e-4
    dropped = sum(d == 0 for values in layer["D"]["values"] for d in values)
    expect(stages.first).to_contain_text(f"{dropped} of the 192 numbers of hidden 1 are dropped in this step")
    expect(stages.last).to_contain_text("each row of dZ adds up to 0")
    stages.last.locator(".cell-grid").nth(2).click(position={"x": 4, "y": 4})
    expect(lens).to_have_url(re.compile(r"cell=dV\.1\.0\.0(&|$)"))
    # no example has a pass of its own here: said where one would try
    open_view(lens, "Batch")
    expect(lens.locator(".batch__bar")).to_contain_text("an example has no pass of its own")
    expect(lens.locator(".example").first).to_be_disabled()
    open_view(lens, "Pictures")
    expect(lens.locator(".pictures__legend")).to_contain_text("an example has no pass of its own")
    expect(lens.locator(".pair")).not_to_have_count(0)
    expect(lens.locator(".pair .link")).to_have_count(0)


def test_a_cell_is_reached_and_chosen_by_keyboard(lens: Page) -> None:
    open_view(lens, "Element by element")
    lens.locator(".gate .cell-grid").first.wait_for()
    lens.locator("#tab-gate").focus()
    for _ in range(12):
        lens.keyboard.press("Tab")
        if lens.evaluate("document.activeElement.classList.contains('cell-grid')"):
            break
    lens.keyboard.press("ArrowDown")
    lens.keyboard.press("ArrowRight")
    expect(lens.locator(".gate .readout")).to_contain_text("Unit 1 of hidden 1, example 1:")
    lens.keyboard.press("Enter")
    expect(lens).to_have_url(re.compile(r"cell=dA\.1\.1\.1(&|$)"))


def test_the_output_layer_says_why_it_has_no_slope(lens: Page) -> None:
    open_view(lens, "Element by element")
    lens.get_by_role("radio", name="output").check()
    expect(lens.locator(".gate")).to_contain_text("taken together with the loss")
    expect(lens.locator(".gate .cell-grid")).to_have_count(0)


def test_agreement_is_that_of_the_terms(lens: Page) -> None:
    open_view(lens, "Examples' agreement")
    expect(lens.locator(".agreement__layer")).to_have_count(2)
    trace = lens.evaluate(READ_STEP, 1)
    dZ, A = trace["layers"][2]["dZ"]["values"], trace["layers"][1]["A"]["values"]
    row, col = next((j, k) for j in range(10) for k in range(32) if sum(a != 0 for a in A[k]) > 8)
    terms = [z * a for z, a in zip(dZ[row], A[col], strict=True)]
    index = abs(sum(terms)) / sum(abs(term) for term in terms)
    grid = lens.locator(".agreement__layer").nth(1).locator(".cell-grid").first
    box = grid.bounding_box()
    assert box is not None
    grid.hover(position={"x": (col + 0.5) * box["width"] / 32, "y": (row + 0.5) * box["height"] / 10})
    expect(lens.locator(".agreement .readout")).to_contain_text(f"from unit {col} of hidden 1 to unit {row}")
    said = float(lens.locator(".agreement .readout strong").inner_text().split(":")[0])
    assert abs(said - index) < 1e-3
    lens.get_by_text("Cancellation index of db of output as a table").click()
    bias = [abs(sum(line)) / sum(abs(z) for z in line) for line in dZ]
    expect(lens.locator(".matrix-table td")).to_have_count(10)
    for text, value in zip(lens.locator(".matrix-table td").all_inner_texts(), bias, strict=True):
        assert abs(float(text) - value) < 1e-3
    grid.click(position={"x": (col + 0.5) * box["width"] / 32, "y": (row + 0.5) * box["height"] / 10})
    expect(lens).to_have_url(re.compile(rf"cell=dW\.2\.{row}\.{col}(&|$)"))


def test_a_proof_is_of_its_own_step_alone(lens: Page) -> None:
    # the door beside the lens runs the check where one sees it, and leads the keyboard there
    lens.get_by_role("button", name="Check the gradients").click()
    expect(lens.locator(".proof__verdict")).to_contain_text("The gradients are right")
    expect(lens.locator("#tab-proof")).to_be_focused()
    expect(lens.locator("#tab-proof")).to_be_in_viewport(ratio=1)
    expect(lens.locator(".proof__verdict")).to_be_in_viewport(ratio=1)
    tab, transport = (lens.locator(one).bounding_box() for one in ("#tab-proof", ".page__transport"))
    assert tab is not None
    assert transport is not None
    assert tab["y"] >= transport["y"] + transport["height"]
    expect(lens.locator(".proof__table tbody tr")).to_have_count(5)
    expect(lens.locator(".proof .cell-grid")).to_have_count(5)
    expect(lens.locator(".proof .matrix-table")).to_have_count(5)
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".proof__verdict")).to_have_count(0)
    expect(lens.locator(".proof .cell-grid")).to_have_count(0)
    expect(lens.locator(".proof__late")).to_contain_text("That was step 1. The page now shows step 2")


def test_the_worst_cell_is_a_door(lens: Page) -> None:
    open_view(lens, "Proof")
    lens.get_by_role("button", name="Check every gradient").click()
    door = lens.locator(".proof__table tbody tr").nth(1).locator(".proof__door")
    row, col = re.findall(r"\d+", door.locator(".soft").inner_text())
    door.click()
    expect(lens).to_have_url(re.compile(rf"cell=dW\.1\.{row}\.{col}(&|$)"))

    # of a network that is too large for all of its cells, those that were checked are drawn where they are
    lens.route("**/gradcheck*", lambda route: route.continue_(post_data=json.dumps({"cells_per_tensor": 40})))
    with lens.expect_response("**/gradcheck*") as answer:
        lens.get_by_role("button", name="Check every gradient").click()
    expect(lens.locator(".proof__legend")).to_contain_text("not checked")
    expect(lens.locator(".proof .cell-grid")).to_have_count(5)
    dW = answer.value.json()["tensors"][1]
    sample = dW["sample"]
    checked = dict(zip(zip(sample["rows"], sample["cols"], strict=True), sample["errors"], strict=True))
    expect(lens.locator(".proof__map").nth(1)).to_contain_text("40 of 2,048 checked")
    grid = lens.locator(".proof .cell-grid").nth(1)
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    missing = next((row, col) for row in range(32) for col in range(64) if (row, col) not in checked)
    for at in (*list(checked)[:2], missing):
        grid.hover(position={"x": (at[1] + 0.5) * box["width"] / 64, "y": (at[0] + 0.5) * box["height"] / 32})
        expect(lens.locator(".proof .readout")).to_contain_text(
            "not checked" if at == missing else "equal" if checked[at] == 0 else "relative error"
        )
    lens.unroute("**/gradcheck*")


def test_the_update_is_held_against_its_prediction(lens: Page) -> None:
    open_view(lens, "Proof")
    lens.locator(".after__bars").wait_for()
    trace = lens.evaluate(READ_STEP, 1)
    predicted = sum(
        gradient * (new - old)
        for layer in trace["layers"][1:]
        for name, after in (("W", "W_next"), ("b", "b_next"))
        for gradients, news, olds in zip(layer[f"d{name}"]["values"], layer[after]["values"], layer[name]["values"], strict=True)
        for gradient, new, old in zip(gradients, news, olds, strict=True)
    )
    said = float(lens.locator('[data-bar="predicted"] .after__number').inner_text().replace("\u2212", "-"))
    assert abs(said - predicted) < 1e-3 * abs(predicted)
    parts = [float(text.replace("\u2212", "-")) for text in lens.locator('[data-bar="part"] .after__number').all_inner_texts()]
    assert abs(sum(parts) - predicted) < 1e-3


def test_what_the_server_refuses_stands_beside_the_button(lens: Page) -> None:
    problem = json.dumps({"title": "Out of room", "detail": "No memory for this check.", "status": 503})

    def refuse(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body=problem)

    lens.route("**/gradcheck*", refuse)
    open_view(lens, "Proof")
    lens.get_by_role("button", name="Check every gradient").click()
    expect(lens.locator(".proof .problem")).to_contain_text("No memory for this check.")
    lens.unroute("**/gradcheck*")
    lens.get_by_role("button", name="Try again").click()
    expect(lens.locator(".proof__verdict")).to_be_visible()
    lens.mistakes[:] = [m for m in lens.mistakes if "503" not in m]  # type: ignore[attr-defined]  # the refusal that was provoked


def test_playing_never_asks_two_things_at_once(lens: Page) -> None:
    open_view(lens, "Element by element")
    lens.locator(".gate .cell-grid").first.wait_for()
    under_way = {"now": 0, "most": 0, "all": 0, "steps": 0}

    def began(request: Request) -> None:
        if "/tensors/slope" in request.url:
            under_way["now"] += 1
            under_way["all"] += 1
            under_way["most"] = max(under_way["most"], under_way["now"])
        under_way["steps"] += is_step(request)

    def ended(request: Request) -> None:
        under_way["now"] -= "/tensors/slope" in request.url
        under_way["steps"] -= is_step(request)

    def is_step(request: Request) -> bool:
        return request.method == "POST" and request.url.endswith("/steps")

    def shown() -> int:
        return int(lens.locator(".transport__step strong").inner_text())

    lens.on("request", began)
    lens.on("requestfinished", ended)
    lens.on("requestfailed", ended)
    lens.locator(".transport select").select_option(label="10/s")
    lens.get_by_role("button", name="Play").click()
    expect(lens.locator(".transport__step strong")).to_have_text(re.compile(r"^([89]|\d\d+)$"))
    lens.get_by_role("button", name="Pause").click()
    assert under_way["all"] >= 2
    assert under_way["most"] == 1
    # a step that was under way at Pause still comes
    for _ in range(250):
        if not under_way["steps"] and shown() == lens.evaluate(READ_NEWEST):
            break
        lens.wait_for_timeout(20)
    Z = lens.evaluate(READ_STEP, shown())["layers"][1]["Z"]["values"]
    expect(lens.locator(".gate__words")).to_contain_text(f"{sum(z <= 0 for row in Z for z in row)} of the 1,024 numbers")


def test_on_a_phone_nothing_is_wider_than_the_window(lens: Page) -> None:
    lens.set_viewport_size({"width": 390, "height": 844})
    # what a door of the inspector opens is in sight, and the keyboard in it
    lens.locator(".overview__doors").scroll_into_view_if_needed()
    lens.evaluate("scrollBy(0, 300)")
    lens.get_by_role("button", name="Where the loss came from").click()
    expect(lens.locator("#inspector")).to_be_focused()
    expect(lens.locator(".cell-card__value")).to_be_in_viewport(ratio=1)
    lens.keyboard.press("Escape")
    for name in ("Element by element", "Examples' agreement", "Proof"):
        open_view(lens, name)
        if name == "Proof":
            lens.get_by_role("button", name="Check every gradient").click()
        lens.locator(".cell-grid").first.wait_for()
        fits(lens)
    # of the transport the buttons alone stay in sight, and take little of it
    lens.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    buttons = lens.locator(".transport__buttons").bounding_box()
    assert buttons is not None
    assert (buttons["y"], buttons["height"] < 64) == (0, True)
    expect(lens.locator(".transport__step")).not_to_be_in_viewport()
