"""Builds the image for real, runs it and looks at what it does: `python3 tests/image/check.py`.

It needs root on Debian and the network, and no container engine: buildah and debootstrap come by apt-get, and stand in
for Docker. The base is a small Debian with Python, made once and kept in the temporary folder; BASE=IMAGE takes another.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = Path(tempfile.gettempdir()) / "backscope-image-check"
LOCAL_BASE, IMAGE = "localhost/backscope-base", "localhost/backscope"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def run(*command: str, **options: Any) -> str:
    """What the command printed. Raises CalledProcessError, with its complaints on the screen."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout.strip()


def say(what: str) -> None:
    print(f"- {what}", flush=True)


def bring_tools() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("This check needs root on Debian. Elsewhere: docker build -t backscope . && docker run -p 8000:8000 backscope")
    missing = [tool for tool in ("buildah", "debootstrap") if not shutil.which(tool)]
    if missing:
        say(f"installing {' and '.join(missing)}")
        run("apt-get", "-qq", "update")
        run(
            "apt-get",
            "-qq",
            "install",
            "--yes",
            "--no-install-recommends",
            *missing,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )


def make_base() -> str:
    """A Debian with Python, as an image; with this machine's certificates, which stay in this local base alone."""
    if run("buildah", "images", "--quiet", "--filter", f"reference={LOCAL_BASE}"):
        return LOCAL_BASE
    say("making the base (about a minute, once)")
    release = run("sh", "-c", ". /etc/os-release && echo $VERSION_CODENAME")
    tree = WORK / "base"
    shutil.rmtree(tree, ignore_errors=True)
    tree.parent.mkdir(parents=True, exist_ok=True)
    run("debootstrap", "--variant=minbase", "--include=python3,python3-venv,ca-certificates", release, str(tree))
    shutil.copy(CERTIFICATES, tree / CERTIFICATES[1:])
    for waste in ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
        shutil.rmtree(tree / waste, ignore_errors=True)
    container = run("buildah", "from", "scratch")
    try:
        run("buildah", "copy", "--quiet", container, str(tree), "/")
        names = ("PIP_CERT", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
        run("buildah", "config", *(f"--env={name}={CERTIFICATES}" for name in names), container)
        run("buildah", "commit", "--quiet", "--format", "docker", container, LOCAL_BASE)
    finally:
        run("buildah", "rm", container)
    shutil.rmtree(tree)
    return LOCAL_BASE


class Running:
    """The image's own command, under its own user, with `data` as its volume."""

    def __init__(self, data: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.config = json.loads(run("buildah", "inspect", "--type", "image", IMAGE))["Docker"]["config"]
        self.container = run("buildah", "from", "--pull-never", IMAGE)
        assert "/data" in self.config["Volumes"], self.config["Volumes"]
        # buildah gives each container a volume of its own in the declared place, which would hide ours
        run("buildah", "config", "--volume", "/data-", self.container)
        self.options = ["--isolation", "chroot", "--network", "host", "--volume", f"{data}:/data", "--env", f"PORT={self.port}"]
        self.process = subprocess.Popen(["buildah", "run", *self.options, self.container, "--", *self.config["Cmd"]])

    def inside(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["buildah", "run", *self.options, self.container, "--", *command], capture_output=True, text=True)

    def wait_until_healthy(self) -> None:
        """By the image's own health check."""
        kind, *check = self.config["Healthcheck"]["Test"]
        assert kind == "CMD", kind
        for _ in range(60):
            assert self.process.poll() is None, "the server ended at its start"
            if self.inside(*check).returncode == 0:
                return
            time.sleep(0.5)
        raise AssertionError("the image's health check never passed")

    def server(self) -> int:
        """The server's process: the last descendant of buildah's."""
        process = self.process.pid
        # any thread of buildah may have started the next one
        while children := [child for of in Path(f"/proc/{process}/task").glob("*/children") for child in of.read_text().split()]:
            process = int(children[-1])
        return process

    def stop(self) -> float:
        """Ends the server as `docker stop` does; how many seconds that took."""
        began = time.monotonic()
        if self.process.poll() is None:
            os.kill(self.server(), signal.SIGTERM)
            self.process.wait(20)
        run("buildah", "rm", self.container)
        return time.monotonic() - began

    def call(self, method: str, path: str, body: object = None, key: str = "") -> Any:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
            return json.loads(text) if "json" in response.headers["Content-Type"] else text.decode()


def check(data: Path) -> None:
    """Raises AssertionError with the first thing that isn't as it should be."""
    first = Running(data)
    try:
        first.wait_until_healthy()
        user = Path(f"/proc/{first.server()}/status").read_text().split("Uid:")[1].split()[0]
        assert user == "10001", f"the server runs as user {user}"
        say(f"healthy, as user {user}")
        assert "Backscope" in first.call("GET", "/")
        first.call("GET", "/static/vendor/preact.js")
        first.call("GET", "/static/vendor/vendor.css")
        session = first.call("POST", "/api/v1/sessions", {})
        steps = f"/api/v1/sessions/{session['id']}/steps"
        trace = first.call("POST", steps, {"count": 3, "expected_step": 0}, session["edit_key"])
        assert trace["step"] == 3, trace["step"]
        say(f"made a session and took three steps: loss {trace['loss']:.4f}")
        driver = first.inside("python", "-c", "import psycopg; print(psycopg.pq.__impl__)")
        assert driver.stdout.strip() == "binary", driver.stderr
        say("has the driver of PostgreSQL, with its library")
    finally:
        seconds = first.stop()
    say(f"stopped in {seconds:.1f} s")
    second = Running(data)
    try:
        second.wait_until_healthy()
        kept = second.call("GET", f"/api/v1/sessions/{session['id']}")
        assert kept["step"] == 3, kept["step"]
        again = second.call("GET", f"{steps}/3")
        assert again["loss"] == trace["loss"], (again["loss"], trace["loss"])
        say("a new container on the same volume has the session, and its step's loss to the last bit")
    finally:
        second.stop()


def main() -> int:
    bring_tools()
    base = os.environ.get("BASE") or make_base()
    say(f"building on {base}")
    began = time.monotonic()
    subprocess.run(
        [
            "buildah",
            "bud",
            "--quiet",
            "--layers",
            "--format",
            "docker",
            "--isolation",
            "chroot",
            "--network",
            "host",
            "--build-arg",
            f"BASE={base}",
            "--tag",
            IMAGE,
            str(ROOT),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    say(f"built in {time.monotonic() - began:.0f} s")
    print(run("buildah", "images", "--format", "  {{.Name}} {{.Size}}", "--filter", "reference=localhost/backscope*"))
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, 10001, 10001)
        check(Path(folder))
    print("The image works.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
