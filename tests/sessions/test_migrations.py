"""A database of an older Backscope opens with all that is in it, and the migrations make what tables.py says."""

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.sessions import Store, StoreUnavailable
from app.sessions.store.tables import metadata

from .made import assert_same, recipe

# tables, and columns of `sessions`, that there were before there were migrations
OLD_TABLES = ("sessions", "steps", "contents", "checkpoints")
OLD_COLUMNS = ("id", "key_hash", "config", "step", "created_at")


def as_it_was(engine, *, stamped):
    """Takes a database back to what 0001 had, with the rows that fit."""
    now, old = metadata.tables, sa.MetaData()
    for name in OLD_TABLES:
        columns = OLD_COLUMNS if name == "sessions" else now[name].columns.keys()
        table = sa.Table(name, old, *(now[name].c[column]._copy() for column in columns))
        if name != "sessions":
            table.append_constraint(sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], ondelete="CASCADE"))
    with engine.begin() as connection:
        rows = {name: [dict(row) for row in connection.execute(old.tables[name].select()).mappings()] for name in OLD_TABLES}
        metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE alembic_version"))
        old.create_all(connection)
        for name in OLD_TABLES:
            if rows[name]:
                connection.execute(old.tables[name].insert(), rows[name])
        if stamped:
            connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
            connection.execute(sa.text("INSERT INTO alembic_version VALUES ('0001')"))


@pytest.fixture
def old_run(open_sessions):
    """A session of four steps in the test's database, and its steps."""
    sessions = open_sessions(checkpoint_work=0.0)
    made = sessions.create(recipe(optimizer={"name": "adam"}))
    return made, [sessions.take_steps(made.id, made.edit_key) for _ in range(4)]


@pytest.mark.parametrize("stamped", [False, True], ids=["made by create_all", "at 0001"])
def test_an_old_database_goes_on(engine, database_url, open_sessions, old_run, stamped):
    made, taken = old_run
    fifth = open_sessions().take_steps(made.id, made.edit_key)
    with engine.begin() as connection:  # back to four
        connection.execute(sa.text("DELETE FROM steps WHERE step = 5"))
        connection.execute(sa.text("UPDATE sessions SET step = 4"))
    as_it_was(engine, stamped=stamped)
    sessions = open_sessions(expire_after=60.0)
    assert sessions.expire() == 0  # nobody knows when it was read last
    assert sessions.read(made.id).step == 4
    for n in (4, 1, 3):
        assert_same(sessions.look(made.id, n), taken[n - 1])
    assert_same(sessions.take_steps(made.id, made.edit_key), fifth)
    assert sessions.act(made.id, made.edit_key, {"name": "freeze", "layer": 1}).step == 5


def test_a_migration_that_fails_has_changed_nothing(engine, database_url, open_sessions, old_run, monkeypatch):
    as_it_was(engine, stamped=False)
    before = sa.inspect(engine).get_table_names()

    def fail(*_, **__):
        raise RuntimeError("killed")

    monkeypatch.setattr(op, "create_index", fail)  # the last of 0002's changes to the tables
    with pytest.raises(RuntimeError, match="killed"):
        Store(database_url)
    monkeypatch.undo()
    assert sa.inspect(engine).get_table_names() == before
    assert {column["name"] for column in sa.inspect(engine).get_columns("sessions")} == set(OLD_COLUMNS)
    made, taken = old_run
    assert_same(open_sessions().look(made.id, 2), taken[1])


def test_migrations_make_the_tables_that_the_code_knows(engine, database_url):
    with engine.begin() as connection:  # from nothing
        metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    Store(database_url).close()
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_newer_database_is_left_alone(engine, database_url, old_run):
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="newer Backscope"):
        Store(database_url)
