"""A frozen briefing remembers for which area it was made."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("briefings", sa.Column("area", sa.Text(), nullable=False, server_default="all"))
