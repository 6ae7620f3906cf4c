"""The derivation page: every result in order, every number the API's, every number a door into the lens."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pages import DESK, fits, shows, small_print, violations, watched
from playwright.sync_api import Browser, Page, expect

RESULTS = ["dZ[L]", "dW[L]", "db[L]", "dA[L−1]", "dZ[l]", "dW[l]", "db[l]", "dA[l−1]"]


TYPESET = 90_000  # milliseconds for hundreds of equations, on a machine that many share


@pytest.fixture
def derivation(page: Page, server: str) -> Page:
    """The page with a small session of its own."""
    page.goto(f"{server}/derivation")
    settle(page)
    return page


@pytest.fixture(scope="module")
def reading(browser: Browser, server: str) -> Iterator[Page]:
    """The same page for all tests that only read it: to set its equations takes seconds. It may be searched by axe, too."""
    context = browser.new_context(**DESK, bypass_csp=True)
    with watched(context, server) as page:
        page.goto(f"{server}/derivation")
        settle(page)
        settle_chapters(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        yield page
    context.close()


def settle(page: Page) -> None:
    """Every number has come."""
    expect(page.locator("#together .katex").first).to_be_visible()
    expect(page.locator(".worked")).not_to_have_count(0)
    expect(page.locator(".worked__waiting")).to_have_count(0, timeout=TYPESET)
    expect(page.locator('[aria-busy="true"]')).to_have_count(0)


def number(text: str) -> float:
    """What a printed number is: −0.0132, 1.2×10⁻⁵."""
    superscripts = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return float(text.replace("−", "-").replace("×10", "e").translate(superscripts))


def place(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def make_session(page: Page, server: str, config: dict[str, Any], steps: int = 1, edit: dict[str, Any] | None = None) -> str:
    headers = {"Content-Type": "application/json"}
    made = page.request.post(f"{server}/api/v1/sessions", data=json.dumps(config), headers=headers).json()
    key = {**headers, "Authorization": f"Bearer {made['edit_key']}"}
    if edit:
        assert page.request.post(f"{server}/api/v1/sessions/{made['id']}/edits", data=json.dumps({"action": edit}), headers=key).ok
    if steps:
        assert page.request.post(f"{server}/api/v1/sessions/{made['id']}/steps", data=json.dumps({"count": steps}), headers=key).ok
    return str(made["id"])


def cells_of(page: Page, server: str, session: str, step: str) -> dict[str, float]:
    """Every number of the step as the API gives it, by its cell."""
    trace = page.request.get(f"{server}/api/v1/sessions/{session}/steps/{step}").json()
    last = len(trace["layers"]) - 1
    tensors = {
        (name, layer["index"]): layer[name]["values"] for layer in trace["layers"] for name in layer if isinstance(layer[name], dict)
    }
    tensors["Y", last], tensors["loss", last] = trace["batch"]["Y"]["values"], [[trace["loss"]]]
    return {
        f"{name}.{layer}.{row}.{col}": value
        for (name, layer), values in tensors.items()
        for row, line in enumerate(values)
        for col, value in enumerate(line)
    }


def doors(page: Page) -> list[dict[str, str]]:
    return page.locator(".door").evaluate_all(
        "all => all.map((a) => ({ cell: a.dataset.cell, href: a.getAttribute('href'), text: a.querySelector('.door__value').textContent }))"
    )


def test_all_eight_results_stand_in_order(reading: Page) -> None:
    titles = reading.locator("#output .result__title, #hidden .result__title")
    assert [re.match(r"\((\d)\)\s*([^:\s]+):", text.replace("\n", "")).groups() for text in titles.all_inner_texts()] == [  # type: ignore[union-attr]
        (str(position), name) for position, name in enumerate(RESULTS, start=1)
    ]
    assert reading.locator("#together li").count() == 8
    contents = reading.locator(".contents__results a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert len(contents) == 8
    for href in contents:
        assert reading.locator(f"section{href}").count() == 1


def test_every_equation_is_set_and_has_its_text_for_those_who_hear_it(reading: Page) -> None:
    assert reading.locator(".katex-error").count() == 0
    for result in reading.locator("#output .result, #hidden .result").all():
        assert result.locator(".steps__step .katex-display math").count() >= 2
        assert result.locator(".result__equation math").count() == 1
        assert result.locator(".shapes math").count() == 1
        assert "×" in result.locator(".shapes").inner_text()
        assert result.locator(".result__why").inner_text()
        assert re.search(r"[−\d]", result.locator(".worked .visually-hidden").first.text_content() or "")


def test_the_derivations_are_those_of_the_register(reading: Page, server: str) -> None:
    catalog = reading.request.get(f"{server}/api/v1/catalog").json()
    (dense,) = catalog["layers"]
    expect(reading.locator("#setting .convention")).to_have_text(catalog["convention"])
    for anchor, name in (("output-dW", "dW"), ("hidden-dW", "dW"), ("output-db", "db"), ("hidden-dA-before", "dA_prev")):
        words = reading.locator(f"#{anchor} .steps__step > p").all_text_contents()
        assert words == [line["words"] for line in dense["equations"][name]["derivation"]]
        expect(reading.locator(f"#{anchor} .result__why")).to_have_text("In short. " + dense["equations"][name]["why"])


CHAPTERS = {
    "initial-weights": "initializers",
    "activations": "activations",
    "normalisation": "normalisations",
    "dropout": "dropouts",
    "clipping": "clippings",
    "schedules": "schedules",
    "optimizers": "optimizers",
}


def settle_chapters(page: Page) -> None:
    """Every ingredient is typeset."""
    expect(page.locator(".ingredient")).not_to_have_count(0)
    expect(page.locator('.ingredient[data-typeset="false"]')).to_have_count(0, timeout=TYPESET)


GREEK = {
    **{"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η"},
    **{"lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "Zhat": "Ẑ"},
}


def as_set(words: str) -> str:
    """A text of the register as it stands on the page: the names of letters as the letters."""
    return re.sub(rf"(?<!\w)(d?)({'|'.join(GREEK)})(?=\d?(?!\w))", lambda match: match[1] + GREEK[match[2]], words)


def test_every_ingredient_of_the_catalogue_has_its_derivation(reading: Page, server: str) -> None:
    catalog = reading.request.get(f"{server}/api/v1/catalog").json()
    settle_chapters(reading)
    assert reading.locator(".katex-error").count() == 0
    expect(reading.locator("#ingredients .convention")).to_have_text(catalog["convention"])
    chapters = reading.locator(".contents__chapters > li > a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert len(chapters) == len(CHAPTERS) + 1
    # the ingredients of the chapter that is read
    reading.locator("#activation-tanh").scroll_into_view_if_needed()
    entries = reading.locator(".contents__entries a")
    expect(entries).to_have_count(len(catalog["activations"]))
    expect(reading.locator(".contents [aria-current]")).to_be_in_viewport()
    # all of the page in one look: words of the steps, of the shared ones too, and equations with their text for those who hear them
    told = reading.locator(".chapter").evaluate_all(
        """all => Object.fromEntries(all.map((chapter) => [chapter.id, {
            shared: [...chapter.querySelectorAll(".chapter__shared .steps__step > p")].map((p) => p.textContent),
            steps: Object.fromEntries([...chapter.querySelectorAll(".ingredient")].map((one) => [one.id, [...one.querySelectorAll(".steps__step > p")].map((p) => p.textContent)])),
            equations: Object.fromEntries([...chapter.querySelectorAll(".ingredient")].map((one) => [one.id, one.querySelectorAll(".result__equation math").length])),
            links: [...chapter.querySelectorAll(".chapter__entries a, .ingredient__like a")].filter((a) => !document.querySelector(a.getAttribute("href"))).length,
        }]))"""
    )
    assert [f"#{name}" for name in told] == chapters
    assert all(chapter["links"] == 0 for chapter in told.values())
    for name, family in CHAPTERS.items():
        assert len(told[name]["steps"]) == len(catalog[family])
        for entry in catalog[family]:
            (anchor,) = (one for one in told[name]["steps"] if one.endswith(f"-{entry['name']}"))
            words = {as_set(line["words"]) for equation in entry["equations"].values() for line in equation["derivation"]}
            assert words <= {*told[name]["steps"][anchor], *told[name]["shared"]}, anchor
            assert told[name]["equations"][anchor] >= 1
    ends = {f"output-{one['name']}" for one in catalog["outputs"]} | {"output-activation-softmax", "loss-mse", "loss-mae", "loss-huber"}
    assert set(told["outputs"]["steps"]) == ends
    # a letter has the colour of a tensor where it is one, and not where it is a parameter of the ingredient; in its equations too
    kinds = {
        name: chapter.locator("p .symbol", has_text=re.compile(f"^{letter}$")).evaluate_all(
            "all => all.map((one) => one.dataset.kind ?? null)"
        )
        for name, letter in (("activation-softplus", "β"), ("schedule-step", "γ"), ("normalisation-batch_norm", "γ"))
        for chapter in [reading.locator(f"#{name}")]
    }
    assert {name: set(of) for name, of in kinds.items()} == {
        "activation-softplus": {None},
        "schedule-step": {None},
        "normalisation-batch_norm": {"parameter"},
    }
    assert reading.locator("#schedule-step .katex .parameter").count() == 0
    # a batch-normalised gradient step by step, and Adam's four parameters as one
    assert told["normalisation"]["equations"]["normalisation-batch_norm"] == len(
        next(one for one in catalog["normalisations"] if one["name"] == "batch_norm")["equations"]
    )
    assert told["optimizers"]["equations"]["optimizer-adam"] == 4


def test_a_normalised_network_is_derived_with_its_own_equations(page: Page, server: str) -> None:
    session = make_session(
        page,
        server,
        {
            "dataset": {"name": "moons"},
            "layer_sizes": [2, 3, 2],
            "batch_size": 4,
            "normalisation": "batch_norm",
            "dropout": 0.2,
            "optimizer": {"name": "momentum"},
            "clipping": {"name": "norm"},
            "schedule": {"name": "warm_up", "start": 0.5},
        },
        edit={"name": "optimizer", "changes": {"learning_rate": 0.25}},
    )
    page.goto(f"{server}/derivation?session={session}")
    settle(page)
    titles = page.locator("#hidden .result__title").all_inner_texts()
    assert [re.sub(r"\s|^\(\d+\)|\[l.*", "", title.replace("\n", " ")) for title in titles] == [
        *("dG", "dN", "dγ", "dβ", "dẐ", "dV", "dM", "dZ", "dW", "db", "dA")
    ]
    # what the activation reads and makes there is called N and G
    assert "dN" in (page.locator("#hidden-dN .result__equation math").text_content() or "")
    assert "dG" in (page.locator("#hidden-dN .result__equation math").text_content() or "")
    for anchor in ("hidden-dV", "hidden-dM", "hidden-dZ", "hidden-dG", "update-vW_next", "update-gW"):
        assert page.locator(f"#{anchor} .steps__step").count() >= 2, anchor
    about = page.locator("#update .result__about").all_inner_texts()
    assert len(set(about)) == len(about) == 6
    expect(page.locator("#update-vW_next .result__about")).to_have_text("the velocity of the weights")
    # what its equations have is named: tensors with their shapes, and letters with what they are in this run
    names = " ".join(page.locator(".names th").all_inner_texts())
    for name in ("γ", "β", "M", "V", "Ẑ", "N", "rM", "G", "D", "dẐ", "dγ", "gW", "vb"):
        assert re.search(rf"(?<!\w){name}(?!\w)", names), name
    expect(page.locator("#update .in-this-run")).to_contain_text(
        ["Momentum, at step 1:", "Clipping by norm, at step 1:", "Learning rate: warm-up, at step 1:"]
    )
    # with the rate that an edit set and the schedule halved, not the one that the run began with
    expect(page.locator("#update .in-this-run").first).to_contain_text("= 0.125 (how far one step goes)")
    expect(page.locator("#update .in-this-run").last).to_contain_text("= 0.25 (the rate that it is made of)")
    expect(page.locator("#hidden-dV .in-this-run")).to_contain_text("(keeps the divisor above 0)")
    links = page.locator(".contents__updates a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert links == [f"#update-{name}" for name in ("gW", "gb", "vW_next", "W_next", "vb_next", "b_next")]
    assert page.locator(".shapes .wide[tabindex]").count() == 0, "cut on a wide screen"
    assert page.locator(".katex-error").count() == 0


def test_a_phase_of_the_lens_leads_to_its_derivation(page: Page, server: str) -> None:
    config = {"dataset": {"name": "moons"}, "layer_sizes": [2, 4, 3, 2], "batch_size": 4, "normalisation": "batch_norm"}
    session = make_session(page, server, config)
    for phase, anchor, layer in (("dV1", "hidden-dV", "1"), ("A2", "activation-relu", None)):
        page.goto(f"{server}/?session={session}&step=1&phase={phase}")
        page.locator(".phase-note").get_by_role("link", name="Derivation").click()
        settle(page)
        settle_chapters(page)
        assert urlsplit(page.url).fragment == anchor
        assert place(page).get("layer") == layer
        expect(page.locator(f"#{anchor}-title")).to_be_in_viewport()


def test_every_printed_number_is_the_apis(reading: Page, server: str) -> None:
    here = place(reading)
    cells = cells_of(reading, server, here["session"], here["step"])
    found = doors(reading)
    assert len(found) > 40
    for door in found:
        assert number(door["text"]) == pytest.approx(cells[door["cell"]], rel=5.1e-3, abs=0), door
    results = reading.locator(".worked__result .door")
    assert results.count() == 10
    for result in results.all():
        value = cells[result.get_attribute("data-cell") or ""]
        assert number(result.locator(".door__value").inner_text()) == pytest.approx(value, rel=5.1e-5, abs=0)


def test_the_numbers_add_up_to_the_result(reading: Page) -> None:
    for worked in reading.locator("#output-dA-before .worked, #hidden-dA-before .worked").all():
        products = [number(text.removeprefix("= ")) for text in worked.locator(".worked__product").all_inner_texts()]
        assert sum(products) == pytest.approx(number(worked.locator(".worked__result .door__value").inner_text()), rel=2e-2)


def test_every_result_is_a_door_into_the_lens_at_its_cell(reading: Page, server: str, browser: Browser) -> None:
    here = place(reading)
    cells = cells_of(reading, server, here["session"], here["step"])
    found = {door["cell"]: door for door in doors(reading)}
    # one of each tensor: a result, a factor, a target, the loss
    chosen = {re.sub(r"\.\d+\.\d+$", "", cell): door for cell, door in found.items()}
    assert {"dZ.2", "dW.2", "db.2", "dA.1", "dZ.1", "dW.1", "db.1", "dA.0", "W_next.2", "Y.2", "loss.2", "A.1", "W.2", "Z.1"} <= set(chosen)
    elsewhere = browser.new_context(**DESK)
    try:
        other = elsewhere.new_page()
        other.goto(server + next(iter(chosen.values()))["href"])
        exact = other.locator(".cell-card__exact")
        for door in chosen.values():
            # as Back and Forward lead to an address: to open the lens anew for each would take a second
            other.evaluate("(href) => { history.pushState(null, '', href); dispatchEvent(new PopStateEvent('popstate')) }", door["href"])
            deadline = time.monotonic() + 20
            while float(exact.inner_text() or "nan") != cells[door["cell"]] and time.monotonic() < deadline:
                other.wait_for_timeout(20)
            assert float(exact.inner_text()) == cells[door["cell"]], door
            expect(other).to_have_url(re.compile(re.escape(f"cell={door['cell']}") + "(&|$)"))
            if "phase=" in door["href"]:
                expect(other.locator('.phases__phase[aria-pressed="true"]')).to_have_count(1)
                shows(other, f"phase={parse_qs(urlsplit(door['href']).query)['phase'][0]}")
    finally:
        elsewhere.close()


def test_a_door_is_followed_by_a_click(derivation: Page) -> None:
    door = derivation.locator("#output-dW .worked__result .door")
    cell = door.get_attribute("data-cell")
    door.click()
    derivation.wait_for_selector(".cell-card__exact")
    shows(derivation, f"cell={cell}")


def test_the_small_session_is_in_the_address_and_a_reload_shows_the_same(derivation: Page) -> None:
    before, numbers = derivation.url, doors(derivation)
    assert set(place(derivation)) == {"session", "step"}
    derivation.reload()
    settle(derivation)
    assert derivation.url == before
    assert doors(derivation) == numbers


def test_a_step_of_the_past_is_shown_as_it_was(page: Page, server: str) -> None:
    session = make_session(page, server, {"dataset": {"name": "moons"}, "layer_sizes": [2, 5, 3, 2], "batch_size": 4}, steps=7)
    page.goto(f"{server}/derivation?session={session}&step=3")
    settle(page)
    expect(page.locator(".derivation__run")).to_contain_text("step 3")
    cells = cells_of(page, server, session, "3")
    for door in doors(page):
        assert number(door["text"]) == pytest.approx(cells[door["cell"]], rel=5.1e-3, abs=0)
    assert place(page) == {"session": session, "step": "3"}
    page.goto(f"{server}/derivation?session={session}&step=99")
    expect(page.get_by_role("alert")).to_contain_text("Step 99 was not taken; the newest, 7, is shown")


def test_another_hidden_layer_can_stand_for_l(page: Page, server: str) -> None:
    session = make_session(page, server, {"dataset": {"name": "moons"}, "layer_sizes": [2, 5, 3, 2], "batch_size": 4})
    page.goto(f"{server}/derivation?session={session}")
    settle(page)

    def layers() -> list[str]:
        cells = page.locator("#hidden .worked__result .door").evaluate_all("all => all.map((a) => a.dataset.cell)")
        return [".".join(cell.split(".")[:2]) for cell in cells]

    assert layers() == ["dZ.2", "dW.2", "db.2", "dA.1"]
    page.get_by_label("stands for").select_option("1")
    settle(page)
    assert layers() == ["dZ.1", "dW.1", "db.1", "dA.0"]
    assert place(page)["layer"] == "1"
    page.reload()
    settle(page)
    assert layers() == ["dZ.1", "dW.1", "db.1", "dA.0"]


def test_another_cell_is_the_next_largest(derivation: Page, server: str) -> None:
    here = place(derivation)
    cells = cells_of(derivation, server, here["session"], here["step"])
    by_size = sorted((abs(value) for cell, value in cells.items() if cell.startswith("dW.2.")), reverse=True)
    worked = derivation.locator("#output-dW .worked")
    result = worked.locator(".worked__result .door")
    for size in by_size[:3]:
        settle(derivation)
        assert abs(cells[result.get_attribute("data-cell") or ""]) == size
        before = result.get_attribute("data-cell")
        worked.get_by_role("button", name="Another cell").click()
        expect(result).not_to_have_attribute("data-cell", before or "")


def test_a_stopped_gradient_can_be_looked_at(derivation: Page) -> None:
    worked = derivation.locator("#hidden-dZ .worked")
    worked.get_by_role("button", name="that is 0").click()
    expect(worked.locator(".worked__result .door__value")).to_have_text("0")
    expect(worked.locator(".factor-of")).to_contain_text("= 0")
    expect(worked.locator(".worked__rank")).to_contain_text("that are 0")


def test_a_network_without_a_hidden_layer_ends_after_its_output(page: Page, server: str) -> None:
    session = make_session(page, server, {"dataset": {"name": "xor"}, "layer_sizes": [2, 2], "batch_size": 4})
    page.goto(f"{server}/derivation?session={session}")
    settle(page)
    assert page.locator("#output .result").count() == 4
    assert page.locator("#hidden").count() == 0
    assert page.locator(".katex-error").count() == 0
    expect(page.locator("main")).to_contain_text("no hidden layer")


def test_a_large_network_shows_the_largest_terms_and_the_rest_together(page: Page, server: str) -> None:
    session = make_session(page, server, {"batch_size": 32})
    page.goto(f"{server}/derivation?session={session}")
    settle(page)
    expect(page.locator("#output-dW .worked__term")).to_have_count(8)
    expect(page.locator("#output-dW .worked__total")).to_contain_text("24 smaller terms, together")


def test_the_lens_leads_to_the_derivation_of_its_step_and_back(lens: Page) -> None:
    session = place(lens)["session"]
    lens.get_by_role("button", name="Next batch").click()
    expect(lens.locator(".transport__step strong")).to_have_text("2")
    lens.get_by_role("button", name="Step back").click()
    expect(lens.locator(".transport__step strong")).to_have_text("1")
    lens.get_by_role("link", name="Derivation").click()
    settle(lens)
    assert place(lens) == {"session": session, "step": "1"}
    lens.get_by_role("navigation", name="Page").get_by_role("link", name="Lens").click()
    expect(lens.locator(".transport__step strong")).to_have_text("1")
    assert place(lens)["session"] == session


def test_an_unknown_session_is_said_and_can_be_left(page: Page, server: str) -> None:
    page.goto(f"{server}/derivation?session=nobody&step=1")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)  # what is not there does not come by asking again
    page.mistakes.clear()  # type: ignore[attr-defined]  # Chromium itself logs the 404 that was provoked
    page.get_by_role("link", name="small network").click()
    settle(page)


def test_a_lost_server_is_said_where_the_number_would_stand(derivation: Page) -> None:
    derivation.route("**/api/**", lambda route: route.abort())
    worked = derivation.locator("#output-dW .worked")
    worked.get_by_role("button", name="Another cell").click()
    expect(worked.get_by_role("alert")).to_contain_text("does not answer")
    # the page's own question whether the server is back stays without an answer, so the button is not gone before the click
    derivation.route("**/sessions/*", lambda route: route.abort())
    derivation.unroute("**/api/**")
    worked.get_by_role("button", name="Try again").click()
    expect(worked.locator(".worked__result .door")).to_be_visible()
    derivation.mistakes.clear()  # type: ignore[attr-defined]  # the network errors that were provoked


def test_a_session_without_a_step_says_so(page: Page, server: str) -> None:
    session = make_session(page, server, {"dataset": {"name": "xor"}}, steps=0)
    page.goto(f"{server}/derivation?session={session}")
    expect(page.get_by_role("heading", level=1)).to_have_text("No batch has been taken yet")


def test_without_javascript_the_page_says_where_the_equations_are(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{server}/derivation")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("link", name="the catalogue")).to_be_visible()
    finally:
        context.close()


def test_the_keyboard_skips_to_the_text(derivation: Page) -> None:
    derivation.keyboard.press("Tab")
    expect(derivation.get_by_role("link", name="Skip to the derivation")).to_be_focused()
    derivation.keyboard.press("Enter")
    expect(derivation.locator("#derivation")).to_be_focused()


TOP = """() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() =>
    told(document.getElementById("optimizer-adamw").getBoundingClientRect().top))))"""


def test_an_address_with_an_anchor_opens_there_and_stays_until_one_scrolls(page: Page, server: str) -> None:
    # all that stands above this one is typeset, and gets its numbers, when the page is there already
    session = make_session(page, server, {"dataset": {"name": "xor"}})
    address = f"{server}/derivation?session={session}&step=1#optimizer-adamw"
    for go in (lambda: page.goto(address), page.reload):
        go()
        settle(page)
        settle_chapters(page)
        assert abs(page.evaluate(TOP)) < 2
    assert page.url == address
    page.mouse.wheel(0, -1500)
    expect(page.locator("#optimizer-adamw-title")).not_to_be_in_viewport()
    page.set_viewport_size({"width": 1000, "height": 900})  # all is laid out again, and the place that was scrolled to is another's
    assert page.evaluate(TOP) > 500


def test_on_paper_there_is_text_and_nothing_to_press(derivation: Page) -> None:
    derivation.emulate_media(media="print", color_scheme="dark")
    for hidden in (".derivation-bar", ".contents", ".worked__choose .button", ".skip-link"):
        expect(derivation.locator(hidden).first).to_be_hidden()
    expect(derivation.locator("#hidden-dA-before .result__equation")).to_be_visible()
    derivation.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(derivation.locator('.ingredient[data-typeset="false"]')).to_have_count(0)
    looks = derivation.evaluate(
        """() => {
            const text = getComputedStyle(document.querySelector(".derivation p"))
            const result = getComputedStyle(document.querySelector(".result"))
            const page = getComputedStyle(document.documentElement)
            const door = getComputedStyle(document.querySelector(".door__value"))
            return [text.color, page.backgroundColor, result.breakInside, door.textDecorationLine]
        }"""
    )
    assert looks == ["rgb(0, 0, 0)", "rgb(255, 255, 255)", "avoid", "none"]
    torn = """() => [...document.querySelectorAll(".result > :not(.worked), .derivation :is(h2, h3, h4), .ingredient > p:not(.ingredient__source)")]
        .filter((one) => getComputedStyle(one).breakAfter !== "avoid").map((one) => one.className)"""
    assert derivation.evaluate(torn) == []
    # inside the margins, in CSS pixels: A4 and Letter
    for width, height in ((673, 986), (695, 920)):
        derivation.set_viewport_size({"width": width, "height": height})
        heights = derivation.locator(".result").evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
        assert max(heights) <= height, f"a result of {max(heights):.0f} px is torn from its numbers on a page of {height}"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390), ("dark", 1440), ("light", 390)])
def test_it_is_for_everyone(reading: Page, scheme: Any, width: int) -> None:
    reading.emulate_media(color_scheme=scheme)
    reading.set_viewport_size({"width": width, "height": 844})
    fits(reading)
    # what is wider than its column scrolls in a box of its own
    outside = reading.locator(".derivation__text .katex-html").evaluate_all(
        "all => all.filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest('.wide')).length"
    )
    assert outside == 0
    levels = reading.locator("h1, h2, h3, h4").evaluate_all("all => all.map((heading) => Number(heading.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    # two looks are held against every rule, the other two against what colours and widths decide
    looks = [("light", 1440), ("dark", 390)]
    rules = None if (scheme, width) in looks else ["color-contrast", "scrollable-region-focusable", "heading-order"]
    assert violations(reading, rules=rules) == {}
    assert small_print(reading) == {}
