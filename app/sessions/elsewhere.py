"""Notices what other processes do to the sessions of a database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

from .errors import StoreUnavailable
from .store import CHANNEL, Database, FileVersion

POLL = 0.1  # seconds between two looks at a file's version
AGAIN = 1.0  # seconds until a connection that broke is tried again
# a server that vanished without a word is noticed within half a minute
_alive: dict[str, Any] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "connect_timeout": 5}
_log = logging.getLogger("uvicorn.error")


async def listen(database: Database, tell: Callable[[str | None], None], beside: Callable[[Callable[[], int]], Awaitable[int]]) -> None:
    """Calls `tell` with the id of each session that another process has changed, or with None where it may be any. Ends when it is cancelled.

    `beside` runs what waits for the database beside the event loop.
    """
    version = database.file_version()
    if database.is_postgresql:
        await _be_notified(database, tell)
    elif version is not None:
        try:
            await _poll(version, tell, beside)
        finally:
            version.close()


async def _be_notified(database: Database, tell: Callable[[str | None], None]) -> None:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    is_said = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True, **_alive) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                is_said = False
                tell(None)  # nobody told of what happened before
                async for notice in connection.notifies():
                    tell(notice.payload)
        except (psycopg.Error, OSError) as error:
            if not is_said:
                _log.warning("changes by other processes are not heard for now: %s", str(error).partition("\n")[0])
            is_said = True
        await asyncio.sleep(AGAIN)


async def _poll(version: FileVersion, tell: Callable[[str | None], None], beside: Callable[[Callable[[], int]], Awaitable[int]]) -> None:
    seen = None
    while True:
        try:
            now = await beside(version.read)
            if now != seen:
                tell(None)
            seen = now
        except StoreUnavailable:
            seen = None
        await asyncio.sleep(POLL)
