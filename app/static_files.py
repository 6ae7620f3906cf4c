"""The files of the page, from memory: a page is some two hundred small ones, and to open each again takes longer than to send it."""

import mimetypes
import os

from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

LARGEST = 1024 * 1024  # bytes of one file that is kept


class KeptFiles(StaticFiles):
    """As StaticFiles, but what was sent once is kept until the file changes."""

    def __init__(self, *, directory: os.PathLike[str]) -> None:
        super().__init__(directory=directory)
        self._kept: dict[str, tuple[int, int, bytes]] = {}  # by path: when it changed, its size, its bytes

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return await super().get_response(path, scope)
        place, found = self.lookup_path(path)
        if found is None or not os.path.isfile(place) or found.st_size > LARGEST:
            return await super().get_response(path, scope)
        told = self.file_response(place, found, scope)
        if not isinstance(told, FileResponse):
            return told  # not modified
        headers = {name: told.headers[name] for name in ("etag", "last-modified")}
        media_type = mimetypes.guess_type(place)[0] or "application/octet-stream"
        return Response(self._read(place, found), headers=headers, media_type=media_type)

    def _read(self, place: str, found: os.stat_result) -> bytes:
        changed, size, content = self._kept.get(place, (0, -1, b""))
        if (changed, size) != (found.st_mtime_ns, found.st_size):
            with open(place, "rb") as file:
                content = file.read()
            self._kept[place] = (found.st_mtime_ns, found.st_size, content)
        return content
