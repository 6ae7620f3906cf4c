"""Runs side by side: two clicks from a run to its fork, lockstep, differences, refusals."""

import re

import pytest
from pages import fits, shows, small_print, violations
from playwright.sync_api import Page, expect
from runs import MAKE
from test_accessibility import shown  # noqa: F401 (a fixture)

SMALL = {"dataset": {"name": "moons"}, "layer_sizes": [2, 4, 2], "batch_size": 6}
TAKE = """async (id) => await fetch(`/api/v1/sessions/${id}/steps`, { method: "POST", headers: { Authorization: `Bearer ${localStorage.getItem(`backscope-key-${id}`)}` } })"""
EDIT = """async (id) => await fetch(`/api/v1/sessions/${id}/edits`, {
    method: "POST", headers: { "Content-Type": "application/json", Authorization: `Bearer ${localStorage.getItem(`backscope-key-${id}`)}` },
    body: JSON.stringify({ action: { name: "ablate", layer: 1, unit: 2 } }),
})"""
DELETE = """async (id) => await fetch(`/api/v1/sessions/${id}`, { method: "DELETE", headers: { Authorization: `Bearer ${localStorage.getItem(`backscope-key-${id}`)}` } })"""
GET = "async (path) => await (await fetch('/api/v1' + path)).json()"


def ids(page: Page) -> list[str]:
    found = re.search(r"sessions=([^&]*)", page.url)
    assert found
    return found[1].split(",")


def step(page: Page):
    return page.locator(".transport__step strong")


def picture(page: Page, name: str, tensor: str, layer: int = 2):
    return page.locator(f'.compare__cells[data-name="{name}"][data-tensor="{tensor}"][data-layer="{layer}"]')


def number(text: str) -> float:
    """A number as the page writes it."""
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
    return float(text.translate(digits).replace("×10", "e"))


