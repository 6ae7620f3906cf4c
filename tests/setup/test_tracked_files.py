"""What no tracked file may hold: a package registry's host (a lock must work with any mirror), or a path of one machine."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

# Put together here, so that this file doesn't hold them either
REGISTRIES = [
    "registry." + "npmjs",
    "files.python" + "hosted",
    "py" + "pi.org",
    "npm" + "js.com",
    "deb." + "debian.org",
    "registry." + "yarnpkg",
]
MACHINES = ["/wo" + "rk/main", "/wo" + "rk/shared", "/root/" + ".pyenv"]


@pytest.fixture(scope="module")
def tracked() -> dict[str, bytes]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return {name: (ROOT / name).read_bytes() for name in names if name and (ROOT / name).is_file()}


@pytest.mark.parametrize("text", REGISTRIES + MACHINES)
def test_no_tracked_file_names_a_registry_or_a_machine(text: str, tracked: dict[str, bytes]) -> None:
    assert [name for name, content in tracked.items() if text.encode() in content] == []


def test_nothing_that_set_up_makes_is_tracked(tracked: dict[str, bytes]) -> None:
    assert [name for name in tracked if name.startswith((".venv/", "node_modules/", "static/vendor/", "data/"))] == []


class TestImage:
    def test_hadolint_finds_nothing(self) -> None:
        hadolint = Path(sys.executable).with_name("hadolint.exe" if sys.platform == "win32" else "hadolint")
        if not hadolint.exists():
            pytest.skip("hadolint comes with the launcher's environment")
        done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout

    def test_everything_that_is_copied_passes_the_ignore_file(self) -> None:
        passed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
        copies = [
            line.split()[1:-1]
            for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines()
            if line.startswith("COPY ") and "--from" not in line
        ]
        sources = {source.split("/")[0] for copy in copies for source in copy}
        assert sources
        assert sources <= passed

    def test_it_does_not_run_as_root(self) -> None:
        users = [line.split()[1] for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if line.startswith("USER ")]
        assert users
        assert all(int(user.split(":")[0]) > 0 for user in users)
