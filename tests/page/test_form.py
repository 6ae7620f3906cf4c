"""The form of a run: every ingredient of the catalogue, data of one's own, presets."""

import re
from typing import Any

import pytest
from pages import shows
from playwright.sync_api import Locator, Page, expect


@pytest.fixture
def form(lens: Page) -> Locator:
    lens.get_by_role("button", name="New run").click()
    expect(lens.get_by_role("dialog")).to_be_visible()  # its code comes when it is first asked for
    return lens.get_by_role("dialog")


def start(form: Locator) -> None:
    form.get_by_role("button", name="Start run").click()
    expect(form).to_have_count(0)


def config_of(page: Page) -> dict[str, Any]:
    """The configuration of the run on the page, as the server keeps it."""
    config: dict[str, Any] = page.evaluate(
        "async () => (await (await fetch(`/api/v1/sessions/${new URLSearchParams(location.search).get('session')}`)).json()).config"
    )
    return config


def refused(page: Page) -> None:
    """Chromium itself logs the 422 that a test provoked."""
    page.mistakes[:] = [mistake for mistake in page.mistakes if "422" not in mistake]  # type: ignore[attr-defined]


def test_offers_every_entry_of_every_register(lens: Page, form: Locator) -> None:
    catalog = lens.evaluate("async () => (await fetch('/api/v1/catalog')).json()")
    for label, entries in {
        "Dataset": catalog["datasets"],
        "Activation of hidden layers": catalog["activations"],
        "Initialisation": catalog["initializers"],
        "Optimizer": catalog["optimizers"],
        "Learning rate over time": catalog["schedules"],
    }.items():
        options = form.get_by_label(label, exact=True).locator("option")
        assert options.all_text_contents() == [entry["title"] for entry in entries], label
    normalisations = form.get_by_label("Normalisation of hidden layers").locator("option").all_text_contents()
    assert normalisations == ["None", *(entry["title"] for entry in catalog["normalisations"])]
    clippings = form.get_by_label("Clipping of gradients").locator("option").all_text_contents()
    assert clippings == ["None", *(entry["title"] for entry in catalog["clippings"])]


def test_parameters_come_with_their_ingredient_and_reach_the_run(lens: Page, form: Locator) -> None:
    form.get_by_label("Activation of hidden layers").select_option("leaky_relu")
    form.get_by_label("Negative slope").fill("0.2")
    form.get_by_label("Optimizer", exact=True).select_option("adam")
    form.get_by_text("More of Adam").click()
    form.get_by_label("Beta1").fill("0.8")
    form.get_by_text("Schedule and clipping").click()
    form.get_by_label("Learning rate over time").select_option("cosine")
    form.get_by_label("Lowest").fill("0.0001")
    form.get_by_label("Clipping of gradients").select_option("norm")
    form.get_by_text("Dropout and weights of your own").click()
    form.get_by_label("Dropout", exact=True).fill("0.25")
    start(form)
    config = config_of(lens)
    assert config["hidden_activations"] == [{"name": "leaky_relu", "negative_slope": 0.2}]
    assert config["optimizer"]["beta1"] == 0.8
    assert config["schedule"] == {"name": "cosine", "steps": 1000, "lowest": 0.0001}
    assert (config["clipping"], config["dropout"]) == ("norm", 0.25)
    expect(lens.locator(".page__run")).to_contain_text("leaky_relu 0.2")

    # and the form opens with what the run has
    lens.get_by_role("button", name="New run").click()
    expect(form.get_by_label("Negative slope")).to_have_value("0.2")
    expect(form.get_by_label("Lowest")).to_have_value("0.0001")
    start(form)
    assert config_of(lens) == config