def test_two_clicks_from_a_run_to_its_comparison(page: Page, server: str) -> None:
    page.goto(server)
    made = page.evaluate(MAKE, [SMALL, 0])
    page.evaluate(EDIT, made)
    for _ in range(6):
        page.evaluate(TAKE, made)
    page.evaluate(EDIT, made)
    page.goto(f"{server}/?session={made}&cell=db.2.1.0&scale=shared&colors=logarithmic")
    expect(step(page)).to_have_text("6")
    page.get_by_role("button", name="Compare", exact=True).click()
    # a fork whose steps were not answered is there, which is said, and is what another try goes on with
    page.route("**/steps?*", lambda route: route.abort())
    page.locator("[data-choice=activation-tanh]").click()
    # the server is silent for as long as the page does not know better, and answers its next question
    expect(page.locator(".fork .problem")).to_contain_text("The fork is made and stands at step 0")
    expect(page.locator(".fork .problem")).to_contain_text("The server answers again. The fork is made")
    page.unroute("**/steps?*")
    page.mistakes.clear()  # type: ignore[attr-defined]  # that there was no answer
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url(re.compile("/compare"))
    known = page.evaluate("() => JSON.parse(localStorage.getItem('backscope-sessions')).map(({ id }) => id)")
    assert sorted(known) == sorted(ids(page))

    # where the lens looked, on its scale and in its colours
    expect(picture(page, "run B", "db").locator('[data-mark="cell"]')).to_have_count(1)
    expect(page.get_by_label("Layer", exact=True)).to_have_value("2")
    expect(page.get_by_label("same for a kind")).to_be_checked()
    expect(page.get_by_label("logarithmic").first).to_be_checked()
    page.locator(".compare__toggle[aria-pressed=true]", has_text="db").click()

    # how large the gradient of each layer is, beside each other; each layer is a way to its tensors
    norms = page.get_by_role("table", name="Norm of dW in each layer at step 6")
    for run, id in zip("AB", ids(page), strict=True):
        layers = page.evaluate(GET, f"/sessions/{id}/history")["layers"]
        told = norms.locator(f"[data-of={run}] td").all_inner_texts()
        assert [number(text) for text in told] == pytest.approx([layer["dW_l2"][5] for layer in layers], rel=0.06)
    page.get_by_role("button", name="Layer 1", exact=True).click()
    expect(picture(page, "run B", "dW", 1)).to_be_visible()
    page.get_by_role("button", name="Layer 2", exact=True).click()

    # both at the same step of the same start, and what makes the second different is said
    assert ids(page)[0] == made
    expect(step(page)).to_have_text("6")
    expect(page.locator("[data-run=B] .runs__words")).to_have_text("activation tanh instead of relu")
    expect(page.locator("[data-run=B] .runs__state")).to_have_text(
        # an edit before the first batch is part of the start; what was done later is missing, and that is said
        "same start as A · without 1 of A's 2 edits · edited before its first step: unit 2 of layer 1 ablated · 6 steps taken"
    )
    expect(page.locator(".compare__row")).to_have_count(4)
    expect(page.locator(".compare__notice")).to_have_count(0)

    # a cell chosen in one is chosen in all; its numbers and their difference are the server's
    picture(page, "run B", "dW").click(position={"x": 60, "y": 20})
    for name in ("run A", "run B", "B − A"):
        expect(picture(page, name, "dW").locator('[data-mark="cell"]')).to_have_count(1)
    readout = page.locator(".compare__readout[data-cell]")
    row, col = map(int, readout.get_attribute("data-cell").split(","))
    a, b = ids(page)
    told = page.evaluate(GET, f"/sessions/{a}/steps/6/difference?other={b}")
    assert told["same_batch"] is True
    exact = told["layers"][2]["dW"]["values"][row][col]
    assert number(readout.locator('[data-of="B-A"]').inner_text().split()[-1]) == pytest.approx(exact, rel=1e-4)
    mine = page.evaluate(GET, f"/sessions/{a}/steps/6")["layers"][2]["dW"]["values"][row][col]
    assert number(readout.locator('[data-of="A"]').inner_text().split()[-1]) == pytest.approx(mine, rel=1e-4)

    # all go on by one batch; phases and the past are for all
    page.get_by_role("button", name="Next batch for all").click()
    expect(step(page)).to_have_text("7")
    for run in "AB":
        expect(page.locator(f"[data-run={run}] .runs__state")).to_contain_text("7 steps taken")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Phase", exact=True)).to_have_value("Z1")
    expect(page.locator(".compare__row")).to_have_count(4)  # Z is made of W, A and b
    page.get_by_label("Phase", exact=True).select_option("G1")  # of an ablated unit the mask is next, alike in both
    equations = page.locator(".compare__equation")  # each run's own, and set
    expect(equations).to_have_count(2)
    expect(equations.nth(1).locator(".katex-mathml")).to_contain_text("tanh")
    page.get_by_label("Phase", exact=True).select_option("")
    page.keyboard.press("Shift+ArrowLeft")
    expect(step(page)).to_have_text("6")
    jump = page.get_by_label("Go to step")
    jump.fill("99")
    jump.press("Enter")
    expect(page.locator(".jump__refusal")).to_contain_text("must be a whole number from 1 to 7")

    # by keyboard, too
    cells = picture(page, "run A", "W")
    cells.focus()
    cells.press("ArrowRight")
    cells.press("ArrowDown")
    cells.press("Enter")
    expect(page).to_have_url(re.compile(r"cell=W\.2\.1\.1"))

    # the same numbers as a table, the largest difference first
    page.get_by_role("button", name="Table of dW[2] in all runs").click()
    table = page.get_by_role("dialog")
    expect(table.locator("tbody tr")).to_have_count(8)
    table.get_by_text("largest difference first").click()
    differences = page.evaluate(GET, f"/sessions/{a}/steps/6/difference?other={b}")["layers"][2]["dW"]["values"]
    most = min((-abs(value), (row, col)) for row, line in enumerate(differences) for col, value in enumerate(line))
    first = table.locator("tbody tr").first
    assert number(first.locator("td").last.inner_text()) == pytest.approx(differences[most[1][0]][most[1][1]], rel=1e-4)
    with page.expect_download() as download:
        table.get_by_role("button", name="CSV").click()
    named = [f"{letter} ({id[:8]})" for letter, id in zip("AB", ids(page), strict=True)]  # a file says of which runs it is
    assert download.value.path().read_text().splitlines()[0] == f"row,column,{named[0]},{named[1]},{named[1]} - {named[0]}"
    assert download.value.suggested_filename == "backscope-comparison-step-6-dW-2-cells.csv"
    first.get_by_role("button").click()
    expect(page).to_have_url(re.compile(rf"cell=dW\.2\.{most[1][0]}\.{most[1][1]}"))
    page.keyboard.press("Escape")
    expect(table).to_have_count(0)

    # curves have all runs, and a click goes to the step in all of them
    for plot in ("loss", "gradient"):
        expect(page.locator(f"[data-plot={plot}] .plot__legend li")).to_have_count(2)
    over = page.locator("[data-plot=loss] .u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    before = step(page).inner_text()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    expect(page.locator(".compare__pointed")).to_have_text("4")
    expect(step(page)).to_have_text(before)
    page.mouse.click(box["x"] + 2, box["y"] + 40)
    expect(step(page)).to_have_text("1")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV of Loss of all runs").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == f"step,loss of {named[0]},loss of {named[1]}"
    losses = [page.evaluate(GET, f"/sessions/{id}/history")["loss"] for id in ids(page)]
    assert [float(cell) for cell in lines[7].split(",")] == [7, losses[0][6], losses[1][6]]

    # on one scale for all, or each on its own, and then each has its own legend
    expect(page.locator(".compare__head .scale-strip")).to_have_count(7)  # a common start has no difference of W
    page.get_by_label("each its own").check()
    expect(page.locator(".compare__head .scale-strip")).to_have_count(0)
    expect(page.locator(".compare__head", has_text="each picture on its own scale")).to_have_count(4)
    expect(page.locator(".compare__cell", has=picture(page, "run A", "dW")).locator(".scale-strip")).to_have_count(1)
    expect(page).to_have_url(re.compile("scale=own"))

    # what is drawn follows the window
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".spreads")).to_have_attribute("width", re.compile(r"^3\d\d$"))
    expect(page.locator("[data-plot=loss] .uplot")).to_have_css("width", re.compile(r"^3\d\dpx$"))
    fits(page)
    # a run, and beside it what it is minus the first; with legends of their own three would be too many for a line
    places = [picture(page, name, "W").bounding_box() for name in ("run B", "B − A")]
    assert len({round(place["y"]) for place in places if place}) == 1
    page.set_viewport_size(wide)

    # on paper it is light, and nothing is there to be pressed but the numbers of the layers
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-scheme", "light")
    expect(page.locator(".printed-head")).to_contain_text("/compare?sessions=")
    assert page.locator(":is(button, input, select):visible").count() == page.locator(".norms__axis button").count()
    expect(picture(page, "run A", "dW")).to_be_visible()
    page.emulate_media(media="screen", color_scheme="light")

    # the link opens the same elsewhere
    expect(page).to_have_url(re.compile("step=1&"))
    page.reload()
    expect(step(page)).to_have_text("1")
    expect(page.locator(f".compare__readout[data-cell='{most[1][0]},{most[1][1]}']")).to_have_count(1)
    expect(page.get_by_label("each its own")).to_be_checked()

    # what was not answered is asked for again by itself; of a step it is looked whether it was taken, and said that it was not
    page.get_by_label("Go to step").fill("7")
    page.keyboard.press("Enter")
    expect(picture(page, "run A", "dW")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#compare").focus()
    page.keyboard.press("n")
    expect(page.locator(".transport__problem")).to_contain_text("does not answer")
    page.context.set_offline(False)
    expect(page.locator(".transport__problem")).to_contain_text("The server answers again. Step 8 was not taken.")
    expect(page.locator(".transport__problem").get_by_role("button", name="Try again")).to_be_visible()
    # as long as one looks at where it failed
    page.context.set_offline(True)
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator(".transport__problem")).to_have_count(0)
    expect(page.locator(".compare__rows")).to_contain_text("does not answer")
    page.context.set_offline(False)
    expect(picture(page, "run A", "dW")).to_be_visible()
    expect(step(page)).to_have_text("6")
    page.mistakes.clear()  # type: ignore[attr-defined]  # that there was no network


