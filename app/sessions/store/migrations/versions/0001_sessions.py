"""Sessions with their steps, contents and checkpoints: what there was before migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("config", sa.LargeBinary, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Float, nullable=False),
    )
    for name, columns in {
        "steps": (sa.Column("step", sa.Integer, primary_key=True), sa.Column("scalars", sa.LargeBinary, nullable=False)),
        "contents": (sa.Column("content", sa.LargeBinary, nullable=False),),
        "checkpoints": (sa.Column("step", sa.Integer, primary_key=True), sa.Column("parameters", sa.LargeBinary, nullable=False)),
    }.items():
        op.create_table(
            name, sa.Column("session_id", sa.String(64), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True), *columns
        )
