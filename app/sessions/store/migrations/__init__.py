"""How a database of an older Backscope becomes one of this: a file for each change of tables.py, applied when a store is opened."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from ...errors import StoreUnavailable

# of all who open one PostgreSQL database at once, one at a time changes what there is to change
LOCK = 0x6261636B


def upgrade(connection: sa.Connection) -> None:
    """Brings the database to the newest version, within the connection's transaction: whole or not at all.

    Raises:
        StoreUnavailable: a Backscope that is newer than this one has made it.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    if MigrationContext.configure(connection).get_current_revision() == ScriptDirectory.from_config(config).get_current_head():
        return
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))  # however long whoever is first takes
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # Python begins by itself where rows are changed, and not where tables are
    tables = sa.inspect(connection).get_table_names()
    if "sessions" in tables and "alembic_version" not in tables:
        command.stamp(config, "0001")  # made before there were migrations
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(f"a newer Backscope has made it ({error})") from error
