"""An app of its own for each test, on a SQLite file of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

BLOBS = {"dataset": {"name": "blobs"}, "layer_sizes": None, "batch_size": 8}


class Made(NamedTuple):
    """A session that a test made."""

    url: str
    headers: dict[str, str]
    answer: dict[str, Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'backscope.db'}")


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def make_session(client: TestClient) -> Callable[..., Made]:
    """Makes a small session; arguments change its configuration."""

    def make(**config: Any) -> Made:
        answer = client.post("/api/v1/sessions", json={**BLOBS, **config})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        return Made(f"/api/v1/sessions/{made['id']}", {"Authorization": f"Bearer {made['edit_key']}"}, made)

    return make
