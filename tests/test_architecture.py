"""An arrow never runs upward: what each part of app/ imports, read from its source."""

import ast
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"
FILES = sorted(APP.rglob("*.py"))

# the floors of the house, lowest first; a part may import from its own floor and from those below
FLOORS = [
    {"engine"},
    {"data"},
    {"sessions"},
    {"settings", "setting_names", "vendor"},
    {"api"},
    {"guard", "packed_answers", "packing", "page_files", "pages", "patience", "protocols", "request_line", "static_files", "unreadable"},
    {"main"},
    {"__main__"},
]


def part(module: str) -> str | None:
    """`app.engine.step` is in the part `engine`; `app` alone, the version, is in none."""
    names = module.split(".")
    return names[1] if len(names) > 1 else None


def imports(file: Path) -> set[str]:
    """Full names of the modules that a file imports, relative imports resolved."""
    package = ["app", *file.relative_to(APP).parts[:-1]]
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            # `from app import api` and `from . import toys` name modules behind the word import
            found |= {f"{origin}.{alias.name}" for alias in node.names} if origin == "app" else {origin}
    return found


def floor(of: str) -> int:
    return next(height for height, parts in enumerate(FLOORS) if of in parts)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(APP)))
def test_imports_never_run_upward(file: Path) -> None:
    here = part(".".join(["app", *file.relative_to(APP).with_suffix("").parts]))
    if here == "__init__":
        return
    for module in imports(file):
        there = part(module) if module.split(".")[0] == "app" else None
        if there and there != "__version__":
            assert floor(there) <= floor(here), f"{here} imports {module}, which stands above it"


def test_the_engine_needs_numpy_and_the_standard_library_alone() -> None:
    for file in (APP / "engine").glob("*.py"):
        outside = {module.split(".")[0] for module in imports(file)} - {"app", "numpy"}
        assert outside <= sys.stdlib_module_names, f"{file.name} imports {outside}"


def test_every_part_has_a_floor() -> None:
    parts = {part(".".join(["app", *file.relative_to(APP).with_suffix("").parts])) for file in FILES} - {"__init__"}
    assert parts == set().union(*FLOORS)
