"""Orders say what to bring, and grids and estates where people meet and whom they report to."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("orders", sa.Column("bring", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "meeting_points",
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("place", "contact", "at", "actor")),
    )


def downgrade() -> None:
    op.drop_table("meeting_points")
    op.drop_column("orders", "bring")
