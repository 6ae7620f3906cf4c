"""The HTML door: renders templates, and knows no mathematics."""

import base64
import hashlib
import json

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates

from app.settings import ROOT

# Bare names of the browser code to the files that set-up makes in static/vendor
IMPORT_MAP = json.dumps(
    {
        "imports": {
            "preact": "/static/vendor/preact.js",
            "preact/hooks": "/static/vendor/preact-hooks.js",
            "@preact/signals": "/static/vendor/signals.js",
            "htm/preact": "/static/vendor/htm-preact.js",
            "katex": "/static/vendor/katex.js",
            "uplot": "/static/vendor/uplot.js",
        }
    },
    separators=(",", ":"),
)


def content_security_policy() -> str:
    """Nothing but our own files; the import map, which has to stand in the page, by its hash."""
    digest = base64.b64encode(hashlib.sha256(IMPORT_MAP.encode()).digest()).decode()
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'sha256-{digest}'",
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
    return templates.TemplateResponse(request, "lens.html", {"import_map": IMPORT_MAP, "entry": "main"})


@router.get("/derivation")
def derivation(request: Request) -> Response:
    return templates.TemplateResponse(request, "derivation.html", {"import_map": IMPORT_MAP, "entry": "derivation"})


@router.get("/compare")
def compare(request: Request) -> Response:
    return templates.TemplateResponse(request, "compare.html", {"import_map": IMPORT_MAP, "entry": "compare"})


@router.get("/docs")
def docs(request: Request) -> Response:
    return templates.TemplateResponse(request, "docs.html", {})


def missing(request: Request) -> Response | None:
    """A page that says that there is none, for whoever asks for pages; None for a client that is to be told a problem."""
    path = request.url.path
    is_page = request.method in ("GET", "HEAD") and not path.startswith(("/api/", "/static/"))
    if not is_page or "text/html" not in request.headers.get("accept", ""):
        return None
    return templates.TemplateResponse(request, "missing.html", {"path": path}, status_code=404, headers={"Vary": "Accept"})
