"""By what a telephone number is found again once it is sealed, and until when a person is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("members", sa.Column("phone_hash", sa.Text(), nullable=True))
    op.add_column("members", sa.Column("keep_until", sa.Text(), nullable=True))
    op.create_index("ix_members_phone_hash", "members", ["phone_hash"])
