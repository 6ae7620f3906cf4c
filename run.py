"""Backscope's launcher: `python3 run.py` sets up and serves, `python3 run.py test` sets up and runs every test.

It needs Python 3.11 or newer and nothing else, and does again only what isn't done. HOST and PORT say where to serve.
What follows `test` goes to pytest: `python3 run.py test -k heatmap`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:
    sys.exit("Backscope needs Python 3.11 or newer; this is {}.{} ({}).".format(*sys.version_info[:2], sys.executable))

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from app import vendor  # noqa: E402  (standard library alone, so it can be read before anything is installed)

WINDOWS = os.name == "nt"


class SetUpError(Exception):
    """What is missing and what to do about it, for the person who waits."""


def say(what: str) -> None:
    print(f"- {what}", flush=True)


class Environment:
    """The virtual environment in `folder`, and which groups of pyproject.toml it has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
        # Stands from the first change to the last; where it still stands at a start, that change was interrupted
        self.unfinished = folder / ".unfinished"

    def has(self, group: str) -> bool:
        """True where `group` was installed, to its end, from today's versions."""
        try:
            return self.python.exists() and not self.unfinished.exists() and self._stamp(group).read_text("ascii") == packages_fingerprint()
        except (OSError, UnicodeDecodeError):
            return False

    def install(self, group: str) -> None:
        """Brings `group`, after making the environment where there is none that is whole. Raises SetUpError."""
        if self.has(group):
            return
        if self.unfinished.exists() or not self.python.exists():
            self._make()
        say(f"installing the Python packages ({group})")
        self.unfinished.touch()
        # pip knows groups since 25.1, and a Python brings the pip of its own day
        self._pip("--upgrade", "pip>=25.1")
        self._pip("--constraint", str(ROOT / "constraints.txt"), "--group", f"{ROOT / 'pyproject.toml'}:{group}")
        self._stamp(group).write_text(packages_fingerprint(), "ascii")
        if group == "dev":  # which includes what serves
            self._stamp("serve").write_text(packages_fingerprint(), "ascii")
        self.unfinished.unlink()

    def _stamp(self, group: str) -> Path:
        return self.folder / f".installed-{group}"

    def _make(self) -> None:
        say(f"making {self.folder.name}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.unfinished.touch()
        made = subprocess.run([sys.executable, "-m", "venv", str(self.folder)], capture_output=True, text=True)
        if made.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise SetUpError(venv_advice(made.stdout + made.stderr))

    def _pip(self, *arguments: str) -> None:
        command = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *arguments]
        if subprocess.run(command, cwd=ROOT).returncode != 0:
            raise SetUpError("The Python packages could not be installed (pip's own words are above). Is there a network?")


def packages_fingerprint() -> str:
    """What the environment is made of, as one hash."""
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))).hexdigest()


def venv_advice(said: str) -> str:
    """Why `python -m venv` failed, as far as can be known, and what helps."""
    if "ensurepip" in said or "No module named venv" in said:
        version = "{}.{}".format(*sys.version_info[:2])
        return f"This Python ({sys.executable}) comes without its venv module. On Debian or Ubuntu: apt-get install python3-venv (or python{version}-venv). Then run this again."
    return f"{sys.executable} could not make a virtual environment:\n{said.strip()}"


