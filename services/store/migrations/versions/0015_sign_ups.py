"""There are sign-ups: chains read into rosters, what became of their entries, and nicknames as keyed hashes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("roster_id", sa.Integer, sa.ForeignKey("rosters.id"), nullable=False, index=True),
        *_texts("community_code", "chain_hash", "posted", "at", "actor"),
        sa.Column("text", sa.Text),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("entries", "placed", "doubts")),
        sa.Column("step", sa.Integer),
        sa.Column("undone", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "sign_up_entries",
        sa.Column("sign_up_id", sa.Integer, sa.ForeignKey("sign_ups.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        *_texts("entry_hash", "name_hash"),
        sa.Column("member_code", sa.Text, index=True),
        *_texts("shift_ids", "state", "how"),
    )
    op.create_table(
        "aliases",
        sa.Column("alias_hash", sa.Text, primary_key=True),
        sa.Column("community_code", sa.Text, primary_key=True),
        sa.Column("member_code", sa.Text, nullable=False, index=True),
        *_texts("at"),
    )


def downgrade() -> None:
    for table in ("aliases", "sign_up_entries", "sign_ups"):
        op.drop_table(table)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]