def test_each_hidden_layer_may_be_its_own(lens: Page, form: Locator) -> None:
    form.get_by_label("The same for all hidden layers").uncheck()
    form.get_by_role("button", name="Add a layer").click()
    second = form.get_by_role("group", name="Hidden 2")
    second.get_by_label("Units").fill("12")
    second.get_by_label("Activation").select_option("elu")
    second.get_by_label("Alpha").fill("2")
    second.get_by_label("Dropout").fill("0.5")
    expect(form.locator(".shape__sizes")).to_have_text("64 → 32 → 12 → 10")
    second.get_by_label("Dropout").fill("2")
    form.get_by_role("button", name="Start run").click()
    expect(second.get_by_label("Dropout")).to_have_attribute("aria-invalid", "true")
    expect(second.get_by_label("Dropout")).to_be_focused()
    refused(lens)
    second.get_by_label("Dropout").fill("0.5")
    start(form)
    config = config_of(lens)
    assert config["layer_sizes"] == [64, 32, 12, 10]
    assert config["hidden_activations"] == ["relu", {"name": "elu", "alpha": 2}]
    assert config["dropout"] == [0, 0.5]


def test_a_normalisation_is_chosen_stepped_and_walked_through(lens: Page, form: Locator) -> None:
    form.get_by_label("Normalisation of hidden layers").select_option("batch_norm")
    form.get_by_label("Momentum", exact=True).fill("0.2")
    expect(form.locator(".shape__count")).to_contain_text("2,474 parameters")
    start(form)
    assert config_of(lens)["normalisation"] == [{"name": "batch_norm", "eps": 1e-5, "momentum": 0.2}]
    strip = lens.locator(".phases__strip")
    strip.get_by_role("button", name=re.compile("^backward 1, hidden 1: ")).click()  # too many phases for one line
    strip.get_by_role("button", name="dγ[1]").click()
    expect(lens).to_have_url(re.compile("phase=dgamma1"))
    lens.get_by_role("tab", name="Element by element").click()
    expect(lens.get_by_role("heading", name="not element by element")).to_be_visible()
    lens.get_by_role("tab", name="Gradient flow").click()
    expect(lens.locator(".flow__legend")).to_contain_text("changed by the normalisation")


def test_outputs_follow_the_targets_and_only_what_fits_is_offered(form: Locator) -> None:
    loss = form.get_by_label("Loss", exact=True)
    expect(loss).to_have_value("cross_entropy")
    expect(form.get_by_label("Output activation")).to_have_count(0)  # one fits, and it is in the loss's name
    form.get_by_label("Dataset").select_option("penguins")
    expect(loss).to_have_value("mse")
    expect(form.get_by_label("Output activation")).to_have_value("identity")
    assert "Softmax with cross-entropy" not in loss.locator("option").all_text_contents()
    expect(form.locator(".shape")).to_contain_text("3 features, 1 number to be told")
    form.get_by_label("Dataset").select_option("iris")
    expect(loss).to_have_value("cross_entropy")


def test_a_regression_is_shown_without_right_and_wrong(lens: Page, form: Locator) -> None:
    form.get_by_label("Dataset").select_option("penguins")
    start(form)
    expect(lens.locator(".page__run")).to_contain_text("identity with mse")
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    lens.get_by_role("tab", name="Batch").click()
    expect(lens.locator(".batch__table tbody tr")).to_have_count(32)
    expect(lens.locator(".batch__table thead")).to_contain_text("body mass (g): target")
    lens.locator(".batch__example").first.click()
    expect(lens.locator(".alone")).to_contain_text("Example 0 alone, loss")
    lens.get_by_role("button", name="Whole batch").click()
    seen = lens.locator("body").inner_text()
    for tab in ("Curves", "Gradient flow"):
        lens.get_by_role("tab", name=tab).click()
        lens.locator(".tabs__panel canvas, .tabs__panel svg").first.wait_for()
        seen += lens.locator("body").inner_text()
    assert "accuracy" not in seen
    assert not re.search(r"NaN|undefined|class 0|nats", seen)


