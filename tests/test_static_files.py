"""The page's files come from memory, and are what is on the disk all the same."""

import asyncio
import json
import os
import subprocess
import threading
import time
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import pages
from app.page_files import PageFiles
from app.static_files import Kept, KeptFiles

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "main.js").write_text("first")
    (tmp_path / "secret").write_text("not for you")
    return tmp_path / "static"


@pytest.fixture
def files(folder):
    app = Starlette()
    app.mount("/static", KeptFiles(directory=folder))
    with TestClient(app) as client:
        yield client


def test_a_file_that_changes_is_sent_as_it_is_now(files, folder):
    first = files.get("/static/main.js")
    assert (first.text, first.headers["content-type"]) == ("first", "text/javascript; charset=utf-8")
    assert files.get("/static/main.js", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    (folder / "main.js").write_text("other")
    os.utime(folder / "main.js", ns=(1, 10**18))
    other = files.get("/static/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert (other.status_code, other.text) == (200, "other")
    assert files.head("/static/main.js").headers["content-length"] == "5"


@pytest.mark.parametrize("path", ["nothing.js", "", "../secret", "%2e%2e/secret", "x" * 256, "%00", f"0123456789ab/{'x' * 5000}", "lib"])
def test_nothing_else_is_sent(files, path):
    assert files.get(f"/static/{path}").status_code == 404


def test_nothing_is_taken_in(files):
    assert files.post("/static/main.js").status_code == 405


@pytest.fixture
def page(folder):
    """A page of three modules, one of them by name, and of a style sheet in two files."""
    (folder / "css" / "print").mkdir(parents=True)
    (folder / "vendor").mkdir()
    (folder / "main.js").write_text(
        '/** @import { A } from "./unneeded.js" */\nimport {\n  one,\n} from "./lib/one.js"\nimport "named"\nimport("./later.js")\n'
    )
    (folder / "lib").mkdir()
    (folder / "lib" / "one.js").write_text(f'export {{ two }} from "../two.js"\nexport const one = "{"1" * 2000}"\n')
    for path in ("two.js", "later.js", "unneeded.js"):
        (folder / path).write_text("")
    (folder / "vendor" / "named.js").write_text('import{a as b}from"./chunk.js";import"./chunk.js";export{b as default};')
    (folder / "vendor" / "chunk.js").write_text("export const a=1;")
    (folder / "css" / "main.css").write_text(
        '@layer base, print;\n@import url("base.css") layer(base);\n@import url("print/all.css") layer(print) print;\n'
    )
    (folder / "css" / "base.css").write_text("p { color: red }\n")
    (folder / "css" / "print" / "all.css").write_text("p { color: black }\n")
    return PageFiles(folder, {"named": "vendor/named.js"})


@pytest.fixture
def versioned(folder, page):
    app = Starlette()
    app.mount("/static", KeptFiles(directory=folder, files=page))
    with TestClient(app) as client:
        yield client


def test_a_page_knows_its_modules_however_deep_they_are(page):
    assert page.modules("main.js") == ["main.js", "lib/one.js", "vendor/named.js", "two.js", "vendor/chunk.js"]


def test_the_style_sheet_comes_in_one_piece(page, versioned):
    sheet = versioned.get(f"/static/{page.version}/css/whole.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert sheet.text == (
        "@layer base, print;\n@layer base {\np { color: red }\n}\n@media print {\n@layer print {\np { color: black }\n}\n}\n"
    )


def test_what_is_below_the_version_is_kept_for_ever_and_only_while_it_is_that(folder, page, versioned):
    of_today = versioned.get(f"/static/{page.version}/main.js")
    assert (of_today.status_code, "immutable" in of_today.headers["cache-control"]) == (200, True)
    assert page.are_as_they_were()
    # of another version, as a page from before an update asks; and by the plain path
    for path in ("0123456789ab/main.js", "main.js"):
        other = versioned.get(f"/static/{path}")
        assert (other.text, "cache-control" in other.headers) == (of_today.text, False)
    (folder / "main.js").write_text("other")
    assert not page.are_as_they_were()
    changed = versioned.get(f"/static/{page.version}/main.js")
    assert (changed.text, "cache-control" in changed.headers) == ("other", False)
    assert PageFiles(folder, {}).version != page.version


def test_files_are_packed_for_whoever_reads_that(versioned):
    def sent(accept):
        return versioned.get("/static/lib/one.js", headers={"Accept-Encoding": accept})

    packed, plain, refused = sent("br, gzip"), sent("identity"), sent("gzip;q=0")
    assert (packed.headers["content-encoding"], int(packed.headers["content-length"]) < 200) == ("gzip", True)
    assert packed.text == plain.text == refused.text
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("version", ["", "of today"])
def test_what_has_not_changed_keeps_what_was_promised_of_it(page, versioned, version):
    path = f"/static/{page.version + '/' if version else ''}lib/one.js"
    first = versioned.get(path)
    for known in ({"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}):
        again = versioned.get(path, headers=known)
        assert (again.status_code, again.content) == (304, b"")
        for name in ("cache-control", "etag", "vary"):
            assert again.headers.get(name) == first.headers.get(name)


def test_a_file_is_read_and_packed_beside_the_event_loop_and_once_for_all(folder, page, monkeypatch):
    kept_files = KeptFiles(directory=folder, files=page)
    reading = []

    def read(place):
        reading.append(threading.current_thread())
        time.sleep(0.05)
        return Kept(Path(place).read_bytes(), "text/javascript")

    monkeypatch.setattr(Kept, "read", read)

    async def ask():
        scope = {"type": "http", "method": "GET", "headers": []}
        return await asyncio.gather(*(kept_files.get_response("lib/one.js", scope) for _ in range(3)))

    assert [answer.body for answer in asyncio.run(ask())] == [(folder / "lib" / "one.js").read_bytes()] * 3
    assert [thread is threading.main_thread() for thread in reading] == [False]


@pytest.mark.parametrize("entry", ["main.js", "compare.js", "derivation.js"])
def test_a_browser_is_told_all_modules_that_esbuild_finds(entry, tmp_path):
    names = [f"--alias:{name}=./static/{path}" for name, path in pages.NAMES.items()]
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", f"static/{entry}", *names]
    options = ["--bundle", "--splitting", "--format=esm", "--log-level=error", f"--outdir={tmp_path}", f"--metafile={tmp_path}/meta.json"]
    subprocess.run([*esbuild, *options], cwd=ROOT, check=True)
    inputs = json.loads((tmp_path / "meta.json").read_text())["inputs"]
    found, waiting = set(), [f"static/{entry}"]
    while waiting:
        if (path := waiting.pop()) not in found:
            found.add(path)
            waiting += [one["path"] for one in inputs[path]["imports"] if one["kind"] == "import-statement"]
    assert {f"static/{path}" for path in pages.files.modules(entry)} == found
