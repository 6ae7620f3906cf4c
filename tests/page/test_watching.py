"""A teacher and those who watch, each in a browser of their own."""

import json
import re
from collections.abc import Iterator

import pytest
from pages import copied, fits, shows, violations
from playwright.sync_api import Browser, Locator, Page, expect


@pytest.fixture
def watcher(browser: Browser, server: str) -> Iterator[Page]:
    """A page in another browser, which has no keys; an error in its console fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    mistakes: list[str] = []
    page.on("console", lambda message: mistakes.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.mistakes = mistakes  # type: ignore[attr-defined]
    yield page
    context.close()
    assert mistakes == []


def session_of(page: Page) -> str:
    found = re.search(r"session=([^&]+)", page.url)
    assert found
    return found[1]


def step_of(page: Page):
    return page.locator(".transport__step strong")


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def axe(page: Page) -> list[str]:
    return sorted(violations(page))


def test_a_class_follows_looks_around_and_comes_back(lens: Page, watcher: Page, server: str) -> None:
    id = session_of(lens)
    watcher.goto(f"{server}/?session={id}")
    note = watcher.locator(".watch")
    expect(note).to_have_attribute("data-status", "following")
    expect(step_of(watcher)).to_have_text("1")
    assert axe(watcher) == []
    assert lens.locator(".watch").count() == 0

    # steps, phase, cell and tab move along
    lens.keyboard.press("n")
    expect(step_of(watcher)).to_have_text("2")
    lens.locator(".phases__phase").nth(5).click()
    chosen = lens.locator(".phases__phase[aria-pressed=true]").inner_text()
    expect(watcher.locator(".phases__phase[aria-pressed=true]")).to_have_text(chosen)
    lens.locator("#tab-health").click()
    expect(watcher.locator("#tab-health")).to_have_attribute("aria-selected", "true")
    lens.locator('.heatmap[data-tensor="dW"][data-layer="1"] canvas').click(position={"x": 20, "y": 20})
    expect(watcher).to_have_url(re.compile(r"cell=dW\.1\.\d+\.\d+"))
    expect(watcher).to_have_url(re.sub(r"^[^?]+", server + "/", lens.url))
    # the curve is drawn from what was told: nothing was asked for
    assert watcher.evaluate("async () => (await import('/static/state.js')).history.value") == lens.evaluate(
        "async () => (await import('/static/state.js')).history.value"
    )

    # the next batch too, with a phase chosen: the word of it moves nobody who watches
    lens.keyboard.press("n")
    expect(step_of(watcher)).to_have_text("3")
    expect(note).to_have_attribute("data-status", "following")
    expect(watcher.locator(".phases__phase[aria-pressed=true]")).to_have_text(chosen)

    # a move of one's own, and the teacher leads nobody away from there
    watcher.locator(".phases__phase").nth(1).click()
    expect(note).to_have_attribute("data-status", "alone")
    expect(watcher).to_have_url(re.compile("phase=Z1"))
    where = watcher.url
    lens.keyboard.press("n")
    expect(step_of(lens)).to_have_text("4")
    expect(note).to_contain_text("others: step 4")
    assert watcher.url == where
    # as compact as the transport of whoever may step, and nothing beside it moves by what it says
    places = "() => ['.transport__step', '.jump', '.page__lens'].map((name) => { const { x, y } = document.querySelector(name).getBoundingClientRect(); return [x, y] })"
    alone = watcher.evaluate(places)
    assert alone[-1][1] <= 125
    button(watcher, "Follow").click()
    expect(note).to_have_attribute("data-status", "following")
    assert watcher.evaluate(places) == alone
    button(watcher, "Follow").click()
    expect(note).to_have_attribute("data-status", "alone")
    button(watcher, "Follow").click()
    expect(note).to_have_attribute("data-status", "following")
    expect(step_of(watcher)).to_have_text("4")
    expect(watcher).to_have_url(re.sub(r"^[^?]+", server + "/", lens.url))

    # the past is followed too, and a reload goes on following
    button(lens, "Step back").click()
    expect(step_of(watcher)).to_have_text("3")
    watcher.reload()
    expect(note).to_have_attribute("data-status", "following")
    expect(step_of(watcher)).to_have_text("3")

    # a link to a step shows that step, also to whoever follows in this tab
    watcher.goto(f"{server}/?session={id}&step=2&phase=dW2&cell=dW.2.0.0")
    expect(note).to_have_attribute("data-status", "alone")
    expect(step_of(watcher)).to_have_text("2")
    shows(watcher, "cell=dW.2.0.0")


DRAWN = """async () => {
    const { scaleRange, scaleMode, preset, leadingLayer } = await import("/static/state.js")
    return [scaleRange.value, scaleMode.value, preset.value?.name, leadingLayer.value]
}"""


def choice(page: Page, value: str) -> Locator:
    return page.locator(f".lens__choices input[value={value}]")


def test_a_class_sees_what_is_drawn_how_it_is_drawn_and_what_is_tried(page: Page, watcher: Page, server: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/?preset=vanishing")
    expect(page.locator(".rail")).to_be_visible()
    button(page, "Share").click()
    link = copied(page, button(page, "Copy read link"))
    page.keyboard.press("Escape")
    # the link alone brings the picture: where nothing vanishes, there is nothing to be spoken of
    watcher.goto(link)
    note, own, linear = watcher.locator(".watch"), choice(watcher, "own"), choice(watcher, "linear")
    expect(note).to_have_attribute("data-status", "following")
    expect(watcher.locator(".preset-note")).to_contain_text("Vanishing gradients")
    assert watcher.evaluate(DRAWN) == page.evaluate(DRAWN) == ["shared", "signed-log", "vanishing", 0]
    # the lanes are scrolled along, and a choice of the teacher's is everybody's
    page.locator(".rail__layer").last.click()
    expect(watcher.locator(".rail__layer").last).to_have_attribute("data-seen", "")
    assert watcher.evaluate(DRAWN)[3] == 9
    choice(page, "linear").check()
    expect(linear).to_be_checked()
    # whoever puts the sentence away follows on without it; another scale is a way of one's own
    button(watcher, "Put this note away").click()
    page.locator("#tab-health").click()
    expect(watcher.locator("#tab-health")).to_have_attribute("aria-selected", "true")
    expect(watcher.locator(".preset-note")).to_have_count(0)
    expect(note).to_have_attribute("data-status", "following")
    own.check()
    expect(note).to_have_attribute("data-status", "alone")
    choice(page, "signed-log").check()
    expect(own).to_be_checked()
    expect(linear).to_be_checked()
    button(watcher, "Follow").click()
    expect(choice(watcher, "signed-log")).to_be_checked()
    assert watcher.evaluate(DRAWN)[:3] == ["shared", "signed-log", "vanishing"]

    # an edit that is tried, on the side that is shown, with the loss that it makes
    page.locator("#heatmap-W-9").click(position={"x": 10, "y": 10})
    page.get_by_label("Value", exact=True).fill("3")
    tried = watcher.locator(".what-if")
    expect(tried).to_contain_text("set to 3")
    expect(note).to_contain_text("an edit is tried")
    expect(note).to_have_attribute("data-status", "following")
    numbers = ".transport__numbers > div:first-child"
    taken, made = (
        page.evaluate(f"async () => (await import('/static/edit_state.js')).whatIf.value.{side}.loss") for side in ("before", "after")
    )
    for side, name, loss in (None, "loss after", made), ("Difference", "loss change", made - taken), ("Before", "loss before", taken):
        if side:
            page.locator(".what-if").get_by_text(side, exact=True).click()
        for one in page, watcher:
            expect(one.locator(numbers)).to_contain_text(name)
            shown = one.locator(f"{numbers} dd").inner_text().split()[0].replace("−", "-")
            assert float(shown) == pytest.approx(loss, rel=1e-3)
    assert watcher.evaluate("async () => (await import('/static/edit_state.js')).view.value") == "before"
    page.keyboard.press("Escape")
    expect(tried).to_have_count(0)
    expect(watcher.locator(numbers)).not_to_contain_text("before")
    expect(note).to_have_attribute("data-status", "following")
    # who has gone elsewhere takes no other's edit along
    handle = page.locator(".number-field__handle").first.bounding_box()
    assert handle
    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] + 60, handle["y"] + 10, steps=3)
    expect(page.locator(".what-if")).to_be_visible()
    assert tried.count() == 0  # a class does not ask what each number under a dragging hand would change
    page.mouse.up()
    value = float(page.get_by_label("Value", exact=True).input_value())
    expect(tried).to_contain_text(f"set to {value}".replace("-", "−"))
    button(watcher, "Discard").click()
    expect(note).to_have_attribute("data-status", "alone")
    expect(tried).to_have_count(0)


def test_whoever_watches_goes_on_in_a_copy_of_their_own(lens: Page, watcher: Page, server: str) -> None:
    id = session_of(lens)
    lens.keyboard.press("n")
    expect(step_of(lens)).to_have_text("2")
    watcher.goto(f"{server}/?session={id}")
    expect(step_of(watcher)).to_have_text("2")
    expect(button(watcher, "Play")).to_have_count(0)
    expect(button(watcher, "Next step")).to_be_disabled()
    loss = watcher.locator(".transport__numbers dd").first.inner_text()
    button(watcher, "Continue as my own copy").click()
    expect(watcher.locator(".watch")).to_have_count(0)
    expect(watcher).not_to_have_url(re.compile(id))
    assert watcher.locator(".transport__numbers dd").first.inner_text() == loss
    watcher.keyboard.press("n")
    expect(step_of(watcher)).to_have_text("3")
    expect(step_of(lens)).to_have_text("2")
    # the copy leads to the run that it was made of, at the step where they part, and that one to its forks of this browser
    copy = session_of(watcher)
    expect(watcher.get_by_role("link", name="compare")).to_have_attribute("href", re.compile(f"sessions={id},{copy}&step=3"))
    watcher.get_by_role("link", name="fork after step 2").click()
    expect(watcher).to_have_url(re.compile(f"session={id}&step=2"))
    watcher.get_by_text("1 fork").click()
    watcher.get_by_role("link", name="after step 2", exact=True).click()
    expect(watcher).to_have_url(re.compile(f"session={copy}"))
    expect(lens.locator(".family")).to_have_count(0)  # nobody is told of what others have made
    # where they part is said of one that others have deleted too, and nothing leads there
    lens.evaluate(
        """id => fetch(`/api/v1/sessions/${id}`, { method: "DELETE", headers: { Authorization: `Bearer ${localStorage.getItem(`backscope-key-${id}`)}` } })""",
        id,
    )
    watcher.reload()
    expect(watcher.locator(".family__parent[data-gone]")).to_have_text("fork after step 2")
    expect(watcher.locator(".family a")).to_have_count(0)
    watcher.mistakes.clear()  # type: ignore[attr-defined]  # that the server was asked for it


def test_the_same_address_shows_the_same_picture_elsewhere(lens: Page, watcher: Page) -> None:
    for step in ("2", "3"):
        lens.keyboard.press("n")
        expect(step_of(lens)).to_have_text(step)
    lens.keyboard.press("Shift+ArrowLeft")
    expect(step_of(lens)).to_have_text("2")
    lens.locator(".phases__phase").nth(4).click()
    lens.locator('.heatmap[data-tensor="W"][data-layer="1"] canvas').click(position={"x": 12, "y": 12})
    expect(lens).to_have_url(re.compile("step=2&phase=.*&cell=W"))
    watcher.goto(lens.url)
    expect(step_of(watcher)).to_have_text("2")
    expect(watcher.locator(".watch")).to_have_attribute("data-status", "alone")  # it opens where the link says
    expect(watcher).to_have_url(lens.url)
    weights = "async () => (await import('/static/state.js')).trace.value.layers.map(({ W, dW }) => [W?.values, dW?.values])"
    assert watcher.evaluate(weights) == lens.evaluate(weights)
    pressed = ".phases__phase[aria-pressed=true]"
    expect(watcher.locator(pressed)).to_have_text(lens.locator(pressed).inner_text())


def test_an_edit_link_gives_the_right_to_step_and_its_key_goes_to_no_server(lens: Page, watcher: Page, server: str) -> None:
    lens.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(lens, "Share").click()
    dialog = lens.get_by_role("dialog")
    id = session_of(lens)
    key = lens.evaluate(f"localStorage.getItem('backscope-key-{id}')")
    assert key not in lens.content()
    assert copied(lens, button(dialog, "Copy read link")) == f"{server}/?session={id}"
    link = copied(lens, button(dialog, "Copy edit link"))
    assert link == f"{server}/?session={id}#key={key}"
    button(dialog, "Close").click()

    asked: list[str] = []
    watcher.on("request", lambda request: asked.append(request.url))
    watcher.goto(link)
    expect(step_of(watcher)).to_have_text("1")
    assert "#" not in watcher.url
    watcher.keyboard.press("n")
    expect(step_of(watcher)).to_have_text("2")
    assert asked
    assert not any(key in url for url in asked)
    # the one who was at the newest step sees what the other has taken
    expect(step_of(lens)).to_have_text("2")
    # a wrong key is found out, and the good one stays
    watcher.mistakes.clear()
    for kept, rest in (True, "you can go on"), (False, "You can read"):
        if not kept:
            watcher.evaluate("localStorage.clear()")
        watcher.goto("about:blank")
        watcher.goto(f"{server}/?session={id}#key={key[:-3] if kept else 'ключ'}")
        expect(watcher.locator(".transport__problem")).to_contain_text(rest)
        expect(button(watcher, "Play")).to_have_count(1 if kept else 0)
        assert watcher.evaluate(f"localStorage.getItem('backscope-key-{id}')") == (key if kept else None)
    expect(button(watcher, "Continue as my own copy")).to_be_visible()
    assert [mistake for mistake in watcher.mistakes if "403" not in mistake] == []
    watcher.mistakes.clear()


def test_your_sessions_are_opened_deleted_and_forgotten(lens: Page, watcher: Page, server: str) -> None:
    first = session_of(lens)
    watcher.goto(f"{server}/?session={first}")
    expect(watcher.locator(".watch")).to_have_attribute("data-status", "following")
    rows = lens.locator(".sessions__one")
    button(lens, "Your sessions").click()
    expect(lens.get_by_role("dialog")).to_contain_text("None yet")  # a run that came by itself is no one's yet
    button(lens.get_by_role("dialog"), "Close").click()
    button(lens, "Share").click()
    button(lens.get_by_role("dialog"), "Close").click()
    lens.goto(f"{server}/?preset=derivation")
    expect(lens).not_to_have_url(re.compile(first))
    expect(lens.locator(".preset-note")).to_be_visible()
    second = session_of(lens)
    listed = "JSON.parse(localStorage.getItem('backscope-sessions')).map(({ id }) => id)"
    expect(lens.locator(".page")).to_be_visible()
    button(lens, "Your sessions").click()
    expect(rows.first).to_contain_text("The derivation's own network")
    expect(rows).to_have_count(2)
    assert lens.evaluate(listed) == [second, first]
    rows.nth(1).get_by_role("button", name="Open").click()
    expect(lens).to_have_url(re.compile(first))

    # a key that is nowhere else is not thrown away by one click, nor by a double one, and can be had beside the question
    button(lens, "Your sessions").click()
    row = rows.filter(has_text="The derivation's own network")
    for name in ("Delete", "Forget"):
        row.get_by_role("button", name=name).dblclick()
        expect(row.get_by_role("alert")).to_have_count(0)
        row.get_by_role("button", name=name).press("Enter")
        expect(button(row, "Keep it")).to_be_focused()
        expect(row.get_by_role("alert")).to_have_text(
            re.compile("for everyone" if name == "Delete" else "nobody can ever change or delete it")
        )
        if name == "Forget":
            lens.context.grant_permissions(["clipboard-read", "clipboard-write"])
            assert f"{second}#key=" in copied(lens, button(row, "Copy edit link"))
        button(row, "Keep it").press("Enter")
        expect(row.get_by_role("alert")).to_have_count(0)
    expect(rows).to_have_count(2)
    assert lens.evaluate(f"localStorage.getItem('backscope-key-{second}')")
    button(lens.get_by_role("dialog"), "Close").click()

    # deleted at once, after one question, also where its answer is lost; who watches is told, and keeps the picture
    button(lens, "Your sessions").click()
    row = rows.filter(has_text="on the page")
    lens.route(f"**/sessions/{first}", lambda route: route.abort() if route.request.method == "DELETE" else route.continue_())
    row.get_by_role("button", name="Delete").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(row).to_contain_text("The server answers again. It was not deleted.")
    lens.unroute(f"**/sessions/{first}")
    lens.mistakes.clear()  # type: ignore[attr-defined]  # that there was no answer
    button(row, "Try again").click()
    expect(rows).to_have_count(1)
    button(lens.get_by_role("dialog"), "Close").click()
    for page in (lens, watcher):
        expect(page.locator(".watch")).to_contain_text("This session was deleted")
        expect(button(page, "Share")).to_be_disabled()
        expect(page.locator('.heatmap[data-tensor="dW"] canvas').first).to_be_visible()

    # one that another browser deleted is found out when it is opened
    gone = lens.evaluate(f"""async () => {{
        const answer = await fetch("/api/v1/sessions/{second}", {{ method: "DELETE", headers: {{ Authorization: "Bearer " + localStorage.getItem("backscope-key-{second}") }} }})
        return answer.status
    }}""")
    assert gone == 204
    button(lens, "Your sessions").click()
    rows.get_by_role("button", name="Open").click()
    expect(rows.get_by_role("alert")).to_contain_text("No longer there")
    expect(rows).to_contain_text("expired or deleted")
    lens.mistakes[:] = [mistake for mistake in lens.mistakes if "404" not in mistake]  # type: ignore[attr-defined]
    rows.get_by_role("button", name="Forget").click()
    expect(rows).to_have_count(0)
    assert lens.evaluate(listed) == []
    # its link says so, and offers nothing that can't help
    lens.goto(f"{server}/?session={second}")
    expect(lens.get_by_role("heading", name="This run is not there")).to_be_visible()
    expect(button(lens, "Try again")).to_have_count(0)
    lens.mistakes[:] = [mistake for mistake in lens.mistakes if "404" not in mistake]  # type: ignore[attr-defined]


def test_dialogs_and_notes_are_for_everyone(lens: Page, watcher: Page, server: str) -> None:
    watcher.set_viewport_size({"width": 390, "height": 844})
    watcher.emulate_media(color_scheme="dark")
    watcher.goto(f"{server}/?session={session_of(lens)}")
    expect(watcher.locator(".watch")).to_have_attribute("data-status", "following")
    for name in ("Share", "Your sessions"):
        button(watcher, name).press("Enter")
        expect(watcher.get_by_role("dialog")).to_be_visible()
        assert axe(watcher) == []
        watcher.keyboard.press("Escape")
        expect(watcher.get_by_role("dialog")).to_have_count(0)
    fits(watcher)
    # nothing that the bar says is cut
    button(watcher, "Follow").click()
    more = watcher.locator(".watch__more")
    expect(more).to_have_text("others: step 1")
    assert more.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    assert more.evaluate(
        "(one) => one.getBoundingClientRect().bottom <= document.querySelector('.watch .button').getBoundingClientRect().top"
    )


def test_a_lost_connection_is_said_and_made_up_for(lens: Page, watcher: Page, server: str) -> None:
    watcher.goto(f"{server}/?session={session_of(lens)}")
    note = watcher.locator(".transport .watch").first
    expect(note).to_have_attribute("data-status", "following")
    full = {"title": "Service Unavailable", "status": 503, "detail": "500 watch already, which is the most of one session.", "field": "id"}
    watcher.route("**/events?*", lambda route: route.fulfill(status=503, body=json.dumps(full)))
    # a tab that is hidden hangs up, and asks again when it is seen
    turn = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true })
        document.dispatchEvent(new Event("visibilitychange"))
    }"""
    watcher.evaluate(turn, True)
    watcher.evaluate(turn, False)
    expect(note).to_have_attribute("data-status", "refused")
    expect(watcher.locator(".notice")).to_contain_text(
        "The server has no room for another viewer. 500 watch already, which is the most of one session. This page checks for new steps"
    )  # and not that the line is away
    assert axe(watcher) == []
    lens.keyboard.press("n")
    expect(step_of(lens)).to_have_text("2")
    watcher.unroute("**/events?*")
    watcher.mistakes.clear()  # type: ignore[attr-defined]
    watcher.evaluate(turn, True)
    watcher.evaluate(turn, False)
    expect(note).to_have_attribute("data-status", "following")
    expect(step_of(watcher)).to_have_text("2")
    # the word of a step comes, and the step does not: it is said, and tried again
    watcher.route("**/steps/3?*", lambda route: route.abort())
    lens.keyboard.press("n")
    expect(note).to_have_attribute("data-status", "behind")
    expect(watcher.locator(".notice")).to_contain_text("Step 3 could not be brought: The server does not answer.")
    watcher.unroute("**/steps/3?*")
    expect(note).to_have_attribute("data-status", "following")
    expect(step_of(watcher)).to_have_text("3")
    # with a long wait ahead, news of another step ends it
    watcher.evaluate("() => { const drawn = [20]; Math.random = () => drawn.pop() ?? 0 }")
    watcher.route("**/steps/4?*", lambda route: route.abort())
    lens.keyboard.press("n")
    expect(note).to_have_attribute("data-status", "behind")
    lens.keyboard.press("n")
    expect(step_of(watcher)).to_have_text("5")
    expect(note).to_have_attribute("data-status", "following")
    # while the line is away one notice says so, and it says when that is over; a view asks again by itself
    lens.locator("#tab-curves").click()
    expect(lens.locator(".distribution canvas")).to_be_visible()
    lens.route("**/api/**", lambda route: route.abort())
    lens.get_by_role("combobox", name="Tensor").select_option("W.1")
    lens.keyboard.press("Escape")
    lens.get_by_role("button", name="Next batch").click()
    lens.evaluate(turn, True)
    lens.evaluate(turn, False)
    expect(lens.locator(".notice")).to_contain_text(["The server does not answer. The connection comes back by itself"])
    expect(lens.locator(".distribution")).to_contain_text("This comes when the connection is back.")
    lens.unroute("**/api/**")
    expect(lens.locator(".notice")).to_contain_text(["The server answers again. Step 6 was not taken."])
    expect(lens.locator(".distribution")).not_to_contain_text("This comes when")
    lens.mistakes.clear()  # type: ignore[attr-defined]
    watcher.mistakes.clear()  # type: ignore[attr-defined]