def test_arrays_of_ones_own_are_typed_kept_and_refused_at_their_cell(lens: Page, form: Locator) -> None:
    form.get_by_label("Dataset").select_option("inline")
    form.get_by_label("X", exact=True).fill("0 0 1 x\n0 1 0 1")
    form.get_by_label("Y", exact=True).fill("0 1 1 0")
    form.get_by_label("Batch size").fill("4")
    form.get_by_role("button", name="Start run").click()
    expect(form.get_by_label("X", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(form).to_contain_text("X[0][3]")
    refused(lens)
    form.get_by_label("X", exact=True).fill("0 0 1 1\n0 1 0 1")
    expect(form.get_by_label("Loss", exact=True)).to_have_value("binary_cross_entropy")
    form.get_by_role("textbox", name="Hidden layers").fill("2")
    start(form)
    assert config_of(lens)["layer_sizes"] == [2, 2, 1]
    lens.get_by_role("button", name="New run").click()
    expect(form.get_by_label("X", exact=True)).to_have_value("0 0 1 1\n0 1 0 1")
    start(form)


def test_the_form_fits_a_phone(lens: Page, form: Locator) -> None:
    lens.set_viewport_size({"width": 390, "height": 844})
    form.get_by_label("The same for all hidden layers").uncheck()
    for fold in form.locator("summary").all():
        fold.click()
    # no presets can be pointed at: each says what is to be seen in it
    sentence = form.locator("#preset-zeros")
    sentence.scroll_into_view_if_needed()
    expect(sentence).to_be_in_viewport(ratio=1)
    assert sentence.evaluate("(words) => words.clientWidth") > 150
    widths = form.evaluate("(dialog) => [dialog.scrollWidth, dialog.clientWidth, document.documentElement.scrollWidth]")
    assert widths[0] <= widths[1] <= widths[2] <= 390


def test_every_preset_is_one_click_and_one_link(lens: Page, form: Locator, server: str) -> None:
    presets = lens.evaluate("async () => (await (await fetch('/api/v1/catalog')).json()).presets")
    links = form.locator(".presets__preset")
    assert [link.get_attribute("href") for link in links.all()] == [f"/?preset={preset['name']}" for preset in presets]
    form.get_by_role("link", name="XOR in two units").click()
    expect(form).to_have_count(0)
    expect(lens.locator(".transport__step strong")).to_have_text("100")
    expect(lens.locator(".preset-note")).to_contain_text("within 0.1 of XOR")
    expect(lens.get_by_role("tab", name="Curves")).to_have_attribute("aria-selected", "true")
    assert float(lens.locator(".cell-card__exact").inner_text()) > 0.9
    lens.get_by_role("button", name="Put this note away").click()
    expect(lens.locator(".preset-note")).to_have_count(0)


@pytest.mark.parametrize("name", ["derivation", "textbook", "exploding", "zeros", "ravine_adam"])
def test_a_presets_address_opens_it(page: Page, server: str, name: str) -> None:
    page.goto(f"{server}/?preset={name}")
    expect(page.locator(".preset-note")).to_be_visible()
    preset = next(
        one for one in page.evaluate("async () => (await (await fetch('/api/v1/catalog')).json()).presets") if one["name"] == name
    )
    expect(page.locator(".preset-note")).to_contain_text(preset["look_for"])
    expect(page.locator(".transport__step strong")).to_have_text(str(preset["steps"]))
    if phase := preset["look"].get("phase"):
        shows(page, f"phase={phase}")
    if cell := preset["look"].get("cell"):
        shows(page, f"cell={cell['tensor']}.{cell['layer']}.{cell['row']}.{cell['col']}")
    expect(page).to_have_url(re.compile("session="))
    shows(page, f"preset={name}")
    scale = preset["look"].get("scale", "own")
    expect(page.locator(f".lens__choices input[value={scale}]")).to_be_checked()
    if beside := preset["beside"]:  # what it speaks of, and what it is seen best beside, is a click away
        below = page.get_by_role("button", name="Curves below")
        below.click()
        expect(page.get_by_role("tab", name="Curves")).to_be_focused()
        expect(page.locator("#tab-panel .u-over").first).to_be_in_viewport()
        expect(page.locator(".preset-note__below")).to_be_hidden()
        page.get_by_role("button", name=f"Compare with {beside['words']}").click()
        expect(page).to_have_url(re.compile(f"/compare.*&step={preset['steps']}&"))
        expect(page.locator("[data-run=B]").first).to_contain_text("optimizer sgd (learning rate 1.9) instead of adam (learning rate 0.1)")
    if scale != "shared":
        return
    # the gradients of all layers are told beside the lanes, in sight, each as long as its power of ten
    table = page.locator(".overview__layers")
    last = table.locator("tbody tr").last
    expect(last).to_be_in_viewport()
    bars = [bar.bounding_box() for bar in table.locator("td:nth-child(2) .overview__bar").all()]
    widths = [bar["width"] for bar in bars if bar]
    assert widths[0] < widths[4] < widths[7]  # dA of layers 8, 4 and 1: it explodes on its way back
    # opened again, by its address, it says and shows the same; put away, it is not in the address any more
    page.locator("#tab-health").click()
    page.locator(".lens__choices").get_by_text("linear").click()
    shows(page, "tab=health")
    session = page.url
    page.reload()
    expect(page.locator(".preset-note")).to_contain_text(preset["look_for"])
    expect(page.get_by_role("tab", name="Health")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".lens__choices input[value=shared]")).to_be_checked()
    expect(page.locator(".lens__choices input[value=linear]")).to_be_checked()  # one's own choice, not the preset's
    shows(page, "colors=linear")
    expect(page).to_have_url(session)
    # another run is drawn as any is
    page.get_by_role("button", name="New run").click()
    page.get_by_role("button", name="Start run").click()
    expect(page.locator(".preset-note")).to_have_count(0)
    expect(page.locator(".lens__choices input[value=own]")).to_be_checked()
    page.go_back()
    expect(page.locator(".lens__choices input[value=shared]")).to_be_checked()
    page.get_by_role("button", name="Put this note away").click()
    expect(page).not_to_have_url(re.compile("preset="))


def test_every_wrong_number_is_marked_at_once_in_words_of_the_page(lens: Page, form: Locator) -> None:
    wrong = {"Batch size": "abc", "Hidden layers": "32, -3", "Learning rate": "1e9", "Seed": "-1.5"}
    for label, text in wrong.items():
        form.get_by_role("textbox", name=label, exact=True).fill(text)
    expect(form.locator(".field__problem")).to_have_count(0)
    form.get_by_role("button", name="Start run").click()
    expect(form.locator(".field__problem")).to_have_text(
        [
            re.compile(r"^Batch size is abc; it must be a whole number, at least 1 and at most [\d,]+\.$"),
            "Hidden layers: -3 can't be; each must be a whole number, at least 1.",
            re.compile("^Learning rate is 1e9; it must be a finite number, above 0"),
            re.compile(r"^Seed is -1\.5; it must be a whole number, at least 0"),
        ]
    )
    expect(form.get_by_label("Batch size")).to_be_focused()
    for label, text in {"Batch size": "1000", "Hidden layers": "32", "Learning rate": "0.1", "Seed": "1"}.items():
        form.get_by_role("textbox", name=label, exact=True).fill(text)
    expect(form.locator(".field__problem")).to_have_count(0)
    form.get_by_label("Dataset").select_option("iris")
    form.get_by_role("button", name="Start run").click()
    expect(form.locator(".field__problem")).to_have_text([re.compile("^Batch size is 1000; it must be at most ")])  # the server knows
    refused(lens)


def test_an_unknown_preset_is_said(page: Page, server: str) -> None:
    page.goto(f"{server}/?preset=nothing")
    expect(page.get_by_role("alert")).to_contain_text("There is no preset nothing")


CSV = "length;width;kind\n" + "\n".join(f"{i},5;{i * i};{'long' if i > 6 else 'short'}" for i in range(1, 13))


def bring(form: Locator, text: str | bytes, name: str = "own.csv") -> None:
    form.get_by_label("Dataset").select_option("csv")
    content = text if isinstance(text, bytes) else text.encode()
    form.locator("#form-dataset-text").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_csv_file_is_looked_at_before_it_is_used_and_kept_with_the_run(lens: Page, form: Locator) -> None:
    bring(form, CSV)
    expect(form).to_contain_text("own.csv, 12 rows")
    expect(form.get_by_label("Target column")).to_have_value("kind")
    expect(form.locator(".csv__table tbody tr")).to_have_count(10)
    expect(form.locator(".csv__table thead")).to_contain_text("number, 1.5 to 12.5")
    expect(form).to_contain_text("semicolon between cells, decimal comma, first row names the columns")
    limits = lens.evaluate("async () => (await (await fetch('/api/v1/catalog')).json()).limits")
    expect(form).to_contain_text(f"{limits['max_csv_columns']:,} columns, {limits['max_data_examples']:,} rows")
    expect(form.locator(".shape__sizes")).to_have_text("2 → 8 → 2")
    # as many as are trained on, while nobody has typed it; of another dataset it is the usual size again
    batch = form.get_by_label("Batch size")
    expect(batch).to_have_value("10")
    expect(form).to_contain_text("examples a step, 1 to 10: all there are to train on")
    form.get_by_label("Dataset").select_option("iris")
    expect(batch).to_have_value("32")
    form.get_by_label("Dataset").select_option("csv")
    expect(batch).to_have_value("10")

    # a number to be told, from one column
    form.get_by_label("Target column").select_option("length")
    expect(form.locator(".shape")).to_contain_text("1 feature, 1 number to be told")
    expect(form.get_by_label("Loss", exact=True)).to_have_value("mse")
    form.get_by_label("Target column").select_option("kind")
    expect(form.get_by_label("Loss", exact=True)).to_have_value("cross_entropy")
    form.get_by_label("width").uncheck()
    expect(form.locator(".shape__sizes")).to_have_text("1 → 8 → 2")
    batch.fill("12")
    form.get_by_role("button", name="Start run").click()
    expect(form).to_contain_text("Batch size is 12; it must be a whole number, at least 1 and at most 10, the training examples.")
    bring(form, CSV + "\n" + CSV.partition("\n")[2], "longer.csv")  # which is bounded otherwise
    expect(form.locator(".field__problem")).to_have_count(0)
    bring(form, CSV)
    expect(batch).to_have_attribute("aria-invalid", "true")
    batch.fill("6")
    form.get_by_label("width").uncheck()
    form.get_by_label("Standardise").uncheck()
    start(form)
    config = config_of(lens)
    assert (config["dataset"]["target"], config["dataset"]["features"]) == ("kind", ["length"])
    assert config["dataset"]["standardise"] is False
    assert config["layer_sizes"] == [1, 8, 2]

    # it comes back from the server, with all that was chosen
    lens.reload()
    lens.get_by_role("button", name="New run").click()
    expect(form).to_contain_text("own.csv, 12 rows")
    assert "own.csv" in lens.locator("header").first.inner_text()
    expect(form.get_by_label("length")).to_be_checked()
    expect(form.get_by_label("width")).not_to_be_checked()
    expect(form.get_by_label("Standardise")).not_to_be_checked()
    start(form)
    assert config_of(lens) == config


def test_a_category_becomes_a_feature_for_each_of_its_values(lens: Page, form: Locator) -> None:
    rows = "".join(f"{i / 7:.3f},{('red', 'blue', 'green')[i % 3]},{'ab'[i % 2]}\n" for i in range(12))
    bring(form, f"width,color,kind\n{rows}")
    expect(form.locator(".shape__sizes")).to_have_text("1 → 8 → 2")
    form.get_by_label("color").check()
    expect(form.locator(".csv__table thead")).to_contain_text("→ 3 features, 0 or 1: color=blue, color=green, color=red")
    expect(form.locator(".shape__sizes")).to_have_text("4 → 8 → 2")
    form.get_by_label("width").uncheck()
    expect(form.locator(".shape__sizes")).to_have_text("3 → 8 → 2")
    start(form)  # with a batch of all that it is trained on, and so without a word
    config = config_of(lens)
    assert (config["dataset"]["features"], config["layer_sizes"], config["batch_size"]) == (["color"], [3, 8, 2], 10)
    lens.reload()
    lens.get_by_role("button", name="New run").click()
    expect(form.get_by_label("color")).to_be_checked()
    expect(form.get_by_label("width")).not_to_be_checked()


def test_problems_of_a_file_stand_beside_its_table(lens: Page, form: Locator) -> None:
    bring(form, "a,b,kind\n1,2,x\n2,oops,y\n3,?,x\n4,5,y\n5,6,x\n6,7,y\n")
    problems = form.get_by_role("region", name="Problems of the file")
    expect(form.locator(".csv__bad")).to_have_text("1 missing, 1 not a number")
    expect(problems.locator("li")).to_have_text(["row 3, column 2 (b): oops, not a finite number", "row 4, column 2 (b): missing (?)"])
    expect(form.locator(".csv__table td[data-wrong]")).to_have_text(["oops", "?"])
    form.get_by_label("Batch size").fill("2")
    form.get_by_role("button", name="Start run").click()
    expect(form.locator(".csv__drop [role=alert]")).to_contain_text("row 3, column 2 (b)")
    refused(lens)
    expect(form).to_contain_text("own.csv, 6 rows")  # nothing was lost
    form.get_by_label("Skip incomplete").check()
    expect(problems).to_contain_text("2 rows are left out, 4 stay")
    start(form)
    assert config_of(lens)["dataset"]["skip_incomplete"] is True


def test_a_file_that_is_no_table_or_too_large_is_refused_beside_it(lens: Page, form: Locator) -> None:
    bring(form, CSV)
    expect(form).to_contain_text("own.csv, 12 rows")
    form.get_by_label("Dataset").select_option("iris")  # and back: what was brought is still there
    bring(form, b"x" * (3 << 20), "large.csv")
    expect(form.locator(".csv__drop [role=alert]")).to_contain_text("large.csv has 3 MiB; this server takes at most 2 MiB")
    expect(form).to_contain_text("own.csv, 12 rows")
    for content, words in ((b"", "is empty. own.csv stays."), (b"\x7fELF\x00\x01", "is no text that can be read")):
        bring(form, content, "bin.csv")
        expect(form.locator(".csv__drop [role=alert]")).to_contain_text(f"bin.csv {words}")
        expect(form).to_contain_text("own.csv, 12 rows")  # what was chosen before stays, under its own name
        expect(form.get_by_label("Target column")).to_have_value("kind")
    bring(form, "a,a\n1,2\n", "twice.csv")
    expect(form.locator(".csv__drop [role=alert]")).to_contain_text(
        "The file has the name 'a' twice in its header, for columns 1 and 2; it must be"
    )
    expect(form.locator(".csv__table")).to_have_count(0)
    form.get_by_role("button", name="Start run").click()
    expect(form.locator(".field__problem")).to_have_count(1)  # said once, and nothing of the columns that it has not
    bring(form, "only one line", "line.csv")
    expect(form.locator("[role=alert]").last).to_contain_text("The file has a header and no row of data")
    bring(form, "My data\nwidth,kind\n" + "".join(f'"1,{i}00.5",{"ab"[i % 2]}\n' for i in range(9)), "titled.csv")
    expect(form.locator("[role=alert]").last).to_contain_text("The file has 1 cell in row 1 and 2 in rows 2 to 11;")
    bring(form, "length,width,kind\n" + "".join(f"{i},€{i}00,{'ab'[i % 2]}\n" for i in range(9)), "marks.csv")
    looked = form.get_by_role("region", name="Columns to look at")
    expect(looked).to_contain_text("Column 2 (width) looks like amounts of money: €000 in row 2 and 8 more.")
    bring(form, "größe,art\n1,a\n2,b\n3,a\n4,b\n".encode("latin-1"), "old.csv")
    expect(form).to_contain_text("read as Windows-1252")
    expect(form.locator(".csv__table thead")).to_contain_text("größe")
    bring(form, "size,kind\n" + "1e308,a\n-1e308,b\n" * 4, "wide.csv")
    expect(form.locator("[role=alert]")).to_contain_text(
        "The file has numbers from -1e308 (row 3) to 1e308 (row 2) in column 1 (size), a spread"
    )
    form.get_by_label("Standardise").uncheck()
    expect(form.locator("[role=alert]")).to_have_count(0)
    # of categories alone a target is proposed, and what to tick is said
    bring(
        form,
        "color,size,kind\n" + "".join(f"{'red' if i % 2 else 'blue'},{'big' if i % 3 else 'small'},{'ab'[i % 2]}\n" for i in range(9)),
        "words.csv",
    )
    expect(form.get_by_label("Target column")).to_have_value("kind")
    expect(form.get_by_label("What it tells")).to_contain_text("found out: classes")
    expect(form).to_contain_text("Tick in the table which to learn from: color, size.")
    expect(form.locator("[role=alert]")).to_have_text(["Tick at least one column of the table to learn from."])
    form.get_by_label("color").check()
    expect(form.locator("[role=alert]")).to_have_count(0)
    refused(lens)


def test_marks_in_numbers_are_read_as_is_said_beside_them(lens: Page, form: Locator) -> None:
    # as a spreadsheet saves it: the delimiter in a line of its own, in UTF-16 with a byte order mark
    rows = [f'{i},"{i + 1},200","{i},5","{i + 1},200.5",{"äb"[i % 2]}\n' for i in range(9)]
    bring(form, ("sep=,\nlength,price,share,sum,kind\n" + "".join(rows)).encode("utf-16"), "prices.csv")
    expect(form).to_contain_text("prices.csv, 9 rows")
    expect(form.locator(".csv__drop")).not_to_contain_text("Windows-1252")
    kinds = form.locator(".csv__table thead .csv__kind")
    expect(kinds).to_have_text(
        ["number, 0 to 8", "number, 1200 to 9200", "category, 9 values", "number, 1201 to 9201", "category, 2 values"]
    )
    looked = form.get_by_role("region", name="Columns to look at").locator("p")
    expect(looked).to_have_count(2)
    expect(looked.nth(0)).to_contain_text(
        "Column 2 (price) is read with a comma between thousands: 1,200 in row 2, and 8 more likewise, is 1200."
    )
    expect(looked.nth(1)).to_contain_text("Column 3 (share) looks like numbers with a decimal comma: 0,5 in row 2 and 8 more.")
    form.get_by_role("button", name="Read as decimals").click()
    expect(kinds.nth(1)).to_have_text("number, 1.2 to 9.2")
    expect(form.locator("#form-dataset-features")).to_be_focused()
    form.get_by_role("button", name="Read as thousands").click()
    expect(kinds.nth(1)).to_have_text("number, 1200 to 9200")
    expect(form.locator("summary", has_text="How it is read")).to_contain_text("decimal point, comma between thousands")
    form.get_by_label("Batch size").fill("2")
    start(form)
    dataset = config_of(lens)["dataset"]
    assert (dataset["delimiter"], dataset["decimal"], dataset["thousands"], dataset["features"]) == (
        ",",
        ".",
        ",",
        ["length", "price", "sum"],
    )


DROP = """(place, [text, name]) => {
    const given = new DataTransfer()
    given.items.add(new File([text], name, { type: "text/csv" }))
    return place.dispatchEvent(new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true })) ? "left to the browser" : "taken"
}"""


def test_a_file_can_be_dropped(lens: Page, form: Locator) -> None:
    form.get_by_label("Dataset").select_option("csv")
    for place, name in ((".csv__drop", "dropped.csv"), (".session-form__foot", "beside.csv")):
        assert form.locator(place).evaluate(DROP, [CSV, name]) == "taken"
        expect(form).to_contain_text(f"{name}, 12 rows")
    # where none is wanted, it does not open in the place of the page
    form.get_by_label("Dataset").select_option("iris")
    assert form.locator(".session-form__foot").evaluate(DROP, [CSV, "lost.csv"]) == "taken"