def find_browser() -> str | None:
    """A Chromium or Chrome that this machine has: its path."""
    if named := os.environ.get("BACKSCOPE_CHROMIUM"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"):
        if found := shutil.which(name):
            return found
    usual = [
        Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    ]
    usual += [
        Path(os.environ[folder]) / "Google/Chrome/Application/chrome.exe"
        for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        if folder in os.environ
    ]
    return next((str(path) for path in usual if path.exists()), None)


def bring_browser(environment: Environment) -> str | None:
    """A browser for the page's tests: the machine's own, else Debian's for root, else Playwright's own (None: it finds that itself). Raises SetUpError."""
    if found := find_browser():
        return found
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say("installing Chromium by apt-get")
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            if (
                subprocess.run(["apt-get", "-qq", *arguments], env=quietly, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
                != 0
            ):
                break
        if found := find_browser():
            return found
    # Quick where it is there already
    say("looking for Playwright's Chromium")
    if subprocess.run([str(environment.python), "-m", "playwright", "install", "chromium"]).returncode != 0:
        raise SetUpError(
            "The page's tests need a browser, and none could be installed. Install Chromium or Chrome, or set BACKSCOPE_CHROMIUM to its path."
        )
    return None


def serve(environment: Environment) -> int:
    """The server, until it ends or is ended."""
    command = [str(environment.python), "-m", "app"]
    os.chdir(ROOT)
    if not WINDOWS:
        # Takes this process's place, so that Ctrl-C and kill reach the server itself
        os.execv(command[0], command)
    server = subprocess.Popen(command)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue  # Windows tells both of us; the server ends itself


def side_by_side(pytest_arguments: list[str]) -> list[str]:
    """What lets pytest use the cores: a process for each, four at most; nothing where a person says how many, or looks into one test."""
    own = ("-n", "--numprocesses", "--dist", "-p", "--pdb", "--trace", "-s", "--capture", "--collect-only")
    if any(argument.startswith(own) for argument in pytest_arguments):
        return []
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]


def absent(pytest_arguments: list[str]) -> list[str]:
    """Which of pytest's arguments name a file or folder that isn't there. What follows an option may be its value."""
    return [
        argument
        for option, argument in pairwise(["", *pytest_arguments])
        if not argument.startswith("-") and not option.startswith("-") and not (ROOT / argument.partition("::")[0]).exists()
    ]


def may_choose_none(pytest_arguments: list[str]) -> bool:
    """Whether a stage without a test is as it should be: where names or marks are asked for, they may be those of the other stage."""
    return any(argument.startswith(("-k", "-m", "--lf", "--last-failed", "--collect-only")) for argument in pytest_arguments)


def stages(environment: Environment, node: str, pytest_arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Every check: a title and a command, fast ones first."""
    python = str(environment.python)
    checks = [
        ("Python style (ruff check)", [python, "-m", "ruff", "check", "."]),
        ("Python layout (ruff format)", [python, "-m", "ruff", "format", "--check", "."]),
        ("Python types (mypy)", [python, "-m", "mypy"]),
        ("JavaScript types (tsc)", [node, str(vendor.MODULES / "typescript" / "bin" / "tsc"), "--project", str(ROOT)]),
        ("JavaScript (node)", [node, "--test", "--test-reporter=spec", *sorted(map(str, (ROOT / "tests" / "static").rglob("*.test.js")))]),
    ]
    pytest = [python, "-m", "pytest", *pytest_arguments, *side_by_side(pytest_arguments)]
    if any(not argument.startswith("-") and (ROOT / argument.partition("::")[0]).exists() for argument in pytest_arguments):
        return [*checks, ("Chosen tests (pytest)", pytest)]
    return [
        *checks,
        ("Engine, data and API (pytest)", [*pytest, "tests", "--ignore=tests/page"]),
        ("Page in a browser (pytest)", [*pytest, "tests/page"]),
    ]


def test(environment: Environment, pytest_arguments: list[str]) -> int:
    """Runs every stage, also after one that failed. 0 where all passed."""
    node = vendor.find_node(str(environment.python))
    vendor.install_modules(node)
    browser = bring_browser(environment)
    # the Python whose app the JavaScript tests ask for its catalogue
    surroundings = {**os.environ, "BACKSCOPE_PYTHON": str(environment.python)}
    if browser is not None:
        surroundings["BACKSCOPE_CHROMIUM"] = browser
    results = []
    for title, command in stages(environment, node.node, pytest_arguments):
        print(f"\n=== {title}", flush=True)
        began = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, env=surroundings).returncode
        passed = status == 0 or (status == 5 and "pytest" in command and may_choose_none(pytest_arguments))  # pytest's 5: no tests
        results.append((title, passed, time.monotonic() - began))
    print("\n=== Summary", flush=True)
    for title, passed, seconds in results:
        print(f"{'passed' if passed else 'FAILED'}  {title}, {seconds:.1f} s", flush=True)
    return 0 if all(passed for _, passed, _ in results) else 1


def set_up(environment: Environment, group: str) -> None:
    """The packages of `group` and the browser libraries, where they aren't there. Raises SetUpError or VendorError."""
    environment.install(group)
    if not vendor.is_stamped(vendor.VENDOR):
        say("bringing the browser libraries")
        vendor.build(str(environment.python))


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] != "test":
        print(__doc__)
        return 0 if arguments[0] in ("-h", "--help") else 2
    # `kill` ends a set-up as Ctrl-C does
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    environment = Environment(ROOT / ".venv")
    if missing := absent(arguments[1:]):
        print(
            f"There is no {missing[0]} here. What follows `test` goes to pytest: a path such as tests/engine, or -k and a name.",
            file=sys.stderr,
        )
        return 2
    try:
        set_up(environment, "dev" if arguments else "serve")
        return test(environment, arguments[1:]) if arguments else serve(environment)
    except (SetUpError, vendor.VendorError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Set-up can't go on: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
