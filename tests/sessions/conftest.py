"""Sessions on the test's database, as several processes have them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.sessions import Sessions, Store, fresh_for


@pytest.fixture
def open_sessions(database_url: str) -> Iterator[Callable[..., Sessions]]:
    """Sessions as another process would open them, with nothing in memory; arguments are its options."""
    stores: list[Store] = []

    def make(**options: Any) -> Sessions:
        stores.append(Store(database_url, fresh=fresh_for(options.get("expire_after"))))
        return Sessions(stores[-1], **options)

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """The database itself, for what no session does to it."""
    engine = sa.create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.NullPool)
    yield engine
    engine.dispose()
