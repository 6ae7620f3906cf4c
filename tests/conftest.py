"""An app of its own for each test, on a database of its own; what is about sessions runs on both kinds of database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

from .postgresql import PostgreSQL
from .sqlite import SQLite

BLOBS = {"dataset": {"name": "blobs"}, "layer_sizes": None, "batch_size": 8}


class Made(NamedTuple):
    """A session that a test made."""

    url: str
    headers: dict[str, str]
    answer: dict[str, Any]


TESTS = Path(__file__).parent
# where a database does more than hold the session that something else is tried on
OF_SESSIONS = ("sessions/", "api/test_edits.py", "api/test_events.py", "api/test_sessions.py", "api/test_own_data.py")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        both = metafunc.definition.path.relative_to(TESTS).as_posix().startswith(OF_SESSIONS)
        metafunc.parametrize("database_url", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    yield server
    server.end()


@pytest.fixture(scope="session")
def sqlite() -> Iterator[SQLite]:
    files = SQLite()
    yield files
    files.end()


@contextmanager
def database_of(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of the kind that a test is tried on."""
    server: SQLite | PostgreSQL = request.getfixturevalue(request.param)
    with server.database() as url:
        yield url


def maker_of_sessions(client: TestClient) -> Callable[..., Made]:
    """Makes a small session; arguments change its configuration."""

    def make(**config: Any) -> Made:
        answer = client.post("/api/v1/sessions", json={**BLOBS, **config})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return Made(f"/api/v1/sessions/{made['id']}", {"Authorization": f"Bearer {made['edit_key']}"}, made)

    return make


def client_of(settings: Settings) -> TestClient:
    """Of an app of its own, which is up while the client is entered."""
    return TestClient(create_app(settings), base_url="http://127.0.0.1")


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each test of sessions is given first a SQLite file, then a database on PostgreSQL."""
    with database_of(request) as url:
        yield url


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(database_url=database_url)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with client_of(settings) as client:
        yield client


@pytest.fixture
def make_session(client: TestClient) -> Callable[..., Made]:
    return maker_of_sessions(client)
