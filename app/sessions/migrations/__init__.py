"""How a database of an older Backscope becomes one of this: a file for each change of tables.py, applied when a store is opened."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

# of all who open one PostgreSQL database at once, one at a time looks whether there is something to do
LOCK = 0x6261636B


def upgrade(connection: sa.Connection) -> None:
    """Brings the database to the newest version, within the connection's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    tables = sa.inspect(connection).get_table_names()
    if "sessions" in tables and "alembic_version" not in tables:
        command.stamp(config, "0001")  # made before there were migrations
    command.upgrade(config, "head")
