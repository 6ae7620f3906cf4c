"""The launcher: what it takes as done, what an interruption leaves, and what it says when something is missing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent


@pytest.fixture
def whole(tmp_path: Path) -> run.Environment:
    """An environment in which `serve` was installed to its end (with a stand-in for Python: nothing here starts it)."""
    environment = run.Environment(tmp_path / ".venv")
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    (environment.folder / ".installed-serve").write_text(run.packages_fingerprint(), "ascii")
    return environment


class TestWhatIsDone:
    def test_an_installed_group_is_not_installed_again(self, whole: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: pytest.fail("something was started"))
        whole.install("serve")

    def test_serving_does_not_mean_that_the_tests_packages_are_there(self, whole: run.Environment) -> None:
        assert whole.has("serve")
        assert not whole.has("dev")

    def test_a_change_of_the_versions_is_noticed(self, whole: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run, "packages_fingerprint", lambda: "another")
        assert not whole.has("serve")

    def test_a_missing_folder_is_noticed(self, whole: run.Environment) -> None:
        shutil.rmtree(whole.folder)
        assert not whole.has("serve")

    def test_a_python_that_went_away_is_noticed(self, whole: run.Environment) -> None:
        whole.python.unlink()
        assert not whole.has("serve")

    def test_an_unfinished_change_is_noticed(self, whole: run.Environment) -> None:
        whole.unfinished.touch()
        assert not whole.has("serve")


class TestInterrupted:
    def test_an_interrupted_installation_begins_again_from_nothing(self, whole: run.Environment, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(whole, "_pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            whole.install("dev")
        assert not whole.has("dev")
        made = []
        monkeypatch.setattr(whole, "_make", lambda: made.append(True))
        monkeypatch.setattr(whole, "_pip", lambda *_: None)
        whole.install("dev")
        assert made
        assert whole.has("dev")
        assert whole.has("serve")

    def test_a_failed_venv_leaves_no_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(run.sys, "executable", str(tmp_path / "python-without-venv"))
        (tmp_path / "python-without-venv").write_text("#!/bin/sh\necho 'ensurepip is not available'; exit 1\n")
        (tmp_path / "python-without-venv").chmod(0o755)
        environment = run.Environment(tmp_path / ".venv")
        with pytest.raises(run.SetUpError, match="apt-get install python3-venv"):
            environment.install("serve")
        assert not environment.folder.exists()

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
    def test_ctrl_c_in_the_middle_ends_it_and_marks_what_is_half_made(self, tmp_path: Path) -> None:
        (tmp_path / "app").mkdir()
        for name in ("run.py", "pyproject.toml", "constraints.txt", "package-lock.json", "app/__init__.py", "app/vendor.py"):
            shutil.copy(ROOT / name, tmp_path / name)
        launcher = subprocess.Popen(
            [sys.executable, "run.py"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # tests that a shell runs in its background are started deaf to it, and so would be what they start
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        deadline = time.monotonic() + 20
        while not (tmp_path / ".venv" / ".unfinished").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.killpg(launcher.pid, signal.SIGINT)
        _, said = launcher.communicate(timeout=60)
        assert launcher.returncode == 130, said
        assert "Interrupted." in said
        assert not run.Environment(tmp_path / ".venv").has("serve")


class TestWhatItSays:
    def test_no_network_is_said_and_the_rest_is_not_taken_for_done(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", "")
        environment = run.Environment(tmp_path / ".venv")
        with pytest.raises(run.SetUpError, match="Is there a network"):
            environment.install("serve")
        assert not environment.has("serve")

    def test_no_venv_module_names_the_package(self) -> None:
        assert "apt-get install python3-venv" in run.venv_advice(
            "The virtual environment was not created because ensurepip is not available."
        )

    def test_any_other_failure_of_venv_is_passed_on(self) -> None:
        assert "No space left on device" in run.venv_advice("Error: [Errno 28] No space left on device")

    def test_an_old_python_is_told_which_one_it_takes(self) -> None:
        script = "import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0); runpy.run_path('run.py', run_name='__main__')"
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 1
        assert "needs Python 3.11 or newer; this is 3.9" in done.stderr

    def test_an_unknown_word_shows_the_two_commands(self) -> None:
        done = subprocess.run([sys.executable, "run.py", "sevre"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 2
        assert "`python3 run.py test`" in done.stdout


class TestStages:
    def test_one_failed_stage_fails_the_run_and_the_others_still_run(
        self, whole: run.Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stages = [("first", [sys.executable, "-c", "raise SystemExit(1)"]), ("second", [sys.executable, "-c", ""])]
        monkeypatch.setattr(run, "stages", lambda *_: stages)
        monkeypatch.setattr(run, "bring_browser", lambda _: "a browser")
        monkeypatch.setattr(run.vendor, "find_node", lambda _: run.vendor.Node("node", ("npm",)))
        monkeypatch.setattr(run.vendor, "install_modules", lambda _: None)
        assert run.test(whole, []) == 1
        said = capsys.readouterr().out
        assert "FAILED  first" in said
        assert "passed  second" in said

    @pytest.mark.parametrize(("arguments", "stages"), [([], 2), (["-k", "heatmap"], 2), (["tests/setup"], 1)])
    def test_the_page_is_a_stage_of_its_own_unless_a_path_is_given(self, whole: run.Environment, arguments: list[str], stages: int) -> None:
        commands = [command for _, command in run.stages(whole, "node", arguments) if "pytest" in command]
        assert len(commands) == stages
        assert all(command[3 : 3 + len(arguments)] == arguments for command in commands)
        assert all("-n" in command for command in commands)

    @pytest.mark.parametrize(("arguments", "passes"), [([], False), (["tests/page"], False), (["-k", "heatmap"], True), (["-mslow"], True)])
    def test_a_stage_without_a_test_passes_only_where_names_are_asked_for(
        self, whole: run.Environment, monkeypatch: pytest.MonkeyPatch, arguments: list[str], passes: bool
    ) -> None:
        monkeypatch.setattr(run, "stages", lambda *_: [("none", [sys.executable, "-c", "raise SystemExit(5)", "pytest"])])
        monkeypatch.setattr(run, "bring_browser", lambda _: None)
        monkeypatch.setattr(run.vendor, "find_node", lambda _: run.vendor.Node("node", ("npm",)))
        monkeypatch.setattr(run.vendor, "install_modules", lambda _: None)
        assert run.test(whole, arguments) == (0 if passes else 1)

    def test_a_path_that_is_not_there_is_said_before_anything_is_done(self) -> None:
        done = subprocess.run([sys.executable, "run.py", "test", "tests/engine/test_stpe.py"], cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 2
        assert done.stdout == ""
        assert "There is no tests/engine/test_stpe.py here" in done.stderr
        assert run.absent(["-k", "stats", "tests/engine", "tests/setup/test_launcher.py::TestStages"]) == []
        assert run.absent(["style"]) == ["style"]

    @pytest.mark.parametrize("arguments", [["-n0"], ["--pdb", "tests/setup"], ["-s"]])
    def test_a_person_who_says_how_is_not_overruled(self, whole: run.Environment, arguments: list[str]) -> None:
        commands = [command for _, command in run.stages(whole, "node", arguments) if "pytest" in command]
        assert all("worksteal" not in command for command in commands)


def test_the_browser_that_a_person_names_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKSCOPE_CHROMIUM", "/some/chromium")
    assert run.find_browser() == "/some/chromium"


@pytest.mark.skipif(os.name == "nt", reason="looks at the PATH as it is on Linux and macOS")
def test_a_chromium_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium = tmp_path / "chromium"
    chromium.write_text("#!/bin/sh\n")
    chromium.chmod(0o755)
    monkeypatch.delenv("BACKSCOPE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run.find_browser() == str(chromium)
