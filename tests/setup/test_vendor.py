"""The browser libraries: put in place whole or not at all, and what is in them."""

import json
import re
from pathlib import Path

import pytest

from app import vendor
from app.pages import PLAIN, import_map

NODE = vendor.Node("node", ("npm",))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty static/vendor of this test's own, for which npm and Node are not asked."""
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "static" / "vendor")
    monkeypatch.setattr(vendor, "find_node", lambda _: NODE)
    monkeypatch.setattr(vendor, "install_modules", lambda _: None)
    return tmp_path / "static" / "vendor"


def bundle(node: vendor.Node, work: Path) -> Path:
    made = work / "made"
    made.mkdir()
    (made / "preact.js").write_text("new")
    return made


def interrupted(node: vendor.Node, work: Path) -> Path:
    bundle(node, work)
    raise KeyboardInterrupt


def test_it_is_made_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "_bundle", bundle)
    vendor.build("python")
    assert (place / "preact.js").read_text() == "new"
    monkeypatch.setattr(vendor, "_bundle", interrupted)
    vendor.build("python")


def test_an_interruption_leaves_what_stood_there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.mkdir(parents=True)
    (place / "preact.js").write_text("old")
    monkeypatch.setattr(vendor, "_bundle", interrupted)
    with pytest.raises(KeyboardInterrupt):
        vendor.build("python")
    assert (place / "preact.js").read_text() == "old"
    assert [path.name for path in place.parent.iterdir()] == ["vendor"]
    assert not vendor.is_stamped(place)


def test_what_a_killed_one_left_is_cleared(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.parent / ".vendor-left" / "made").mkdir(parents=True)
    monkeypatch.setattr(vendor, "_bundle", bundle)
    vendor.build("python")
    assert [path.name for path in place.parent.iterdir()] == ["vendor"]


def test_a_changed_lock_makes_it_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "_bundle", bundle)
    vendor.build("python")
    (place / "preact.js").write_text("old")
    monkeypatch.setattr(vendor, "fingerprint", lambda: "another")
    vendor.build("python")
    assert (place / "preact.js").read_text() == "new"


@pytest.mark.parametrize(("said", "major"), [("v20.20.2", 20), ("v8.0.0", 8), ("20", 0), ("", 0)])
def test_the_version_of_node_is_read(said: str, major: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor.subprocess, "run", lambda *_, **__: vendor.subprocess.CompletedProcess([], 0, stdout=said))
    assert vendor._major("node") == major


def test_a_node_that_does_not_start_counts_as_none(tmp_path: Path) -> None:
    assert vendor._major(str(tmp_path / "no-such-node")) == 0


def test_an_old_node_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor.shutil, "which", lambda name: f"/old/{name}")
    monkeypatch.setattr(vendor, "_major", lambda _: 18)
    monkeypatch.setattr(vendor, "_wheel_node", lambda _: NODE)
    assert vendor.find_node("python") is NODE


class TestWhatWasMade:
    def test_every_name_of_the_import_map_has_its_file(self) -> None:
        for url in json.loads(import_map(PLAIN))["imports"].values():
            assert (vendor.ROOT / url.lstrip("/")).is_file(), url

    def test_there_is_one_preact(self) -> None:
        chunk = re.findall(r'"\./(chunk-\w+\.js)"', (vendor.VENDOR / "preact.js").read_text("utf-8"))
        assert chunk
        for name in ("preact-hooks.js", "signals.js", "htm-preact.js"):
            shared = set(chunk) & set(re.findall(r'"\./(chunk-\w+\.js)"', (vendor.VENDOR / name).read_text("utf-8")))
            below = {
                found for one in (vendor.VENDOR / name).read_text("utf-8").split('"') if one.startswith("./chunk-") for found in [one[2:]]
            }
            through = {inner for one in below for inner in re.findall(r'"\./(chunk-\w+\.js)"', (vendor.VENDOR / one).read_text("utf-8"))}
            assert shared or set(chunk) & through, name

    def test_every_file_that_the_styles_name_is_there(self) -> None:
        named = re.findall(r'url\("?([^")]+)"?\)', (vendor.VENDOR / "vendor.css").read_text("utf-8"))
        assert named
        for name in named:
            assert name.startswith("data:") or (vendor.VENDOR / name).is_file(), name

    @pytest.mark.parametrize("package", vendor.LICENSED)
    def test_every_package_has_its_licence(self, package: str) -> None:
        assert f"{package}: " in (vendor.VENDOR / "LICENSES.txt").read_text("utf-8")
