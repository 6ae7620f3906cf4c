"""The files of the page, from memory: a page is some two hundred small ones, and to open each again takes longer than to send it."""

import asyncio
import mimetypes
import os
import re
import stat

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from app.packing import LEAST, pack, packed
from app.page_files import SHEET, PageFiles, Stamp

LARGEST = 2 * 1024 * 1024  # bytes of one file that is kept
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

_versioned = re.compile(r"([0-9a-f]{12})/(.+)")
_texts = ("text/", "application/json", "image/svg+xml", "font/ttf")


class Kept:
    """A file's bytes as they are sent, plain and packed by gzip, where that saves something."""

    def __init__(self, content: bytes, media_type: str) -> None:
        self.content = content
        self.media_type = media_type
        self.packed = pack(content) if len(content) >= LEAST and media_type.startswith(_texts) else None

    @classmethod
    def read(cls, place: str) -> "Kept":
        with open(place, "rb") as file:
            return cls(file.read(), mimetypes.guess_type(place)[0] or "application/octet-stream")

    def response(self, asked: Headers, headers: dict[str, str]) -> Response:
        """As whoever asks can read it."""
        plain = Response(self.content, headers=headers, media_type=self.media_type)
        return plain if self.packed is None else packed(plain, asked, self.packed)


class KeptFiles(StaticFiles):
    """As StaticFiles, but what was sent once is kept until the file changes; and below the version of `files`, it is kept by browsers for ever."""

    def __init__(self, *, directory: os.PathLike[str], files: PageFiles | None = None) -> None:
        super().__init__(directory=directory)
        self._files = files
        self._kept: dict[str, tuple[Stamp, asyncio.Task[Kept]]] = {}  # by place
        self._sheet = Kept(files.sheet(), "text/css") if files else None

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return await super().get_response(path, scope)
        version = None
        if match := _versioned.fullmatch(path.replace(os.sep, "/")):
            version, path = match.groups()
        asked = Headers(scope=scope)
        if version and path == SHEET and self._sheet and self._files:
            # of another version: a page from before the server was started anew, which is drawn as well as can be
            return self._sheet.response(asked, FOR_EVER if version == self._files.version else {})
        place, found = self._found(path)
        if found.st_size > LARGEST:
            return await super().get_response(path, scope)
        stamp = Stamp(found.st_mtime_ns, found.st_size)
        # what has changed since the version was made is not what is promised by it
        is_promised = self._files is not None and version == self._files.version and self._files.stamp(path) == stamp
        told = FileResponse(place, stat_result=found).headers
        # weak: the same file, plain or packed
        headers = {"etag": f"W/{told['etag']}", "last-modified": told["last-modified"], **(FOR_EVER if is_promised else {})}
        answer = (await self._read(place, stamp)).response(asked, headers)
        # with the same headers, or the browser would forget what it was promised; a tag is compared without its W/
        return NotModifiedResponse(answer.headers) if self.is_not_modified(told, asked) else answer

    def _found(self, path: str) -> tuple[str, os.stat_result]:
        try:
            place, found = self.lookup_path(path)
        except (OSError, ValueError):  # no name that a file can have: too long, or with a null in it
            raise HTTPException(404) from None
        if found is None or not stat.S_ISREG(found.st_mode):
            raise HTTPException(404)
        return place, found

    async def _read(self, place: str, stamp: Stamp) -> Kept:
        """Read and packed beside the event loop; of many who ask at once, one has it done for all."""
        known, reading = self._kept.get(place, (None, None))
        if reading is None or known != stamp:
            reading = asyncio.create_task(run_in_threadpool(Kept.read, place))
            self._kept[place] = (stamp, reading)
        try:
            # shielded: who goes away takes nothing from the others
            return await asyncio.shield(reading)
        except OSError:
            self._kept.pop(place, None)  # whoever asks next has it read again
            raise
