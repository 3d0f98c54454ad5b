"""There are matters: kinds that offices declare, what is asked of whom, sheets, and what was done to each."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_HAS_PERIOD = sa.column("period") != ""


def upgrade() -> None:
    op.create_table(
        "kinds",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("body", "area", "declared_at", "declared_by"),
    )
    op.create_table(
        "matters",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("kind_version", sa.Integer, nullable=False),
        *_texts("subject", "asker", "owner", "title", "body", "fields", "period", "cause", "state", "urgency"),
        *_texts("asked_at", "asked_by"),
        sa.Column("respond_by", sa.Text),
        sa.Column("due", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("taken_at", "answered_at", "closed_at")),
        sa.Column("satisfied", sa.Boolean),
        sa.Column("about", sa.ForeignKey("matters.id")),
        sa.Column("revision", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_matters_sheet",
        "matters",
        ["kind", "subject", "period"],
        unique=True,
        sqlite_where=_HAS_PERIOD,
        postgresql_where=_HAS_PERIOD,
    )
    op.create_index("ix_matters_owner", "matters", ["owner", "state"])
    op.create_index("ix_matters_asker", "matters", ["asker", "state"])
    op.create_index("ix_matters_period", "matters", ["kind", "period"])
    op.create_table(
        "matter_events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("matter_id", sa.Integer, sa.ForeignKey("matters.id"), nullable=False, index=True),
        *_texts("at", "actor", "area", "what", "side", "detail"),
    )


def downgrade() -> None:
    for name in ("matter_events", "matters", "kinds"):
        op.drop_table(name)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
