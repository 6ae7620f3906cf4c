"""The tables of the store. Their history is in migrations/; a test holds the two against each other."""

import sqlalchemy as sa

metadata = sa.MetaData()

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("key_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("config", sa.LargeBinary, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    # how many actions its log has, and how often its owner has looked elsewhere: with `step`, all that can change in it
    sa.Column("actions", sa.Integer, nullable=False, server_default="0"),
    sa.Column("looks", sa.Integer, nullable=False, server_default="0"),
    sa.Column("look", sa.LargeBinary),
    sa.Column("read_at", sa.Float, nullable=False, server_default="0"),
    # where it was forked; the parent may be gone
    sa.Column("parent_id", sa.String(64)),
    sa.Column("parent_step", sa.Integer),
    sa.Index("sessions_read_at", "read_at"),
)


def _of_a_session(*columns: sa.Column, name: str) -> sa.Table:  # type: ignore[type-arg]
    return sa.Table(
        name, metadata, sa.Column("session_id", sa.String(64), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True), *columns
    )


steps = _of_a_session(
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("scalars", sa.LargeBinary, nullable=False),
    name="steps",
)

# what was done to the run beside stepping it: `step` is where the session stood, so the action is the first thing of the next step
actions = _of_a_session(
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("action", sa.LargeBinary, nullable=False),
    sa.Column("made_at", sa.Float, nullable=False),
    name="actions",
)

# files and arrays that people brought: read when a dataset is loaded, not with every look at its session
contents = _of_a_session(sa.Column("content", sa.LargeBinary, nullable=False), name="contents")

# a cache: any of them may go
checkpoints = _of_a_session(
    sa.Column("step", sa.Integer, primary_key=True),
    sa.Column("parameters", sa.LargeBinary, nullable=False),
    name="checkpoints",
)