def test_a_fork_from_a_step_on_and_runs_that_can_not_be_compared(page: Page, server: str) -> None:
    page.goto(server)
    one = page.evaluate(MAKE, [SMALL, 5])
    other = page.evaluate(MAKE, [{**SMALL, "layer_sizes": [2, 3, 2]}, 3])
    page.goto(f"{server}/?session={one}&step=3&phase=dW2")
    expect(step(page)).to_have_text("3")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_text("from step 3 on").click()
    expect(page.locator("[data-choice=activation-tanh]")).to_have_count(0)

    # first what changes, then its fields; refused beside the field, by the page as far as it knows, and nothing is lost
    page.get_by_text("Something else").click()
    page.get_by_label("What changes").select_option("batch_size")
    size = page.get_by_role("textbox", name="Batch size")
    size.fill("1000")
    page.get_by_role("button", name="Compare with it").click()
    expect(page.locator(".fork .field__problem")).to_contain_text("Batch size is 1000; it must be at most 320, the training examples")
    expect(size).to_have_value("1000")
    assert [line for line in page.mistakes if "422" in line]  # type: ignore[attr-defined]
    page.mistakes.clear()  # type: ignore[attr-defined]  # how many examples there are, the server knows alone
    page.get_by_label("What changes").select_option("learning_rate")
    page.get_by_role("textbox", name="Learning rate").fill("12")
    expect(page.locator(".fork .field__problem")).to_contain_text("Learning rate is 12")
    expect(page.get_by_role("button", name="Compare with it")).to_be_disabled()
    page.get_by_role("textbox", name="Learning rate").fill("2")
    page.get_by_role("button", name="Compare with it").click()
    page.wait_for_url(re.compile("/compare"))
    expect(step(page)).to_have_text("5")
    expect(page.get_by_label("Phase", exact=True)).to_have_value("dW2")  # as in the lens
    page.get_by_label("Phase", exact=True).select_option("")
    expect(page.get_by_label("Layer", exact=True)).to_have_value("2")
    expect(page.locator("[data-run=B] .runs__words")).to_have_text("learning rate 2 instead of 0.1")
    expect(page.locator("[data-run=B] .runs__state")).to_contain_text("forked from A after step 3")
    # it is among one's sessions although it was never opened alone
    kept = page.evaluate("(id) => JSON.parse(localStorage.getItem('backscope-sessions')).find((one) => one.id === id)", ids(page)[1])
    assert (kept["step"], kept["parent"]) == (5, {"id": one, "step": 3})
    assert kept["change"] == "learning rate 2 instead of 0.1"
    expect(page.locator("[data-plot=loss]")).to_contain_text("dashed line: B forked from A after step 3")

    # the past is shared: up to the fork there is no difference
    page.get_by_label("Go to step").fill("3")
    page.get_by_label("Go to step").press("Enter")
    expect(picture(page, "B − A", "dW")).to_have_attribute("aria-label", re.compile("from 0 to 0"))
    expect(page.locator("[data-run=B] .runs__words")).to_have_text("the same up to here; from step 4 on learning rate 2 instead of 0.1")

    # the key of a link is taken along, unless it is wrong
    key = page.evaluate(
        "(name) => { const key = localStorage.getItem(name); localStorage.removeItem(name); return key }", f"backscope-key-{other}"
    )
    page.locator(".runs__id").fill(f"{server}/?session={other}#key=wrong")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".runs__add .problem")).to_contain_text("not this run's edit key")

    # another network: its curves are compared, its differences are refused where they would stand
    page.locator(".runs__id").fill(f"{server}/?session={other}#key={key}")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("[data-run=C] .runs__words")).to_contain_text("layers 2–3–2 instead of 2–4–2")
    expect(page.locator("[data-run=C] .runs__state")).not_to_contain_text("read only")
    expect(page.locator("[role=note]")).to_contain_text("Not the same network: C (2–3–2) has other layers than A (2–4–2)")
    expect(picture(page, "C − A", "dW")).to_have_count(0)
    expect(page.locator("[data-plot=loss] .plot__legend li")).to_have_count(3)

    # what is not there, twice, or too much
    for text, words in (("nowhere", "nowhere"), (one, "in the comparison already"), ("", "Type a session's id")):
        page.locator(".runs__id").fill(text)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator(".runs__add .problem")).to_contain_text(words)
    # the browser itself tells of answers that are refusals, on the console
    page.mistakes[:] = [m for m in page.mistakes if not any(status in m for status in ("403", "404", "422"))]  # type: ignore[attr-defined]

    # what is done elsewhere is heard of; who is behind is brought along, once or for as long as it goes on
    page.get_by_role("button", name="Remove run C").click()
    expect(page.locator("[data-run]")).to_have_count(2)
    page.go_back()  # a choice of runs is a place, and what was taken out is there on the way back
    expect(page.locator("[data-run=C] .runs__words")).to_contain_text("layers 2–3–2 instead of 2–4–2")
    expect(step(page)).to_have_text("3")
    page.go_forward()
    expect(page.locator("[data-run]")).to_have_count(2)
    page.get_by_label("Add one of your runs").select_option(other)  # this browser knows it now
    page.get_by_role("button", name="Remove run C").click()
    page.get_by_label("Go to step").fill("5")
    page.get_by_label("Go to step").press("Enter")
    page.evaluate(TAKE, one)
    expect(page.locator(".in-step__words")).to_have_text(
        "All are shown at step 5; the newest that each has taken: A at step 6; B at step 5."
    )
    expect(step(page)).to_have_text("5")  # which both have
    page.get_by_role("button", name="Bring B to step 6").click()
    expect(step(page)).to_have_text("6")
    expect(page.locator(".in-step")).to_have_count(0)
    page.evaluate(TAKE, one)
    along = page.get_by_label("Keep in step with what is done elsewhere")
    along.check()
    expect(step(page)).to_have_text("7")
    shows(page, "step=7")
    page.reload()  # which does not forget it
    expect(along).to_be_checked()
    page.evaluate(TAKE, one)
    expect(step(page)).to_have_text("8")
    expect(page).to_have_url(re.compile("step=8&"))
    for id in ids(page):
        assert page.evaluate(GET, f"/sessions/{id}")["step"] == 8
    page.evaluate(EDIT, one)
    expect(page.locator("[data-run=A] .runs__state")).to_contain_text("edited after step 8: unit 2 of layer 1 ablated")

    expect(page).to_have_url(re.compile("step=8&"))

    # without its key a run stays where it is, and that is said; what is not of the same step is not subtracted unasked
    page.evaluate("(id) => localStorage.removeItem(`backscope-key-${id}`)", one)
    page.reload()
    expect(page.locator("[data-run=A] .runs__state")).to_contain_text("read only")
    page.get_by_role("button", name="Next batch for all").click()
    expect(step(page)).to_have_text("9")
    expect(page.locator("[data-run=A] .runs__state")).to_contain_text("so it stays at step 8")
    expect(page.locator(".compare__none").first).to_contain_text("A is at step 8, B at step 9")
    expect(picture(page, "run B", "dW")).to_have_count(1)
    expect(page.locator(".compare__apart .compare__cells")).to_have_count(0)
    expect(page.locator(".compare__scale", has_text="difference")).to_have_count(0)
    page.get_by_role("button", name="Subtract all the same in B − A of dW[2]").click()
    expect(page.locator("[data-unlike=step] .compare__cells")).to_have_count(4)
    expect(page).to_have_url(re.compile("unlike=drawn"))

    # nor what is of other examples; parameters are of none
    other = page.evaluate(MAKE, [{**SMALL, "batch_size": 4}, 5])
    page.goto(f"{server}/compare?sessions={one},{other}&step=5")
    expect(page.locator("[role=note]")).to_contain_text("Not the same batch: B learned from other examples")
    expect(page.locator(".compare__apart .compare__cells")).to_have_count(1)
    expect(page.locator('.compare__apart .compare__cells[data-tensor="W"]')).to_have_count(1)
    page.get_by_role("button", name="Draw them all the same").click()
    expect(page.locator("[data-unlike=batch] .compare__cells")).to_have_count(1)  # dW; activations have other numbers of columns

    # of what is too large to come whole the service knows the order
    wide = {"dataset": {"name": "digits"}, "layer_sizes": [64, 1100, 10], "batch_size": 2}
    pair = [page.evaluate(MAKE, [wide | {"hidden_activations": name}, 1]) for name in ("relu", "tanh")]
    page.goto(f"{server}/compare?sessions={','.join(pair)}&tensor=dW&layer=1&step=1")
    page.get_by_role("button", name="Table of dW[1] in all runs").click()
    table = page.get_by_role("dialog")
    table.get_by_text("largest difference first").click()
    values = page.evaluate(GET, f"/sessions/{pair[0]}/steps/1/difference?other={pair[1]}&include=dW&layers=1")["layers"][0]["dW"]["values"]
    _, row, col = min((-abs(value), row, col) for row, line in enumerate(values) for col, value in enumerate(line))
    first = table.locator("tbody tr").first
    expect(first.locator("th")).to_have_text(f"{row}, {col}")
    assert number(first.locator("td").last.inner_text()) == pytest.approx(values[row][col], rel=1e-4)
    expect(table.locator(".table__pager")).to_contain_text("of 70,400")

    # deleted while it is looked at; a key that is not the run's
    page.evaluate("(id) => localStorage.setItem(`backscope-key-${id}`, 'nonsense')", one)
    page.goto(f"{server}/compare?sessions={one},{other}&step=5")
    expect(picture(page, "run B", "W", 1)).to_have_count(1)
    expect(page.get_by_label("Layer", exact=True)).to_have_value("1")  # where nothing else is chosen
    page.get_by_label("Go to step").fill("8")
    page.get_by_label("Go to step").press("Enter")
    expect(step(page)).to_have_text("8")
    page.get_by_role("button", name="Next batch for all").click()
    expect(page.locator(".compare__transport .problem")).to_contain_text("Run A is read only.")
    expect(page.locator(".compare__late").first).to_contain_text("at its step 8, not 9")  # B has gone on, and its picture has come
    page.evaluate(DELETE, other)
    expect(page.locator("[data-run=B] .problem")).to_contain_text("This run was deleted")
    # what was seen of it stays, and is said to be gone, also where the other goes on; until it is taken out
    page.keyboard.press("Shift+ArrowLeft")
    expect(step(page)).to_have_text("7")
    expect(page.locator(".compare__cell[data-gone]").first).to_contain_text("deleted; as it was at step 9")
    expect(picture(page, "run B", "W", 1)).to_be_visible()
    page.get_by_role("button", name="Remove run B").click()
    expect(page.locator(".compare__cell[data-gone]")).to_have_count(0)
    page.mistakes[:] = [m for m in page.mistakes if "403" not in m]  # type: ignore[attr-defined]

    # a session that is gone, and too few
    page.goto(f"{server}/compare?sessions=nowhere,{one},{one}&layer=7")
    expect(page.locator("[data-run=A] .problem")).to_contain_text("No such run. There is none with the id nowhere")
    expect(page.locator("main > .compare__notice")).to_contain_text("more than once; a run is compared once. None of them has a layer 7")
    expect(page.get_by_role("heading", name="A comparison takes at least two runs")).to_be_visible()
    page.goto(f"{server}/compare")
    expect(page.get_by_role("heading", name="No run is open")).to_be_visible()
    page.mistakes[:] = [m for m in page.mistakes if "404" not in m]  # type: ignore[attr-defined]


def test_axe_finds_nothing_in_a_comparison(shown: Page, server: str) -> None:  # noqa: F811
    made = [shown.evaluate(MAKE, [config, 2]) for config in (SMALL, {**SMALL, "seed": 1}, {**SMALL, "normalisation": "batch_norm"})]
    shown.get_by_role("button", name="Compare", exact=True).click()
    shown.wait_for_timeout(150)  # the dialog comes to rest
    found = {"dialog": violations(shown)}
    for query in (f"{','.join(made[:2])}&phase=dW2&cell=dW.2.0.0&unlike=drawn", f"{','.join(made)}&layer=all&scale=own", "nowhere"):
        shown.goto(f"{server}/compare?sessions={query}")
        shown.locator(".compare__row, .problem").first.wait_for()
        if "phase" in query:
            shown.locator("[data-unlike] .compare__cells").first.wait_for()
            found["phase"] = violations(shown)  # what lies behind the dialog is not looked at with it
            shown.get_by_role("button", name="Table of dW[2]").click()
            shown.wait_for_timeout(150)  # the dialog comes to rest
        found[query] = violations(shown)
        fits(shown)
        assert small_print(shown) == {}
    assert not any(found.values()), found
