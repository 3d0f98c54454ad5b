"""Who stands in a team; recruitment calls that were given out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "team_members",
        sa.Column("team_code", sa.Text(), nullable=False),
        sa.Column("member_code", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_code", "member_code"),
    )
    op.create_index("ix_team_members_member_code", "team_members", ["member_code"])
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("end", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_calls_grid_code", "calls", ["grid_code"])
