"""`python -m app`: the server, where everything is installed."""

import errno
import importlib.util
import os
import re
import socket
import sys

# Before NumPy is read: sessions already run side by side, and BLAS threads that wait for one another on a busy machine
# turn a step of 1 ms into one of 100. One thread also adds in one order, so a step repeats to the last bit.
for pool in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(pool, "1")

if importlib.util.find_spec("uvicorn") is None:
    sys.exit(
        f"Backscope's packages are not installed for {sys.executable}. `python3 run.py` installs them and serves; then .venv/bin/python -m app does, too."
    )

import uvicorn  # noqa: E402
from pydantic import ValidationError  # noqa: E402
from pydantic_settings import SettingsError  # noqa: E402
from sqlalchemy.exc import ArgumentError  # noqa: E402

from app.main import create_app  # noqa: E402
from app.protocols import http_protocol  # noqa: E402
from app.sessions import Store, StoreUnavailable  # noqa: E402
from app.setting_names import complaint, unknown_settings  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.unreadable import LONGEST_HEAD  # noqa: E402


class Server(uvicorn.Server):
    """Says where it is once it really listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            name = f"[{host}]" if ":" in host else host
            print(f"Backscope is at http://{'127.0.0.1' if host == '0.0.0.0' else name}:{port}  (Ctrl-C ends it)", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # streams have no end of their own, and would be waited for
        self.config.app.state.watching.close()  # type: ignore[union-attr]
        await super().shutdown(sockets=sockets)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError where the address is taken or isn't this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only where the protocol is named: without it every small answer waits 40 ms
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # on Windows it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _way_out(error: OSError) -> str:
    """What to set, where a socket can't listen."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "Set HOST to a name or an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them."
    if error.errno == errno.EACCES:
        return "Set PORT to one from 1024 on: those below are the system's."
    return "Set PORT to another one."


def _without_password(url: str) -> str:
    return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)


def main() -> int:
    if unknown := unknown_settings(os.environ):
        print(*unknown, sep="\n", file=sys.stderr)
        return 2
    try:
        settings = Settings()
    except ValidationError as error:
        for one in error.errors():
            print(complaint(one["loc"], one["input"], one["msg"]), file=sys.stderr)
        return 2
    except SettingsError:  # the only one that isn't a plain text or number
        print(f"BACKSCOPE_LIMITS is {os.environ.get('BACKSCOPE_LIMITS')!r}; it must be a JSON object.", file=sys.stderr)
        return 2
    try:
        settings.make_data_folder()
        Store(settings.database_url, wait=settings.database_wait).close()
    except ArgumentError:
        forms = "sqlite:///relative/file.db, sqlite:////absolute/file.db or postgresql://user:password@host/name"
        print(f"BACKSCOPE_DATABASE_URL is {_without_password(settings.database_url)!r}; it must be {forms}.", file=sys.stderr)
        return 1
    except (StoreUnavailable, OSError) as error:
        told = f"{error.words}." if isinstance(error, StoreUnavailable) else error
        print(f"Can't use the database: {told} BACKSCOPE_DATABASE_URL says where it is.", file=sys.stderr)
        return 1
    # a port that is taken is found before anything else starts, and said in one sentence
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        print(f"Can't listen on HOST {settings.host}, PORT {settings.port}: {error.strerror}. {_way_out(error)}", file=sys.stderr)
        return 1
    config = uvicorn.Config(
        create_app(settings),
        http=http_protocol(),
        h11_max_incomplete_event_size=LONGEST_HEAD,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
    )
    server = Server(config)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
