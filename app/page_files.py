"""What the files of the page are, all together: their version, which modules a page needs, and its style sheet in one piece.

A page is some two hundred small files, and on a slow line each question for one costs a round trip: so a browser is told at once
what it will need, and asks for nothing again that it has.
"""

import hashlib
import os
import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

SHEET = "css/whole.css"  # no file: css/main.css with what it imports

# A module's imports, of our own code and of what esbuild made small; words in a comment or a string that look like one name no file
_imports = re.compile(r"""(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w$*{},\s]*?\bfrom\s*|[\w$*{},\s]*\}\s*from\s*)?["']([^"'\n]+)["']""")
_sheets = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\)( print)?;\n?')


class Stamp(NamedTuple):
    """What tells that a file is another than it was."""

    changed: int  # nanoseconds
    size: int  # bytes


class PageFiles:
    """The files of one folder, as they are when this is made."""

    def __init__(self, folder: Path, names: dict[str, str]) -> None:
        """`names`: bare names of modules to paths in the folder."""
        self._folder = folder
        self._names = names
        self._stamps = dict(self._walk())
        digest = hashlib.sha256()
        for path in sorted(self._stamps):
            digest.update(path.encode() + b"\0" + hashlib.sha256((folder / path).read_bytes()).digest())
        self.version = digest.hexdigest()[:12]

    def stamp(self, path: str) -> Stamp | None:
        """The file as it was; None where there was none."""
        return self._stamps.get(path)

    def are_as_they_were(self) -> bool:
        """Whether no file has changed, come or gone: takes about a millisecond."""
        return dict(self._walk()) == self._stamps

    def modules(self, entry: str) -> list[str]:
        """Every module that `entry` can't run without, itself first, each path in the order in which a browser finds them."""
        return list(self._graph(entry))

    @cache  # noqa: B019 - as long as the server
    def _graph(self, entry: str) -> tuple[str, ...]:
        found = {entry: None}
        waiting = [entry]
        while waiting:
            path = waiting.pop(0)
            for name in _imports.findall((self._folder / path).read_text("utf-8")):
                needed = self._names.get(name) or posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                if needed in self._stamps and needed not in found:
                    found[needed] = None
                    waiting.append(needed)
        return tuple(found)

    @cache  # noqa: B019
    def sheet(self) -> bytes:
        """The style sheet in one piece: what is imported stands in its layer, where its @import stood."""
        main = (self._folder / "css" / "main.css").read_text("utf-8")
        return _sheets.sub(self._brought, main).encode()

    def _brought(self, rule: re.Match[str]) -> str:
        path, layer, is_print = rule.groups()
        text = (self._folder / "css" / path).read_text("utf-8")
        within = f"@layer {layer} {{\n{text}}}\n"
        return f"@media print {{\n{within}}}\n" if is_print else within

    def _walk(self, under: str = "") -> Iterator[tuple[str, Stamp]]:
        with os.scandir(self._folder / under) as entries:
            for entry in entries:
                path = f"{under}/{entry.name}" if under else entry.name
                if entry.is_dir():
                    yield from self._walk(path)
                elif entry.is_file() and not entry.name.startswith("."):
                    found = entry.stat()
                    yield path, Stamp(found.st_mtime_ns, found.st_size)
