"""The log of actions, where the owner looks, forks, and when a session was read last."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "actions",
        sa.Column("session_id", sa.String(64), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("action", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.Float, nullable=False),
    )
    for column in (
        sa.Column("actions", sa.Integer, nullable=False, server_default="0"),
        sa.Column("looks", sa.Integer, nullable=False, server_default="0"),
        sa.Column("look", sa.LargeBinary),
        sa.Column("read_at", sa.Float, nullable=False, server_default="0"),
        sa.Column("parent_id", sa.String(64)),
        sa.Column("parent_step", sa.Integer),
    ):
        op.add_column("sessions", column)
    op.create_index("sessions_read_at", "sessions", ["read_at"])
    # nobody knows when they were read: from now on counts
    op.execute(sa.table("sessions", sa.column("read_at")).update().values(read_at=time.time()))
