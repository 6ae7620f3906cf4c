"""The launcher's own decisions, without installing anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import run
from app import vendor

FAILING_PYTHON = "import sys; sys.exit(1)"


@pytest.fixture
def environment(tmp_path: Path) -> run.Environment:
    """An environment whose folder has a Python, and nothing installed."""
    made = run.Environment(tmp_path / ".venv")
    made.python.parent.mkdir(parents=True)
    made.python.touch()
    return made


def install_without_pip(environment: run.Environment, group: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Installs with a pip that does nothing; what it was called with."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(run.Environment, "_pip", lambda _, *arguments: calls.append(arguments))
    environment.install(group)
    return calls


def test_what_is_installed_is_not_installed_again(environment: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    assert install_without_pip(environment, "dev", monkeypatch)
    assert environment.has("dev")
    assert environment.has("serve")
    assert install_without_pip(environment, "serve", monkeypatch) == []


def test_serving_packages_are_not_enough_for_the_tests(environment: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    install_without_pip(environment, "serve", monkeypatch)
    assert not environment.has("dev")


def test_other_versions_are_installed(environment: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    install_without_pip(environment, "serve", monkeypatch)
    monkeypatch.setattr(run, "packages_fingerprint", lambda: "of other versions")
    assert not environment.has("serve")


def test_an_interrupted_installation_counts_as_none(environment: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    install_without_pip(environment, "serve", monkeypatch)

    def interrupt(_: run.Environment, *arguments: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run.Environment, "_pip", interrupt)
    with pytest.raises(KeyboardInterrupt):
        environment.install("dev")
    assert not environment.has("serve")
    assert not environment.has("dev")


def test_a_deleted_environment_is_noticed(environment: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    install_without_pip(environment, "serve", monkeypatch)
    environment.python.unlink()
    assert not environment.has("serve")


def test_no_venv_module_is_said_with_the_package_that_brings_it() -> None:
    advice = run.venv_advice("The virtual environment was not created successfully because ensurepip is not available.")
    assert "python3-venv" in advice


def test_the_browser_that_is_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSCOPE_CHROMIUM", "/somewhere/chromium")
    assert run.find_browser() == "/somewhere/chromium"


@pytest.mark.skipif(os.name == "nt", reason="looks at the PATH as it is on Linux and macOS")
def test_a_chromium_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium = tmp_path / "chromium"
    chromium.write_text("#!/bin/sh\n")
    chromium.chmod(0o755)
    monkeypatch.delenv("BACKSCOPE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run.find_browser() == str(chromium)


def test_every_stage_runs_and_one_failure_is_the_answer(tmp_path: Path, environment: run.Environment, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    ran = tmp_path / "ran"
    todo = [
        ("first", [sys.executable, "-c", FAILING_PYTHON]),
        ("second", [sys.executable, "-c", f"open({str(ran)!r}, 'w')"]),
    ]
    monkeypatch.setattr(run, "stages", lambda *_: todo)
    monkeypatch.setattr(run, "bring_browser", lambda _: None)
    monkeypatch.setattr(vendor, "find_node", lambda _: vendor.Node("node", ("npm",)))
    monkeypatch.setattr(vendor, "install_modules", lambda _: None)
    assert run.test(environment, []) == 1
    assert ran.exists()
    said = capfd.readouterr().out
    assert "FAILED  first" in said
    assert "passed  second" in said


def test_a_path_among_the_arguments_makes_one_pytest_stage(environment: run.Environment) -> None:
    def pytest_stages(arguments: list[str]) -> list[list[str]]:
        return [command for _, command in run.stages(environment, "node", arguments) if "pytest" in command]

    assert len(pytest_stages([])) == 2
    assert len(pytest_stages(["-k", "heatmap"])) == 2
    assert len(pytest_stages(["tests/setup"])) == 1


def test_unknown_words_get_the_usage() -> None:
    done = subprocess.run([sys.executable, "run.py", "tset"], cwd=run.ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "python3 run.py test" in done.stdout
