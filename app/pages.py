"""The HTML door: renders templates, and knows no mathematics."""

import base64
import hashlib
import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates

from app.packing import packed
from app.page_files import SHEET, PageFiles
from app.settings import ROOT

# Bare names of the browser code to the files that set-up makes in static/vendor
NAMES = {
    "preact": "vendor/preact.js",
    "preact/hooks": "vendor/preact-hooks.js",
    "@preact/signals": "vendor/signals.js",
    "htm/preact": "vendor/htm-preact.js",
    "katex": "vendor/katex.js",
    "uplot": "vendor/uplot.js",
}
files = PageFiles(ROOT / "static", NAMES)

PLAIN = "/static/"
VERSIONED = f"/static/{files.version}/"


def import_map(base: str) -> str:
    """Where the browser code finds what it imports by name; `base`: one of the two paths to the files."""
    imports = {name: base + path for name, path in NAMES.items()}
    if base != PLAIN:
        # whoever imports by the plain path, in a console or a test, gets the page's own modules and no second ones
        imports |= {PLAIN: base, base: base}
    return json.dumps({"imports": imports}, separators=(",", ":"))


def content_security_policy() -> str:
    """Nothing but our own files; the import map, which has to stand in the page, by its hash."""
    hashes = [base64.b64encode(hashlib.sha256(import_map(base).encode()).digest()).decode() for base in (PLAIN, VERSIONED)]
    maps = " ".join(f"'sha256-{one}'" for one in hashes)
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {maps}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(ROOT / "templates")


@router.get("/")
def lens(request: Request) -> Response:
    return _page(request, "lens.html", entry="main.js")


@router.get("/derivation")
def derivation(request: Request) -> Response:
    return _page(request, "derivation.html", entry="derivation.js")


@router.get("/compare")
def compare(request: Request) -> Response:
    return _page(request, "compare.html", entry="compare.js")


@router.get("/docs")
def docs(request: Request) -> Response:
    return _page(request, "docs.html")


def missing(request: Request) -> Response | None:
    """A page that says that there is none, for whoever asks for pages; None for a client that is to be told a problem."""
    path = request.url.path
    is_page = request.method in ("GET", "HEAD") and not path.startswith(("/api/", "/static/"))
    if not is_page or "text/html" not in request.headers.get("accept", ""):
        return None
    return _page(request, "missing.html", status=404, vary="Accept", path=path)


def _page(request: Request, template: str, *, entry: str | None = None, status: int = 200, vary: str = "", **context: Any) -> Response:
    """`entry`: the module that draws the page."""
    # who works on the files sees what they are now, one by one and without a new start of the server
    is_versioned = files.are_as_they_were()
    base = VERSIONED if is_versioned else PLAIN
    modules = files.modules(entry) if entry and is_versioned else []
    about = {
        "static": base,
        "sheet": SHEET if is_versioned else "css/main.css",
        "entry": entry,
        "modules": modules,
        "import_map": import_map(base),
    }
    told = templates.TemplateResponse(request, template, {**about, **context}, status_code=status)
    if vary:
        told.headers["Vary"] = vary
    return packed(told, request.headers)
