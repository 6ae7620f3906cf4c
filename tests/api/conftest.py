"""One app for all the tests of a module: sessions know nothing of each other, so what is tried on one needs no server of its own."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from app.settings import Settings

from ..conftest import Made, client_of, database_of, maker_of_sessions


@pytest.fixture(scope="module")
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with database_of(request) as url:
        yield url


@pytest.fixture(scope="module")
def client(database_url: str) -> Iterator[TestClient]:
    with client_of(Settings(database_url=database_url)) as client:
        yield client


@pytest.fixture(scope="module")
def make_session(client: TestClient) -> Callable[..., Made]:
    return maker_of_sessions(client)
