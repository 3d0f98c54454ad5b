"""When a password was set and which came before it; in which browser a session began, and in which attempts failed."""

import sqlalchemy as sa
from alembic import op

from services.clock import local_now

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("password_at", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("former_hashes", sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("browser", sa.Text(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("method", sa.Text(), nullable=False, server_default="password"))
    op.add_column("attempts", sa.Column("browser", sa.Text(), nullable=False, server_default=""))
    # First passwords run out; those that were given before are counted from today.
    accounts = sa.table("accounts", sa.column("must_change", sa.Boolean), sa.column("password_at", sa.Text))
    today = local_now().isoformat(timespec="seconds")
    op.execute(accounts.update().where(accounts.c.must_change.is_(sa.true())).values(password_at=today))
