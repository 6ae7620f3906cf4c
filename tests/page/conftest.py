"""The real page in a real headless Chromium, served by a real server process on a SQLite file of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import DESK, watched
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# milliseconds, on a machine that many share; what is there is found as early as ever
expect.set_options(timeout=20_000)

ROOT = Path(__file__).resolve().parent.parent.parent

# What keeps headless Chromium to itself, also as root and without a network
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that runs as long as the page tests do."""
    database = tmp_path_factory.mktemp("page") / "backscope.db"
    environment = {**os.environ, "PORT": "0", "HOST": "127.0.0.1", "BACKSCOPE_DATABASE_URL": f"sqlite:///{database}"}
    process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, f"the server said {line!r} and not where it is"
    yield found[0]
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # unset: the browser that Playwright itself installed
    path = os.environ.get("BACKSCOPE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**DESK)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, server: str) -> Iterator[Page]:
    with watched(context, server) as page:
        yield page


@pytest.fixture
def lens(page: Page, server: str) -> Page:
    """The page with its first batch on it."""
    page.goto(server)
    page.wait_for_selector('.heatmap[data-tensor="dW"] canvas')
    expect(page.locator(".transport__step strong")).to_have_text("1")
    return page
