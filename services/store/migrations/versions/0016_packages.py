"""Packages: posts and hours that units take over, their batches, and what they gave back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "packages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("unit_code", sa.Text, nullable=False, index=True),
        sa.Column("community_code", sa.Text, nullable=False, index=True),
        *_texts("name", "start", "end", "state"),
        sa.Column("people_promised", sa.Integer),
        sa.Column("is_answered_for", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("answered_by", sa.Text),
        *_texts("created_at", "created_by", "changed_at", "changed_by"),
        sa.Column("event_id", sa.Text, nullable=False, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "package_posts",
        _package(),
        sa.Column("post_code", sa.Text, primary_key=True),
        sa.Column("from_time", sa.Text, primary_key=True),
        *_texts("to_time"),
        sa.Column("weekdays", sa.Integer, nullable=False),
    )
    op.create_table(
        "package_batches",
        _package(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("start", "end"),
        sa.Column("people", sa.Integer, nullable=False),
    )
    op.create_table(
        "batch_members",
        _package(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("member_code", sa.Text, primary_key=True, index=True),
    )
    op.create_table(
        "package_releases",
        _package(),
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("post_code", "start", "end")),
        *_texts("at", "actor"),
    )


def downgrade() -> None:
    for table in ("package_releases", "batch_members", "package_batches", "package_posts", "packages"):
        op.drop_table(table)


def _package() -> sa.Column[int]:
    return sa.Column("package_id", sa.Integer, sa.ForeignKey("packages.id"), primary_key=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
