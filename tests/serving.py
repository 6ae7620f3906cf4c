"""A real server process, that a test may kill."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Server:
    """`python -m app` on a free port. `address` is None until `wait` has heard it."""

    def __init__(self, database_url: str, **environment: str) -> None:
        wanted = {**os.environ, "HOST": "127.0.0.1", "PORT": "0", "BACKSCOPE_DATABASE_URL": database_url, **environment}
        self.process = subprocess.Popen([sys.executable, "-m", "app"], cwd=ROOT, env=wanted, stdout=subprocess.PIPE, text=True)
        self.address: str | None = None

    def wait(self) -> "Server":
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"the server said {line!r} and not where it is"
        self.address = found[0]
        return self

    def call(self, path: str, body: Any = None, key: str = "", method: str | None = None) -> Any:
        """The answer to a GET, or to a POST of a body. Raises HTTPError, and OSError where the server goes meanwhile."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def kill(self) -> None:
        self.process.kill()
        self._gone()

    def end(self) -> None:
        self.process.terminate()
        self._gone()

    def _gone(self) -> None:
        self.process.wait(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()
