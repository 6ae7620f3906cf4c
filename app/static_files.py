"""The files of the page, from memory: a page is some two hundred small ones, and to open each again takes longer than to send it."""

import mimetypes
import os
import re
from functools import cached_property

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.packing import LEAST, pack, packed
from app.page_files import SHEET, PageFiles, Stamp

LARGEST = 2 * 1024 * 1024  # bytes of one file that is kept
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}

_versioned = re.compile(r"([0-9a-f]{12})/(.+)")
_texts = ("text/", "application/json", "image/svg+xml", "font/ttf")


class Kept:
    """A file's bytes as they are sent, plain and packed."""

    def __init__(self, content: bytes, media_type: str) -> None:
        self.content = content
        self.media_type = media_type

    @cached_property
    def packed(self) -> bytes | None:
        """By gzip, made once at the first wish; None where that saves nothing."""
        if len(self.content) < LEAST or not self.media_type.startswith(_texts):
            return None
        return pack(self.content)

    def response(self, asked: Headers, headers: dict[str, str]) -> Response:
        """As whoever asks can read it."""
        plain = Response(self.content, headers=headers, media_type=self.media_type)
        return plain if self.packed is None else packed(plain, asked, self.packed)


class KeptFiles(StaticFiles):
    """As StaticFiles, but what was sent once is kept until the file changes; and below the version of `files`, it is kept by browsers for ever."""

    def __init__(self, *, directory: os.PathLike[str], files: PageFiles | None = None) -> None:
        super().__init__(directory=directory)
        self._files = files
        self._kept: dict[str, tuple[Stamp, Kept]] = {}  # by place
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
        place, found = self.lookup_path(path)
        if found is None or not os.path.isfile(place):
            raise HTTPException(404)
        if found.st_size > LARGEST:
            return await super().get_response(path, scope)
        stamp = Stamp(found.st_mtime_ns, found.st_size)
        # what has changed since the version was made is not what is promised by it
        is_promised = self._files is not None and version == self._files.version and self._files.stamp(path) == stamp
        told = self.file_response(place, found, scope)
        if not isinstance(told, FileResponse):
            return told  # not modified
        # weak: the same file, plain or packed
        headers = {"etag": f"W/{told.headers['etag']}", "last-modified": told.headers["last-modified"], **(FOR_EVER if is_promised else {})}
        return self._read(place, stamp).response(asked, headers)

    def _read(self, place: str, stamp: Stamp) -> Kept:
        known, kept = self._kept.get(place, (None, None))
        if kept is None or known != stamp:
            with open(place, "rb") as file:
                kept = Kept(file.read(), mimetypes.guess_type(place)[0] or "application/octet-stream")
            self._kept[place] = (stamp, kept)
        return kept
