"""A template of briefings belongs to the area of whoever made it; those of before belong to everything."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"


def upgrade() -> None:
    before = sa.table("briefing_templates", *(sa.column(name) for name in ("name", "body", "changed_at", "changed_by")))
    kept = [dict(row) for row in op.get_bind().execute(sa.select(before)).mappings()]
    op.drop_table("briefing_templates")
    after = op.create_table(
        "briefing_templates",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "area"),
    )
    if kept:
        op.bulk_insert(after, [row | {"area": "all"} for row in kept])
