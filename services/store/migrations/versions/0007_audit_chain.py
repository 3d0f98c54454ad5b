"""The audit trail becomes a chain: every row holds the digest of the row before it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("audit", sa.Column("previous", sa.Text(), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("digest", sa.Text(), nullable=False, server_default=""))
