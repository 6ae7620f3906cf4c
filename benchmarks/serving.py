"""A real server process for a benchmark, on a SQLite file of its own, and what is posted to it."""

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(**environment):
    """The host and port of `python -m app` in this environment."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = {"HOST": "127.0.0.1", "PORT": "0", "BACKSCOPE_DATABASE_URL": f"sqlite:///{folder}/backscope.db"}
        server = subprocess.Popen(
            [sys.executable, "-m", "app"], cwd=ROOT, env={**os.environ, **wanted, **environment}, stdout=subprocess.PIPE, text=True
        )
        try:
            yield re.search(r"http://([^\s/]+)", server.stdout.readline())[1]
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()


def post(connection, path, body, headers=None):
    """The bytes of the answer, over a connection that stays open."""
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
    response = connection.getresponse()
    answer = response.read()
    if response.status >= 300:
        raise SystemExit(f"POST {path} answered {response.status}: {answer[:300]!r}")
    return answer
