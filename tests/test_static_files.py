"""The page's files come from memory, and are what is on the disk all the same."""

import os

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.static_files import KeptFiles


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


@pytest.mark.parametrize("path", ["nothing.js", "", "../secret", "%2e%2e/secret"])
def test_nothing_else_is_sent(files, path):
    assert files.get(f"/static/{path}").status_code == 404


def test_nothing_is_taken_in(files):
    assert files.post("/static/main.js").status_code == 405
